/** Something to try. */
export interface ExampleOperation {
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** What GraphiQL opens with. Each runs as it stands on a server that has the sample library. */
export const EXAMPLE_OPERATIONS: readonly ExampleOperation[] = [
  { name: 'SearchByText', query: `query SearchByText { __typename }` },
];
