import type { ObjectRef } from '@pothos/core';
import { ERROR_KINDS, type ErrorCode, type ErrorKind, type ErrorRecord, isRetryable } from '../errors.ts';
import { builder } from './builder.ts';

const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description:
    'What a program decides on. Several error types share a code, and new types will use these codes.',
  values: {
    BAD_USER_INPUT: { description: 'The request is wrong; change it as the message says.' },
    NOT_FOUND: { description: 'There is no such thing, or it may not be seen.' },
    CONFLICT: { description: 'The request does not fit the state that things are in.' },
    FORBIDDEN: { description: 'The request is understood and refused.' },
    UNAUTHENTICATED: { description: 'No key, or none that is known and still good.' },
    RESOURCE_EXHAUSTED: { description: 'There is no room, or too much is going on.' },
    TIMEOUT: { description: 'The time allowed passed before the work was done; the work has stopped.' },
    CANCELLED: { description: 'Somebody cancelled the work.' },
    UNAVAILABLE: { description: 'Something that is needed does not answer; try again later.' },
    DATA_LOSS: { description: 'Stored data is damaged.' },
    INTERNAL_SERVER_ERROR: { description: 'The server is at fault; its log says more.' },
  } satisfies Record<ErrorCode, { description: string }>,
});

export const ErrorInterface = builder.interfaceRef<ErrorRecord>('Error').implement({
  description: `What every error has. Select it with \`... on Error { code message path retryable }\`, and the types of the errors that you
act upon beside it.`,
  resolveType: (error) => error.kind,
  fields: (t) => ({
    code: t.field({
      type: ErrorCodeEnum,
      description: 'What a program decides on. Example: `BAD_USER_INPUT`',
      resolve: ({ kind }) => ERROR_KINDS[kind].code,
    }),
    message: t.exposeString('message', {
      description:
        'For people: what was got, what was expected, what to do. Its wording may change. Example: `"Got 0 for k; expected a whole number from 1 to 10000."`',
    }),
    path: t.stringList({
      description:
        'Where in the arguments, from the outside in. Example: `["input", "chunks", "3", "embedding"]`',
      resolve: ({ path }) => [...path],
    }),
    retryable: t.boolean({
      description: 'Whether the same request can succeed later without being changed.',
      resolve: isRetryable,
    }),
  }),
});

interface ErrorType {
  readonly description: string;
  /** Fields beside those of Error, each read from the detail of the same name: their descriptions. */
  readonly detail?: Readonly<Record<string, string>>;
}

const GOT_EXPECTED = {
  got: 'What was given, in short. Example: `"3 numbers"`',
  expected: 'What would have been right. Example: `"384 numbers"`',
};

