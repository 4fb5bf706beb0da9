/** A request's body, and the headers that say what it is. */
export interface RequestBody {
  readonly body: string | FormData;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * An operation as JSON; or, if there are files among its variables, as a multipart request
 * (https://github.com/jaydenseric/graphql-multipart-request-spec), which carries the header that forms of other sites cannot.
 */
export function requestBody(query: string, variables: unknown): RequestBody {
  const files: { readonly place: string; readonly file: File }[] = [];
  const emptied = withoutFiles(variables, 'variables', (place, file) => files.push({ place, file }));
  const operations = JSON.stringify({ query, variables: emptied });
  if (files.length === 0) return { body: operations, headers: { 'content-type': 'application/json' } };
  const body = new FormData();
  body.append('operations', operations);
  body.append('map', JSON.stringify(Object.fromEntries(files.map(({ place }, part) => [part, [place]]))));
  for (const [part, { file }] of files.entries()) body.append(String(part), file, file.name);
  return { body, headers: { 'x-alcove-csrf': '1' } };
}

/** A copy of the variables in which null stands for each file. */
function withoutFiles(value: unknown, place: string, onFile: (place: string, file: File) => void): unknown {
  if (value instanceof File) {
    onFile(place, value);
    return null;
  }
  if (Array.isArray(value)) return value.map((item, at) => withoutFiles(item, `${place}.${at}`, onFile));
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withoutFiles(member, `${place}.${key}`, onFile)]),
  );
}

/** Whether it is a map of variables, and not something with a form of its own in JSON. */
function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;
}
