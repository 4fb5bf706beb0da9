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
    const parts = new Parts('[');
    try {
      let at = 0;
      for (const one of value as Iterable<unknown>) {
        parts.add(at === 0 ? '' : ',', writeItem(run, one, { prev: place, key: at, typename: undefined }));
        at += 1;
      }
    } catch (error) {
      return parts.giveUp(error);
    }
    return parts.done(']');

    function writeItem(of: OperationRun, one: unknown, itemPlace: Place): Json {
      const fail = (error: unknown) => of.failed(error, field, itemPlace, isNonNull);
      try {
        const json = isPromise(one)
          ? one.then((resolved) => item(of, resolved, itemPlace, field, around))
          : item(of, one, itemPlace, field, around);
        return typeof json === 'string' ? json : json.then(undefined, fail);
      } catch (error) {
        return fail(error);
      }
    }
  };
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
  const parts = new Parts('{');
  try {
    for (let at = 0; at < fields.length; at++) {
      const field = fields[at] as FieldPlan;
      parts.add(at === 0 ? field.first : field.next, writeField(run, field, source, place));
    }
  } catch (error) {
    return parts.giveUp(error);
  }
  return parts.done('}');
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
  const fail = (error: unknown) => run.failed(error, field, placeOf(field, around), field.isNonNull);
  try {
    const value = resolved(run, field, source, around);
    const place = field.hasPlace ? placeOf(field, around) : undefined;
    const json = isPromise(value)
      ? value.then((settled) => field.write(run, settled, place, field, around))
      : field.write(run, value, place, field, around);
    return typeof json === 'string' ? json : json.then(undefined, fail);
  } catch (error) {
    return fail(error);
  }
}

function resolved(run: OperationRun, field: FieldPlan, source: unknown, around: Place | undefined): unknown {
  const { resolve, name } = field;
  if (resolve !== undefined)
    return resolve(source, field.argumentsFor(run), run.context, new FieldInfo(run, field, around));
  if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
  const property: unknown = Reflect.get(source, name);
  return typeof property === 'function'
    ? property.call(source, field.argumentsFor(run), run.context, new FieldInfo(run, field, around))
    : property;
}

/** JSON that is put together of parts, some of which may be to come. */
class Parts {
  #json: string;
  /** Everything before `#json`, from the first part on that is to come. */
  #pending: Json[] | undefined;

  constructor(opening: string) {
    this.#json = opening;
  }

  add(before: string, json: Json): void {
    this.#json += before;
    if (typeof json === 'string') {
      this.#json += json;
      return;
    }
    this.#pending ??= [];
    this.#pending.push(this.#json, json);
    this.#json = '';
  }

  done(closing: string): Json {
    const last = this.#json + closing;
    return this.#pending === undefined
      ? last
      : Promise.all(this.#pending).then((parts) => parts.join('') + last);
  }

  /** Throws once what is under way has ended. */
  giveUp(error: unknown): Promise<never> {
    if (this.#pending === undefined) throw error;
    const rethrow = () => {
      throw error;
    };
    return Promise.all(this.#pending).then(rethrow, rethrow);
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
