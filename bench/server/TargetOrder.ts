/** What can be put under load. */
export const TARGET_KINDS = ['echo', 'yoga', 'stubbed', 'alcove'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** What a process under load is told to be. */
export interface TargetOrder {
  readonly kind: TargetKind;
  readonly threads: number;
  /** Of `alcove`: settings as the environment has them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of `echo`: what it answers everything with. */
  readonly answer: string;
}

/** What it says when it serves, and whenever it is asked for its figures. */
export type TargetReport =
  | { readonly kind: 'SERVING'; readonly url: string }
  | ({ readonly kind: 'FIGURES' } & TargetFigures);

export interface TargetFigures {
  /** Processor time of the whole process so far. */
  readonly processorMs: number;
  readonly residentBytes: number;
  /** Bytes that objects take, by the name of threads; garbage that has not been collected yet is among them. */
  readonly heapBytes: Readonly<Record<string, number>>;
}
