import { gzipSync } from 'node:zlib';
import {
  buildSchema,
  type GraphQLSchema,
  isInputType,
  Kind,
  type NamedTypeNode,
  parse,
  typeFromAST,
} from 'graphql';
import { parquetWriteBuffer } from 'hyparquet-writer';
import * as clientOperations from '../../src/client/generated/operations.ts';
import { EXAMPLE_OPERATIONS } from '../../src/server/exampleOperations.ts';
import { bytesOf, type Case, type HttpCase, type RawCase, type SocketCase } from './Case.ts';
import type { Choice } from './Choice.ts';
import type { Known } from './Known.ts';
import { mutateBytes, mutateOperation, mutateTree } from './mutate.ts';
import { type Operation, OperationWriter } from './OperationWriter.ts';
import { STRANGE_TEXTS, STRANGE_VALUES } from './strange.ts';
import { ValueWriter } from './ValueWriter.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };
/** What no page of another site can send. */
const PREFLIGHTED = { 'x-alcove-csrf': '1' };
const ACCEPTED = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
  'multipart/mixed',
  '*/*',
  'image/png',
  '',
];
const MAX_MESSAGES = 24;

/** Operations that programs really send: those of the client, and the examples of GraphiQL. */
const REAL_OPERATIONS = [
  ...Object.entries(clientOperations)
    .filter(([name]) => name.endsWith('Document'))
    .map(([, document]) => String(document)),
  ...EXAMPLE_OPERATIONS.map(({ query }) => query),
].map((query) => ({
  query,
  definitions: parse(query).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [],
  ),
}));

/** Writes cases for a schema: operations made from it, real ones spoiled, bulk requests, and plain noise. */
export class CaseWriter {
  readonly #schema: GraphQLSchema;
  readonly #parquet: Buffer;

