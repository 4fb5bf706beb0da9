import {
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  isObjectType,
} from 'graphql';
import type { FieldPlan } from './FieldPlan.ts';
import { FieldInfo, type OperationRun, type Place, placeOf } from './OperationRun.ts';

/** JSON, or JSON to come. */
export type Json = string | Promise<string>;

/**
 * Writes the value of a field, or an item of it, as JSON. `place` is where it stands, unless the field has none of its
 * own; `around` is the object that the field is of.
 * @throws what became of it, which its field takes note of.
 */
export type Writer = (
  run: OperationRun,
  value: unknown,
  place: Place | undefined,
  field: FieldPlan,
  around: Place | undefined,
) => Json;

const NULL = 'null';

/** Writes null where there is nothing; `inner` writes everything else. */
export function nullable(inner: Writer): Writer {
  return (run, value, place, field, around) => {
    if (value instanceof Error) throw value;
    return value === null || value === undefined ? NULL : inner(run, value, place, field, around);
  };
}

/** Refuses to write null. */
export function nonNull(inner: Writer): Writer {
  return (run, value, place, field, around) => {
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) {
      throw new Error(`Cannot return null for non-nullable field ${field.parentType.name}.${field.name}.`);
    }
    return inner(run, value, place, field, around);
  };
}

/** Writes every item of a list at a place of its own. An item that fails is null, where it may be. */
export function listOf(item: Writer, isNonNull: boolean): Writer {
  const write: Writer = (run, value, place, field, around) => {
    if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) {
      if (isAsyncIterable(value))
        return collected(value).then((items) => write(run, items, place, field, around));
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${field.parentType.name}.${field.name}".`,
      );
    }
    let json = '[';
    let pending: Json[] | undefined;
    let at = 0;
    try {
      for (const one of value as Iterable<unknown>) {
        if (at > 0) json += ',';
        const written = writeItem(run, one, { prev: place, key: at, typename: undefined }, field, around);
        at += 1;
        if (typeof written === 'string') {
          json += written;
          continue;
        }
        pending ??= [];
        pending.push(json, written);
        json = '';
      }
    } catch (error) {
      return giveUp(pending, error);
    }
    return done(pending, `${json}]`);
  };

  function writeItem(
    run: OperationRun,
    one: unknown,
    itemPlace: Place,
    field: FieldPlan,
    around: Place | undefined,
  ): Json {
    try {
      const json = isPromise(one)
        ? one.then((resolved) => item(run, resolved, itemPlace, field, around))
        : item(run, one, itemPlace, field, around);
      if (typeof json === 'string') return json;
      return json.then(undefined, (error) => run.failed(error, field, itemPlace, isNonNull));
    } catch (error) {
      return run.failed(error, field, itemPlace, isNonNull);
    }
  }
  return write;
}

async function collected(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Writes an object of a type that is known only when it is there. */
export function abstractObject(
  type: GraphQLAbstractType,
  writerFor: (type: GraphQLObjectType) => Writer,
): Writer {
  return (run, value, place, field, around) => {
    const info = new FieldInfo(run, field, around);
    const write = (name: unknown) =>
      writerFor(runtimeType(name, type, info))(run, value, place, field, around);
    const named: unknown = type.resolveType?.(value, run.context, info, type);
    return isPromise(named) ? named.then(write) : write(named);
  };
}

function runtimeType(name: unknown, type: GraphQLAbstractType, info: GraphQLResolveInfo): GraphQLObjectType {
  const found = typeof name === 'string' ? info.schema.getType(name) : undefined;
  if (isObjectType(found) && info.schema.isSubType(type, found)) return found;
  throw new GraphQLError(
    `Abstract type "${type.name}" resolved to "${name}" for field "${info.parentType.name}.${info.fieldName}", which is none of its types.`,
    { nodes: [...info.fieldNodes] },
  );
}

/** Writes the fields of an object in their order; those that take a while are waited for together. */
export function writeObject(
  run: OperationRun,
  fields: readonly FieldPlan[],
  source: unknown,
  place: Place | undefined,
): Json {
  let json = '{';
  let pending: Json[] | undefined;
  try {
    for (let at = 0; at < fields.length; at++) {
      const field = fields[at] as FieldPlan;
      json += at === 0 ? field.first : field.next;
      const written = writeField(run, field, source, place);
      if (typeof written === 'string') {
        json += written;
        continue;
      }
      pending ??= [];
      pending.push(json, written);
      json = '';
    }
  } catch (error) {
    return giveUp(pending, error);
  }
  return done(pending, `${json}}`);
}

/** The same one after another, as mutations are. */
export async function writeInTurn(
  run: OperationRun,
  fields: readonly FieldPlan[],
  source: unknown,
): Promise<string> {
  let json = '{';
  for (const [at, field] of fields.entries()) {
    const written = writeField(run, field, source, undefined);
    json += (at === 0 ? field.first : field.next) + (typeof written === 'string' ? written : await written);
  }
  return `${json}}`;
}

function writeField(run: OperationRun, field: FieldPlan, source: unknown, around: Place | undefined): Json {
  try {
    const value = answerOf(run, field, source, around);
    // What is neither an object nor nothing can only be written, unless there must be something below it.
    if (field.writeLeaf !== undefined && value !== undefined && typeof value !== 'object')
      return field.writeLeaf(value);
    const place = field.hasPlace ? placeOf(field, around) : undefined;
    const json = isPromise(value)
      ? value.then((settled) => field.write(run, settled, place, field, around))
      : field.write(run, value, place, field, around);
    if (typeof json === 'string') return json;
    return json.then(undefined, (error) => run.failed(error, field, placeOf(field, around), field.isNonNull));
  } catch (error) {
    return run.failed(error, field, placeOf(field, around), field.isNonNull);
  }
}

/** What a field answers: a property of its object, unless that is to come or throws, which is for the resolver to tell. */
function answerOf(run: OperationRun, field: FieldPlan, source: unknown, around: Place | undefined): unknown {
  const { property } = field;
  if (property !== undefined && isObject(source)) {
    try {
      const value = source[property];
      if (!isPromise(value)) return value;
    } catch {}
  }
  return resolved(run, field, source, around);
}

function resolved(run: OperationRun, field: FieldPlan, source: unknown, around: Place | undefined): unknown {
  const { resolve, name } = field;
  if (resolve !== undefined)
    return resolve(source, field.argumentsFor(run), run.context, new FieldInfo(run, field, around));
  if (!isObject(source) && typeof source !== 'function') return undefined;
  const property: unknown = Reflect.get(source, name);
  return typeof property === 'function'
    ? property.call(source, field.argumentsFor(run), run.context, new FieldInfo(run, field, around))
    : property;
}

/** JSON of parts, those that are to come and what stands before each; `last` stands behind them all. */
function done(pending: readonly Json[] | undefined, last: string): Json {
  if (pending === undefined) return last;
  const [before, only] = pending;
  if (pending.length === 2 && only instanceof Promise) return only.then((json) => before + json + last);
  return Promise.all(pending).then((parts) => parts.join('') + last);
}

/** Throws once what is under way has ended. */
function giveUp(pending: readonly Json[] | undefined, error: unknown): Promise<never> {
  if (pending === undefined) throw error;
  const rethrow = () => {
    throw error;
  };
  return Promise.all(pending).then(rethrow, rethrow);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
