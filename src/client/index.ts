/** `alcove/client`: a typed client for browsers and servers, without any part of the server. */
export { AlcoveClient, createClient } from './AlcoveClient.ts';
export { AlcoveRequestError, type ReportedError, type RequestFailure } from './AlcoveRequestError.ts';
export type { Events } from './Events.ts';
export type { ClientOptions, HeaderMap, RequestOptions, TypedDocument } from './GraphqlTransport.ts';
export * from './generated/operations.ts';
export { isError, orThrow, type PayloadError } from './payload.ts';
export type {
  ExportRowsOptions,
  ImportRowsEvent,
  ImportRowsOptions,
  RowCounts,
  RowError,
  RowFormat,
} from './rows.ts';
export { decodeVector, encodeVector } from './vectorEncoding.ts';