  constructor(sdl: string) {
    this.#schema = buildSchema(sdl);
    this.#parquet = Buffer.from(
      parquetWriteBuffer({
        columnData: [
          { name: 'id', data: ['chk_fuzz-1', 'chk_fuzz-2'], type: 'STRING' },
          { name: 'text', data: ['one', 'two'], type: 'STRING' },
        ],
      }),
    );
  }

  write(choice: Choice, known: Known): Case {
    return choice.weighted<() => Case>([
      [60, () => this.#overHttp(this.#operation(choice, known), choice)],
      [3, () => this.#session(choice, known)],
      [4, () => this.#bulk(choice, known)],
      [0.4, () => this.#upload(choice, known)],
      [4, () => this.#raw(choice, known)],
    ])();
  }

  #operation(choice: Choice, known: Known): Operation {
    const whole = choice.chance(0.65)
      ? OperationWriter.write(this.#schema, choice, known)
      : this.#real(choice, known);
    return choice.chance(0.4) ? mutateOperation(whole, choice) : whole;
  }

  /** One that a program really sends, with variables of our own. */
  #real(choice: Choice, known: Known): Operation {
    const { query, definitions } = choice.from(REAL_OPERATIONS);
    const values = new ValueWriter(choice, known);
    const variables = definitions.map(({ variable, type }) => {
      const found = typeFromAST(this.#schema, type as NamedTypeNode);
      return [variable.name.value, isInputType(found) ? values.value(found, variable.name.value) : null];
    });
    return { query, variables: Object.fromEntries(variables) };
  }

  #overHttp(operation: Operation, choice: Choice): HttpCase {
    const accept = /^\s*subscription/.test(operation.query)
      ? 'text/event-stream'
      : choice.chance(0.9)
        ? 'application/json'
        : choice.from(ACCEPTED);
    if (choice.chance(0.05) && operation.query.length < 4_000) {
      const parameters = new URLSearchParams({ query: operation.query.toWellFormed() });
      if (operation.variables)
        parameters.set('variables', JSON.stringify(operation.variables).slice(0, 4_000));
      return {
        way: 'HTTP',
        method: 'GET',
        path: `/graphql?${parameters}`,
        headers: { accept, ...PREFLIGHTED },
        body: '',
      };
    }
    const text = JSON.stringify(operation);
    const body = bytesOf(choice.chance(0.04) ? mutateBytes(text, choice) : text);
    const asked = { method: 'POST', path: '/graphql', way: 'HTTP' } as const;
    if (choice.chance(0.03)) {
      const gzipped = gzipSync(Buffer.from(body, 'latin1')).toString('latin1');
      const headers = {
        ...JSON_HEADERS,
        accept,
        'content-encoding': choice.from(['gzip', 'gzip', 'br', 'x']),
      };
      return { ...asked, headers, body: choice.chance(0.3) ? mutateLatin(gzipped, choice) : gzipped };
    }
    return { ...asked, headers: { ...JSON_HEADERS, accept }, body };
  }

  #session(choice: Choice, known: Known): SocketCase {
    const messages: string[] = choice.chance(0.97) ? ['{"type":"connection_init"}'] : [];
    const howMany = 1 + choice.below(MAX_MESSAGES);
    for (let id = 0; id < howMany; id += 1) {
      const payload = this.#operation(choice, known);
      const subscribe = { type: 'subscribe', id: String(choice.chance(0.002) ? 0 : id), payload };
      messages.push(
        choice.weighted<() => string>([
          [120, () => JSON.stringify(subscribe)],
          [5, () => JSON.stringify({ type: 'complete', id: String(choice.below(id + 1)) })],
          [0.3, () => JSON.stringify({ type: 'ping', payload: choice.from(STRANGE_VALUES) })],
          [
            0.1,
            () => JSON.stringify({ type: choice.from(['pong', 'next', 'connection_init']), payload: null }),
          ],
          [0.2, () => mutateBytes(JSON.stringify(subscribe), choice)],
          [0.2, () => JSON.stringify(mutateTree(subscribe, choice)) ?? 'null'],
        ])(),
      );
    }
    return { way: 'SOCKET', messages };
  }

  #bulk(choice: Choice, known: Known): HttpCase {
    const library = choice.chance(0.9)
      ? known.any('libraryName', choice)
      : choice.from(STRANGE_TEXTS).slice(0, 200);
    const name = encodeURIComponent(library.toWellFormed());
    if (choice.chance(0.3)) {
      const query = choice.from([
        '',
        '?format=ndjson',
        '?format=npy',
        '?format=parquet',
        '?vectors=none',
        '?x=%ff',
      ]);
      return {
        way: 'BULK',
        method: 'GET',
        path: `/libraries/${name}/export${query}`,
        headers: PREFLIGHTED,
        body: '',
      };
    }
    const query = choice.from([
      '',
      '',
      '?prefix=p',
      '?after=1',
      '?after=x',
      '?maxErrors=2',
      '?document=doc',
      '?format=npy',
    ]);
    const [type, body] = choice.weighted<() => [string, string]>([
      [8, () => ['application/x-ndjson', bytesOf(this.#rows(choice, known))]],
      [2, () => ['application/x-npy', mutateLatin(npy(choice), choice)]],
      [1, () => ['application/vnd.apache.parquet', mutateLatin(this.#parquet.toString('latin1'), choice)]],
      [0.2, () => [choice.from(['', 'text/plain', 'application/octet-stream']), 'x']],
    ])();
    const gzipped = choice.chance(0.05);
    return {
      way: 'BULK',
      method: 'POST',
      path: `/libraries/${name}/import${query}`,
      headers: { 'content-type': type, ...(gzipped ? { 'content-encoding': 'gzip' } : {}) },
      body: gzipped ? gzipSync(Buffer.from(body, 'latin1')).toString('latin1') : body,
    };
  }

  #rows(choice: Choice, known: Known): string {
    const values = new ValueWriter(choice, known);
    const type = this.#schema.getType('UpsertChunkInput');
    const row = () => {
      const { documentId, metadata, ...chunk } = Object(values.value(type as never, 'chunks'));
      const document = { id: documentId, title: choice.from(STRANGE_TEXTS) };
      return {
        ...chunk,
        ...(typeof metadata === 'object' ? metadata : {}),
        ...(choice.chance(0.7) ? { document } : {}),
      };
    };
    const rows = Array.from({ length: 1 + choice.below(8) }, () => {
      const text = JSON.stringify(choice.chance(0.2) ? mutateTree(row(), choice) : row()) ?? 'null';
      return choice.chance(0.1) ? mutateBytes(text, choice) : text;
    });
    return rows.join('\n');
  }

  /** Files to import, as a form of the multipart specification. */
  #upload(choice: Choice, known: Known): HttpCase {
    const input = { library: { name: known.any('libraryName', choice) }, files: [null] };
    const query =
      'mutation ($input: ImportFilesInput!) { importFiles(input: $input) { __typename ... on Error { code message } ... on JobResult { job { id } } } }';
    const name = choice.from([
      'a.txt',
      'a.md',
      'a.html',
      'a.csv',
      'a.jsonl',
      'a.pdf',
      'a.docx',
      '../a.md',
      'a',
    ]);
    const content = bytesOf(
      mutateBytes('# Title\n\nSome *text*, "quoted", a\tb\n{"text": "x"}\n<p>One</p>\n', choice),
    );
    const parts = [
      ['name="operations"', JSON.stringify({ query, variables: { input } })],
      ['name="map"', choice.chance(0.95) ? '{"0":["variables.input.files.0"]}' : choice.from(STRANGE_TEXTS)],
      [`name="0"; filename="${name}"`, content],
    ];
    const body = `${parts.map(([head, text]) => `--b\r\ncontent-disposition: form-data; ${head}\r\n\r\n${text}\r\n`).join('')}--b--\r\n`;
    return {
      way: 'HTTP',
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'multipart/form-data; boundary=b', ...PREFLIGHTED },
      body: choice.chance(0.2) ? mutateLatin(body, choice) : Buffer.from(body, 'utf8').toString('latin1'),
    };
  }

  #raw(choice: Choice, known: Known): RawCase {
    const body = bytesOf(JSON.stringify(this.#operation(choice, known)));
    const start = choice.from([
      `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      'GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n\r\n',
      'GET /libraries/fuzz-0/export HTTP/1.1\r\nhost: 127.0.0.1\r\nx-alcove-csrf: 1\r\n\r\n',
      'GET /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n\x81\x85abcdefghi',
      'OPTIONS /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\norigin: http://localhost\r\naccess-control-request-method: POST\r\n\r\n',
      'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\nGET /health/ready HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n',
    ]);
    return { way: 'RAW', bytes: choice.chance(0.95) ? mutateLatin(start, choice) : start };
  }
}

/** {@link mutateBytes} for bytes, of which each is a character. */
function mutateLatin(bytes: string, choice: Choice): string {
  return Buffer.from(mutateBytes(bytes, choice), 'latin1').toString('latin1');
}

function npy(choice: Choice): string {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${choice.below(4)}, 4), }\n`;
  const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  start.writeUInt16LE(header.length, 8);
  const numbers = Buffer.from(Float32Array.from({ length: 12 }, () => choice.below(9) - 4).buffer);
  return start.toString('latin1') + header + numbers.toString('latin1');
}
