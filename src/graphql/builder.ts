import SchemaBuilder from '@pothos/core';
import type { SpooledFile } from '../store/Spool.ts';
import type { Context } from './Context.ts';
import type { VectorInput } from './vector.ts';

/** The internal shape of each scalar: what resolvers are given, and what they answer. */
type Scalars = {
  ID: { Input: string; Output: string };
  /** Milliseconds since the epoch. */
  DateTime: { Input: number; Output: number };
  Vector: { Input: VectorInput; Output: readonly number[] | string };
  /** A file of a multipart request. */
  Upload: { Input: SpooledFile; Output: never };
  Revision: { Input: number; Output: number };
  /** Any JSON value; whoever takes one checks it. */
  JSON: { Input: unknown; Output: unknown };
};

/** Gathers the schema from the files of its nouns. Fields are non-null unless they say otherwise. */
export const builder = new SchemaBuilder<{
  Context: Context;
  Scalars: Scalars;
  DefaultFieldNullability: false;
}>({ defaultFieldNullability: false });

builder.queryType({
  description: `Everything that can be read. Reads see the last commit, and never wait for writes.

Example: \`{ libraries(first: 5) { edges { node { name counts { chunks } } } } }\``,
});

builder.mutationType({
  description: `Everything that changes something. Each mutation takes one \`input\` and answers a union: a success, or one of the
errors that can really happen to it, all of which implement \`Error\`. A success carries the \`revision\` that it made; it is
durable and searchable by then.`,
});

builder.subscriptionType({
  description: `Everything that can be followed, over WebSocket (graphql-transport-ws) or server-sent events. A snapshot comes first, then
every change, each with a cursor to resume from.`,
});
