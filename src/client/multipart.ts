import { encodeVector } from './vectorEncoding.ts';

/** A request's body, and the headers that say what it is. */
export interface RequestBody {
  readonly body: string | FormData;
  readonly headers: Readonly<Record<string, string>>;
}

/** What asks for an operation: its text, or, as Apollo's protocol has it, the hash of the text, or both. */
export interface RequestedOperation {
  readonly query?: string;
  readonly extensions?: {
    readonly persistedQuery: { readonly version: 1; readonly sha256Hash: string };
  };
}

/**
 * An operation as JSON, in which vectors that are Float32Arrays are base64; or, if there are files among its variables, as a multipart request
 * (https://github.com/jaydenseric/graphql-multipart-request-spec), which carries the header that forms of other sites cannot.
 */
export function requestBody(operation: RequestedOperation, variables: unknown): RequestBody {
  const files: { readonly place: string; readonly file: File }[] = [];
  const emptied = jsonOf(variables, 'variables', (place, file) => files.push({ place, file }));
  const operations = JSON.stringify({ ...operation, variables: emptied });
  if (files.length === 0) return { body: operations, headers: { 'content-type': 'application/json' } };
  const body = new FormData();
  body.append('operations', operations);
  body.append('map', JSON.stringify(Object.fromEntries(files.map(({ place }, part) => [part, [place]]))));
  for (const [part, { file }] of files.entries()) body.append(String(part), file, file.name);
  return { body, headers: { 'x-alcove-csrf': '1' } };
}

/** A copy of the variables in which null stands for each file, and base64 for each vector. */
function jsonOf(value: unknown, place: string, onFile: (place: string, file: File) => void): unknown {
  if (value instanceof File) {
    onFile(place, value);
    return null;
  }
  if (value instanceof Float32Array) return encodeVector(value);
  if (isNumbers(value)) return value;
  if (Array.isArray(value)) return value.map((item, at) => jsonOf(item, `${place}.${at}`, onFile));
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, jsonOf(member, `${place}.${key}`, onFile)]),
  );
}

/** A list that begins with a number is a vector, or as free of files as one: it is not looked through. */
function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'number';
}

/** Whether it is a map of variables, and not something with a form of its own in JSON. */
function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;
}
