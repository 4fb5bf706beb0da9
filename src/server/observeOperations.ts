import { type DocumentNode, type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { INTERNAL_ERROR_CODE, toGraphQLError } from '../graphql/errorMapping.ts';
import { measurements } from '../telemetry/Measurements.ts';
import type { OperationKind, OperationRecord } from '../telemetry/OperationRecord.ts';
import { withSpan } from '../telemetry/spans.ts';
import { operationIn, operationLabel } from './operationLabel.ts';
import type { RequestScope } from './RequestScope.ts';

type Observed = Partial<Pick<RequestScope, 'record' | 'requestId'>>;

/** Whose operation it is: Yoga's context has what the server knew first, however the resolvers' part of it was made. */
const observedIn = ({ contextValue }: ExecutionArgs): Observed =>
  (contextValue as { readonly head?: Observed } | undefined)?.head ?? {};

/** By which request an error of ours came about, so that the log can name it. */
const requestIds = new WeakMap<object, string>();

export function requestIdOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null ? requestIds.get(error) : undefined;
}

/** Tells a request's record which operation it is and how it was answered, and has it executed as a span of its trace. */
export const useObservation: Plugin = {
  onParse:
    () =>
    ({ result }) => {
      if (result instanceof Error) measurements.count('alcove_errors_total', ['GRAPHQL_PARSE_FAILED']);
    },
  onValidate:
    () =>
    ({ valid }) => {
      if (!valid) measurements.count('alcove_errors_total', ['GRAPHQL_VALIDATION_FAILED']);
    },
  onExecute({ args, executeFn, setExecuteFn }) {
    const { record, requestId } = observedIn(args);
    beginRecord(record, args.document, args.operationName);
    setExecuteFn((given: ExecutionArgs) =>
      withSpan('graphql execute', { operation: record?.operation ?? '' }, () => executeFn(given)),
    );
    return {
      onExecuteDone: ({ result }) => {
        if (!(Symbol.asyncIterator in result)) observeErrors(result.errors, record, requestId);
      },
    };
  },
  onSubscribe({ args }) {
    const { record, requestId } = observedIn(args);
    beginRecord(record, args.document, args.operationName);
    return {
      onSubscribeResult: ({ result }) => {
        if (!(Symbol.asyncIterator in result)) observeErrors(result.errors, record, requestId);
      },
    };
  },
};

/** Tells a record which operation it is, and answers what that is called. */
export function beginRecord(
  record: OperationRecord | undefined,
  document: DocumentNode,
  operationName: string | null | undefined,
): string {
  const operation = operationIn(document, operationName);
  if (operation === undefined) return '';
  const label = operationLabel(document, operation);
  record?.begins(label, operation.operation satisfies OperationKind);
  return label;
}

/** Counts the errors of an answer, and remembers whose they are. */
export function observeErrors(
  errors: ExecutionResult['errors'],
  record: OperationRecord | undefined,
  requestId: string | undefined,
): void {
  for (const error of errors ?? []) {
    const { code, kind } = toGraphQLError(error).extensions;
    const isOurs = code === INTERNAL_ERROR_CODE;
    measurements.count('alcove_errors_total', [String(kind ?? code)]);
    record?.errors(isOurs);
    if (!isOurs || requestId === undefined) continue;
    requestIds.set(error, requestId);
    if (error instanceof GraphQLError && error.originalError) requestIds.set(error.originalError, requestId);
  }
}