/** The GraphQL face of every kind of error. Detail fields are nullable strings, so that fragments on several kinds merge. */
const ERROR_TYPES: Readonly<Record<ErrorKind, ErrorType>> = {
  LibraryNotFoundError: {
    description: 'No library has this id or name.',
    detail: {
      id: 'The id that was asked for, if one was. Example: `"lib_manuals"`',
      name: 'The name that was asked for, if one was. Example: `"manuals"`',
    },
  },
  NodeNotFoundError: {
    description: 'No document, chunk or job has this id.',
    detail: { id: 'The id that was asked for. Example: `"chk_sku-4711"`' },
  },
  NameTakenError: {
    description: 'Another library has this name.',
    detail: { name: 'The name that is taken. Example: `"manuals"`' },
  },
  IdTakenError: {
    description: 'Something has this id already. Upsert, if it is to be replaced.',
    detail: { id: 'The id that is taken. Example: `"doc_handbook"`' },
  },
  ContractFrozenError: {
    description:
      'The embedding contract is fixed since the first vector went in. Make another library for another model.',
    detail: GOT_EXPECTED,
  },
  IdempotencyConflictError: {
    description: 'The idempotency key was used before, for another request.',
    detail: { key: 'The key. Example: `"import-2026-01-31"`' },
  },
  JobNotCancellableError: {
    description: 'The job has finished, so it cannot be cancelled.',
    detail: { state: 'The state that it is in. Example: `"SUCCEEDED"`' },
  },
  ForbiddenError: {
    description:
      "The request is understood and refused: the key may not do that, or the operator's settings, or it leads to an address that may not be reached.",
    detail: GOT_EXPECTED,
  },
  UnauthenticatedError: {
    description:
      'There is no key, or it is unknown, revoked or expired. Nothing of the request was looked at.',
  },
  DimensionMismatchError: {
    description: "A vector's length is not the dimension of its library.",
    detail: GOT_EXPECTED,
  },
  InvalidVectorError: {
    description:
      'A vector is missing, or is not a vector: NaN, Infinity, bytes left over, zero where the metric has none.',
    detail: GOT_EXPECTED,
  },
  InvalidMetadataError: {
    description: "A metadata value does not fit its library's declared fields.",
    detail: { field: 'The field. Example: `"year"`', ...GOT_EXPECTED },
  },
  InvalidFilterError: {
    description:
      'A filter names a field that is not declared, compares it with another type, or is too large.',
    detail: { field: 'The field, where there is one. Example: `"year"`', ...GOT_EXPECTED },
  },
  InvalidArgumentError: {
    description: 'An argument is out of its range or form.',
    detail: GOT_EXPECTED,
  },
  UnreadableFileError: {
    description:
      'A file cannot be read: it is empty, too large, encrypted, damaged, or not what it says that it is.',
    detail: {
      file: 'The file. Example: `"handbook.pdf"`',
      reason:
        'Why, in one word: EMPTY, TOO_LARGE, TOO_COMPLEX (an archive that unpacks to more than its limits), UNSUPPORTED, MISLABELLED, ENCRYPTED, CORRUPT or NO_TEXT (pictures of text, say). Example: `"ENCRYPTED"`',
      ...GOT_EXPECTED,
    },
  },
  CapacityExceededError: {
    description: 'What was asked for does not fit into the memory or the limits of this server.',
    detail: GOT_EXPECTED,
  },
  OverloadedError: { description: 'Too much is waiting to be done. Try again a little later.' },
  RateLimitedError: {
    description: 'This key, or address, has asked more often than it may. Try again a little later.',
    detail: GOT_EXPECTED,
  },
  EmbedderError: {
    description:
      'The model that turns text into vectors failed, or is not to be had. Nothing was written. `retryable` says whether to wait (it is down, or has too much to do) or to change something (it refuses the key).',
    detail: {
      provider: 'Who makes the vectors. Example: `"COHERE"`',
      model: 'The model. Example: `"embed-v4.0"`',
      got: 'What came instead of vectors, in short. Example: `"HTTP 503"`',
    },
  },
  RerankerError: {
    description: 'The model that puts hits in order failed. `ifUnavailable: KEEP_ORDER` does without it.',
    detail: { model: 'The model. Example: `"rerank-v3.5"`' },
  },
  ShuttingDownError: { description: 'The server is stopping. Try again when it is back.' },
  TimeoutError: { description: 'The time allowed by `timeoutMs` passed. The work has stopped.' },
  CancelledError: { description: 'The work was cancelled before it was done.' },
  RecallNotReachedError: {
    description: 'The index that was built finds less than the recall asked for, so it was not swapped in.',
    detail: GOT_EXPECTED,
  },
  SourceUnavailableError: {
    description: 'What was to be fetched from a URL could not be.',
    detail: { url: 'The URL. Example: `"https://example.com/handbook.pdf"`', ...GOT_EXPECTED },
  },
  StoreUnavailableError: {
    description: 'The disk is full, or cannot be written to. Nothing of the request was kept.',
  },
  DamagedError: {
    description: 'Stored data does not match its checksum. It is not served; restore it from a backup.',
    detail: { id: 'What is damaged. Example: `"chk_sku-4711"`' },
  },
  InternalError: { description: 'The server is at fault. Its log says more; nothing was changed.' },
};

/** The object type of each kind of error. */
export const errorTypes = Object.fromEntries(
  Object.entries(ERROR_TYPES).map(([kind, type]) => [kind, errorType(kind, type)]),
) as Record<ErrorKind, ObjectRef<typeof builder.$inferSchemaTypes, ErrorRecord>>;

function errorType(kind: string, { description, detail = {} }: ErrorType) {
  return builder.objectRef<ErrorRecord>(kind).implement({
    description,
    interfaces: [ErrorInterface],
    fields: (t) =>
      Object.fromEntries(
        Object.entries(detail).map(([name, fieldDescription]) => [
          name,
          t.string({
            nullable: true,
            description: fieldDescription,
            resolve: ({ detail: { [name]: value } }) => (value == null ? null : String(value)),
          }),
        ]),
      ),
  });
}
