import type { ObjectRef } from '@pothos/core';
import { AlcoveError, ERROR_KINDS, type ErrorKind, type ErrorRecord } from '../errors.ts';
import { measurements } from '../telemetry/Measurements.ts';
import { builder } from './builder.ts';
import { errorTypes } from './errors.ts';

/**
 * A payload: the union of one success and the errors that can really happen, and `answer`, which does the work and
 * catches exactly those. Any other error is thrown on and becomes a GraphQL error (errorMapping.ts). Either way its path
 * is put behind `place`, which is where in the field's arguments the work found its own.
 */
export function payload<Success extends object>(
  name: string,
  options: {
    readonly description: string;
    readonly success: ObjectRef<typeof builder.$inferSchemaTypes, Success>;
    readonly errors: readonly ErrorKind[];
  },
) {
  const { description, success, errors } = options;
  const type = builder.unionType(name, {
    description,
    types: [success, ...errors.map((kind) => errorTypes[kind])],
    resolveType: (value) => (isError(value) ? value.kind : success.name),
  });
  const answer = async (
    place: readonly string[],
    work: () => Success | Promise<Success>,
  ): Promise<Success | ErrorRecord> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AlcoveError)) throw error;
      const seen = error.within(...place);
      if (errors.includes(seen.kind)) {
        measurements.count('alcove_errors_total', [seen.kind]);
        return seen.toRecord();
      }
      throw seen;
    }
  };
  return { type, answer };
}

/** Errors are answered as plain data, since graphql-js takes an Error that a resolver returns for one that it throws. */
function isError(value: object): value is ErrorRecord {
  return 'kind' in value && typeof value.kind === 'string' && value.kind in ERROR_KINDS;
}
