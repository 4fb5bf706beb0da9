/** An object's keys that have been given a value; a key that is null becomes one that is not there. */
export type Given<T> = { [Key in keyof T]?: Exclude<T[Key], null | undefined> };

/** Leaves out what is null or undefined: GraphQL's "not given" in the form that the domain's optional fields take. */
export function given<T extends object>(values: T): Given<T> {
  const kept: Given<T> = {};
  for (const key of Object.keys(values) as (keyof T)[]) {
    const value = values[key];
    if (value !== null && value !== undefined) kept[key] = value as Exclude<T[keyof T], null | undefined>;
  }
  return kept;
}
