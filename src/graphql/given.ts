/** An object's keys that have been given a value; a key that is null becomes one that is not there. */
export type Given<T> = { [Key in keyof T]?: Exclude<T[Key], null | undefined> };

/** Leaves out what is null or undefined: GraphQL's "not given" in the form that the domain's optional fields take. */
export function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  ) as Given<T>;
}
