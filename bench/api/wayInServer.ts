import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createYoga } from 'graphql-yoga';
import { ANYONE } from '../../src/access/Principal.ts';
import { parseConfig } from '../../src/config.ts';
import { schema } from '../../src/graphql/schema.ts';
import type { Chunk, Library } from '../../src/library/types.ts';
import type { KnnAnswer } from '../../src/search/KnnSearch.ts';
import { createHttpLayer } from '../../src/server/http.ts';
import { createLogger } from '../../src/telemetry/Logger.ts';

/** Words of an answered chunk: about as long as chunks are by default. */
const TEXT_WORDS = 60;
const WORDS = 'an alcove is a recess in a wall with room for books and for whoever reads them'.split(' ');

/** What every contender answers: ten hits with their text, found by nobody. */
function stubbedAnswer(hits: number): KnnAnswer {
  const at = Date.UTC(2026, 0, 1);
  const chunk = (place: number): Chunk => ({
    id: `chk_${String(place).padStart(20, '0')}`,
    libraryId: 'lib_bench',
    documentId: 'doc_bench',
    ordinal: place,
    position: place,
    text: Array.from({ length: TEXT_WORDS }, (_, word) => WORDS[(word * 7 + place) % WORDS.length]).join(' '),
    page: null,
    headings: [],
    truncated: false,
    metadata: {},
    createdAt: at,
    updatedAt: at,
  });
  return {
    library: { id: 'lib_bench', name: 'bench' } as Library,
    hits: Array.from({ length: hits }, (_, place) => ({
      cursor: `cursor-${place}`,
      chunk: chunk(place),
      distance: Math.fround(0.1 + place / 97),
      similarity: 1 - Math.fround(0.1 + place / 97) / 2,
    })),
    hasNextPage: true,
    hasPreviousPage: false,
    plan: {
      strategy: 'GRAPH',
      reason: 'stubbed',
      selectivity: null,
      effort: 64,
      expectedRecall: 0.98,
      visited: 200,
      compared: 3_000,
      reranked: 40,
      phases: [],
    },
    generation: 1,
    revision: 42,
    tookMs: 0.2,
    matchCount: () => 100_000,
  };
}

const config = parseConfig({ ALCOVE_LOG: 'silent' });
const answer = stubbedAnswer(10);
const context = { config, principal: ANYONE, search: { search: async () => answer } };
const contextFor = () => context;
const logger = createLogger('silent');
const readiness = () => ({ ready: true });

/** Each listens on a port of its own; `raw` is told what to answer by the first request that brings it. */
const CONTENDERS = {
  raw: () => {
    const bytes = process.env.WAY_IN_ANSWER ?? '';
    const length = Buffer.byteLength(bytes);
    return createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        JSON.parse(Buffer.concat(chunks).toString('utf8'));
        response.writeHead(200, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': length,
        });
        response.end(bytes);
      });
    });
  },
  yoga: () => createServer(createYoga({ schema, context: contextFor, logging: false, graphiql: false })),
  alcove: () => createHttpLayer({ schema, config, contextFor, logger, readiness }).server,
  'alcove-yoga': () =>
    createHttpLayer({ schema, config, contextFor, logger, readiness, isShortWayOpen: false }).server,
} as const;

const server = CONTENDERS[process.argv[2] as keyof typeof CONTENDERS]();
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', (message) => {
  if (message === 'usage') process.send?.({ usage: process.cpuUsage() });
  else process.exit(0);
});
// Whoever measures has gone: nothing may be left running.
process.on('disconnect', () => process.exit());
