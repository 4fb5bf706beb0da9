import type { IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GraphQLParams } from 'graphql-yoga';
import { HttpError } from './HttpError.ts';
import type { PersistedOperations } from './operations/PersistedOperations.ts';
import { type BodyLimits, readBody } from './requestBody.ts';

/** Lists and objects inside one another in `variables`; deeper ones would exhaust the stack of whatever walks them. */
const MAX_VARIABLE_DEPTH = 256;

/** Items of one list; the longest that anything takes are a vector's, 16,384. */
const MAX_LIST_LENGTH = 20_000;

/** Characters of a body above which others get their turn between the steps of reading it. */
const LARGE_TEXT_LENGTH = 1_048_576;

/** What knows the texts of operations that are asked for by their hash. */
type PersistedTexts = Pick<PersistedOperations, 'textOf'>;

export interface ParameterLimits extends BodyLimits {
  readonly persisted: PersistedTexts;
}

const PARAMETER_NAMES = ['query', 'operationName', 'variables', 'extensions'];
const JSON_TYPE = 'application/json';

/**
 * What a GET or POST asks of GraphQL, its shape checked: `query` a string (looked up where only its hash came), `variables` and `extensions` maps,
 * nothing else.
 * @throws HttpError 400, 405, 413 or 415
 */
export async function readParameters(
  request: IncomingMessage,
  limits: ParameterLimits,
): Promise<GraphQLParams> {
  const { persisted } = limits;
  if (request.method === 'GET') return checkParameters(fromUrl(request.url ?? ''), persisted);
  if (request.method !== 'POST') {
    throw new HttpError(405, `${request.method} is not supported here; use POST or GET`, {
      headers: { allow: 'GET, POST' },
    });
  }
  checkContentType(request.headers['content-type'] ?? '');
  const text = await readBody(request, limits);
  // A large body takes tens of milliseconds to read, to parse and to coerce; others get their turn between.
  if (text.length > LARGE_TEXT_LENGTH) await nextTurn();
  if (text.trim() === '') throw new HttpError(400, 'the body is empty; expected JSON such as {"query":"…"}');
  const parameters = checkParameters(parseJson(text, 'the body'), persisted);
  if (text.length > LARGE_TEXT_LENGTH) await nextTurn();
  return parameters;
}

/**
 * The same check for parameters that arrive otherwise (WebSocket).
 * @throws HttpError 400
 */
export function checkParameters(parameters: unknown, persisted: PersistedTexts): GraphQLParams {
  if (Array.isArray(parameters))
    throw new HttpError(400, 'got a list; batching is not supported, send one operation');
  if (!isMap(parameters))
    throw new HttpError(400, `got ${nameOf(parameters)}; expected an object with "query"`);

  const unknown = Object.keys(parameters).find((name) => !PARAMETER_NAMES.includes(name));
  if (unknown !== undefined) {
    throw new HttpError(
      400,
      `"${unknown.slice(0, 64)}" is not a parameter; there are ${PARAMETER_NAMES.join(', ')}`,
    );
  }
  const { operationName, variables, extensions } = parameters;
  const query = persisted.textOf(parameters.query, extensions);
  if (typeof query !== 'string' || query === '') {
    throw new HttpError(400, `"query" is ${nameOf(query)}; expected the text of a GraphQL document`);
  }
  if (operationName != null && typeof operationName !== 'string') {
    throw new HttpError(400, `"operationName" is ${nameOf(operationName)}; expected a string`);
  }
  checkMap(variables, 'variables');
  checkMap(extensions, 'extensions');
  return {
    query,
    ...(operationName == null || operationName === '' ? {} : { operationName }),
    ...(isMap(variables) ? { variables } : {}),
    ...(isMap(extensions) ? { extensions } : {}),
  };
}

function checkMap(value: unknown, name: string): void {
  if (value != null && !isMap(value))
    throw new HttpError(400, `"${name}" is ${nameOf(value)}; expected an object`);
  checkTree(value, name);
}

/** JSON in UTF-8 only: everything else is either a guess or something that a page elsewhere could send unasked. */
function checkContentType(header: string): void {
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  const refuse = (got: string) => {
    throw new HttpError(415, `content-type is ${got}; expected ${JSON_TYPE}`, {
      headers: { 'accept-post': JSON_TYPE },
    });
  };
  if (type !== JSON_TYPE) refuse(type === '' ? 'missing' : `"${type}"`);
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && !['utf-8', 'utf8', '"utf-8"'].includes(charset))
    refuse(`in charset ${charset}`);
}

function fromUrl(url: string): Record<string, unknown> {
  const start = url.indexOf('?');
  const search = new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
  const parameters: Record<string, unknown> = {};
  for (const name of ['query', 'operationName']) if (search.has(name)) parameters[name] = search.get(name);
  for (const name of ['variables', 'extensions']) {
    const text = search.get(name);
    if (text) parameters[name] = parseJson(text, `"${name}"`);
  }
  return parameters;
}

/** @throws HttpError 400 */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpError(400, `${what} is not valid JSON: ${(error as Error).message}`);
  }
}

/** Refuses trees that are too deep, lists that are too long and keys that reach for prototypes. `depth` is that of `tree`. */
function checkTree(tree: unknown, name: string, depth = 1): void {
  if (!isTree(tree)) return;
  if (depth > MAX_VARIABLE_DEPTH) {
    throw new HttpError(400, `"${name}" nests deeper than ${MAX_VARIABLE_DEPTH} levels; flatten it`);
  }
  if (!Array.isArray(tree)) {
    if (Object.hasOwn(tree, '__proto__')) throw new HttpError(400, `"${name}" has a key "__proto__"`);
    for (const child of Object.values(tree)) checkTree(child, name, depth + 1);
    return;
  }
  if (tree.length > MAX_LIST_LENGTH) {
    throw new HttpError(400, `"${name}" has a list of ${tree.length}; at most ${MAX_LIST_LENGTH} are taken`);
  }
  for (let at = 0; at < tree.length; at++) checkTree(tree[at], name, depth + 1);
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return isTree(value) && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (value === '') return 'empty';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
