import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CompleteReembed, EmbedNext } from '../../src/jobs/commands.ts';
import { findJob } from '../../src/jobs/jobTable.ts';
import type { ReembedJob } from '../../src/jobs/types.ts';
import { NextSetReader } from '../../src/library/NextSetReader.ts';
import { isReembedded } from '../../src/library/vectorSet.ts';
import { LocalLog } from '../../src/log/LocalLog.ts';
import { nextTexts } from '../../src/store/nextVectors.ts';
import { applyCommand, type Change } from '../../src/writer/applyCommand.ts';
import type { Command, CommandOutcome } from '../../src/writer/Writer.ts';
import { createDocument, createLibrary, rows, TestStore, writeChunks } from '../library/TestStore.ts';

const LIBRARY = 'lib_a';
const NEXT = {
  provider: 'OPENAI',
  model: 'letters',
  dimension: null,
  metric: 'COSINE',
  normalized: false,
} as const;

/** The old model: length and number of words. The new one, of another dimension, tells every text from every other. */
const oldVector = (text: string): number[] => [text.length, text.split(' ').length];
const newVector = (text: string): number[] => [
  1,
  text.length,
  [...text].reduce((sum, of) => sum + of.charCodeAt(0), 0),
];

describe('a library that is embedded anew', () => {
  let store: TestStore;
  let log: LocalLog<Command, CommandOutcome, Change>;
  const setUp = async () => {
    store = new TestStore();
    log = new LocalLog<Command, CommandOutcome, Change>({
      database: store.database,
      apply: applyCommand,
      onFatal: (error) => expect.unreachable(String(error)),
    });
    const embedding = {
      provider: 'EXTERNAL',
      model: 'old',
      dimension: 2,
      metric: 'EUCLIDEAN',
      normalized: false,
    } as const;
    await submit(createLibrary(LIBRARY, { embedding }));
    await submit(createDocument(LIBRARY, 'doc_a'));
    await submit({
      type: 'requestReembed',
      library: { id: LIBRARY },
      jobId: 'job_a',
      at: 1,
      embedding: NEXT,
      minRecall: null,
    });
  };
  const tearDown = async () => {
    await log.close();
    await store.close();
  };
  beforeEach(setUp);
  afterEach(tearDown);

  const submit = (command: Command) => log.submit({ command });
  const write = (id: string, text: string, vector = oldVector(text), vectorSet?: number) =>
    submit(
      writeChunks(LIBRARY, [{ id, documentId: 'doc_a', text, metadata: {}, row: 0 }], rows(vector), {
        mode: 'UPSERT',
        ...(vectorSet === undefined ? {} : { vectorSet }),
      }),
    );
  const begin = () => submit({ type: 'beginNextSet', libraryId: LIBRARY, jobId: 'job_a' });
  const upTo = () => store.reader.nextSet(LIBRARY)?.upTo ?? 0;
  const textsLeft = (limit: number) =>
    nextTexts(store.readDatabase, store.reader.libraryKey(LIBRARY) ?? 0, upTo(), limit);
  const embedded = (texts: ReturnType<typeof textsLeft>): EmbedNext => ({
    type: 'embedNext',
    libraryId: LIBRARY,
    jobId: 'job_a',
    after: upTo(),
    ordinals: Uint32Array.from(texts, ({ ordinal }) => ordinal),
    values: Float32Array.from(texts.flatMap(({ text }) => newVector(text))),
    dimension: 3,
    truncated: [...texts.keys()].filter((row) => texts[row]?.text.startsWith('long')),
  });
  const embedNext = (limit: number) => submit(embedded(textsLeft(limit)));
  const completion = (): CompleteReembed => {
    const job = { ...(findJob(store.readDatabase, 'job_a') as ReembedJob), state: 'SUCCEEDED' } as const;
    const library = store.reader.library({ id: LIBRARY });
    if (library === undefined) throw new Error('no library');
    const index = { ...library.index, generation: library.index.generation + 1 };
    return {
      type: 'completeReembed',
      job,
      recordIndex: { type: 'recordIndex', libraryId: LIBRARY, at: 9, index },
    };
  };
  const texts = () =>
    (store.reader.chunks({ libraryId: LIBRARY }, { first: 100 }, {}).edges ?? []).map(({ node }) => node);

  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('write' as const),
        id: fc.nat(2),
        text: fc.constantFrom('a', 'b c', 'd', 'long e'),
        keepsVector: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), id: fc.nat(2) }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('embed' as const), limit: fc.integer({ min: 1, max: 3 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('complete' as const) }) },
  );

  it('has vectors of one model at any time, each of the text that its chunk has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        await tearDown();
        await setUp();
        await begin();
        const next = new NextSetReader(store.readDatabase);
        for (const of of steps) {
          const isDone = store.reader.library({ id: LIBRARY })?.vectorSet.number === 1;
          const current = isDone ? newVector : oldVector;
          if (of.kind === 'write')
            await write(`chk_${of.id}`, of.text, isDone || !of.keepsVector ? current(of.text) : [7, 7]);
          else if (of.kind === 'delete')
            await submit({
              type: 'deleteChunks',
              library: { id: LIBRARY },
              at: 2,
              by: { ids: [`chk_${of.id}`] },
            });
          else if (of.kind === 'embed' && textsLeft(1).length > 0 && !isDone) await embedNext(of.limit);
          else if (of.kind === 'complete' && !isDone) {
            const isLevel = textsLeft(1).length === 0;
            expect((await submit(completion())).written).toBe(isLevel);
          }
          const set = store.reader.nextSet(LIBRARY);
          if (set?.state === 'FILLING') {
            const { ordinals, vectors } = next.vectorsAfter(LIBRARY, 0, 100);
            const wanted = texts()
              .filter(({ ordinal }) => ordinal <= set.upTo)
              .sort((a, b) => a.ordinal - b.ordinal);
            expect([...ordinals]).toEqual(wanted.map(({ ordinal }) => ordinal));
            expect([...next.ordinals(LIBRARY)]).toEqual([...ordinals]);
            expect([...vectors]).toEqual(wanted.flatMap(({ text }) => newVector(text)));
          } else {
            for (const { id, text } of texts()) {
              expect([...(store.reader.vector(id) ?? [])]).toEqual(newVector(text));
            }
          }
        }
      }),
      { numRuns: 25, seed: 21 },
    );
  });

  it('embeds a text again that was changed after it had been embedded, though the caller leaves the vector as it is', async () => {
    await write('chk_a', 'one', [7, 7]);
    await write('chk_b', 'other');
    await begin();
    await embedNext(10);
    await write('chk_a', 'two', [7, 7]);
    expect(textsLeft(10).map(({ text }) => text)).toEqual(['two']);
    expect((await submit(completion())).written).toBe(false);
    await embedNext(10);
    expect((await submit(completion())).written).toBe(true);
    expect([...(store.reader.vector('chk_a') ?? [])]).toEqual(newVector('two'));
  });

  it('changes contract, vectors, truncation and bytes at once, when no chunk lacks its vector', async () => {
    await write('chk_a', 'long text', oldVector('long text'), 0);
    await write('chk_b', 'short');
    await begin();
    await embedNext(1);
    expect((await submit(completion())).written).toBe(false);
    expect(store.reader.vector('chk_a')).toEqual(Float32Array.of(9, 2));
    await embedNext(10);
    const before = store.reader.library({ id: LIBRARY });
    expect((await submit(completion())).written).toBe(true);
    const after = store.reader.library({ id: LIBRARY });
    expect(after).toMatchObject({
      embedding: { ...NEXT, dimension: 3, frozen: true },
      vectorSet: { number: 1, since: 2 },
      index: { generation: 2 },
      bytes: (before?.bytes ?? 0) + 2 * 4,
    });
    expect([...(store.reader.vector('chk_a') ?? [])]).toEqual(newVector('long text'));
    expect(texts().map(({ truncated }) => truncated)).toEqual([true, false]);
    expect(findJob(store.readDatabase, 'job_a')).toMatchObject({ state: 'SUCCEEDED' });
  });

  it('refuses vectors that were made by the model before, and says so in a way that is known', async () => {
    await begin();
    await write('chk_a', 'text', oldVector('text'), 0);
    await embedNext(1);
    await submit(completion());
    const refusal: unknown = await write('chk_b', 'late', newVector('late'), 0).catch(
      (error: unknown) => error,
    );
    expect(isReembedded(refusal)).toBe(true);
    expect(store.reader.chunk('chk_b')).toBeUndefined();
    expect((await write('chk_b', 'late', newVector('late'), 1)).written).toBe(true);
  });

  it('deletes the old vectors bit by bit, and can then be embedded anew again', async () => {
    await begin();
    await write('chk_a', 'text');
    await embedNext(1);
    await submit(completion());
    const count = (table: string) =>
      store.readDatabase.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n;
    expect([count('vectors'), count('vectors_odd')]).toEqual([1, 1]);
    const again = {
      type: 'requestReembed',
      library: { id: LIBRARY },
      jobId: 'job_b',
      at: 2,
      embedding: NEXT,
      minRecall: null,
    } as const;
    await submit(again);
    expect((await submit({ type: 'beginNextSet', libraryId: LIBRARY, jobId: 'job_b' })).written).toBe(false);
    while ((await submit({ type: 'clearNextSet', libraryId: LIBRARY })).written);
    expect([count('vectors'), count('vectors_odd')]).toEqual([0, 1]);
    expect((await submit({ type: 'beginNextSet', libraryId: LIBRARY, jobId: 'job_b' })).written).toBe(true);
  });

  it('gives up what was embedded when its job is cancelled', async () => {
    await write('chk_a', 'text');
    await begin();
    const late = embedded(textsLeft(1));
    await embedNext(1);
    await submit({ type: 'cancelJob', jobId: 'job_a', at: 3 });
    expect(store.reader.nextSet(LIBRARY)).toEqual({ state: 'CLEARING', upTo: 0 });
    expect((await submit(late)).written).toBe(false);
    expect((await submit(completion())).written).toBe(false);
    expect(store.reader.vector('chk_a')).toEqual(Float32Array.of(4, 1));
  });

  it('takes a batch once, and refuses vectors that its contract cannot hold', async () => {
    await write('chk_a', 'text');
    await begin();
    const batch = embedded(textsLeft(1));
    expect(
      (await submit({ ...batch, values: Float32Array.of(0, 0, 0) }).catch(({ kind }) => kind)) as unknown,
    ).toBe('InvalidVectorError');
    expect((await submit(batch)).written).toBe(true);
    expect((await submit(batch)).written).toBe(false);
    await write('chk_b', 'more');
    const wider = { ...embedded(textsLeft(1)), values: Float32Array.of(1, 2, 3, 4), dimension: 4 };
    expect((await submit(wider).catch(({ kind }) => kind)) as unknown).toBe('DimensionMismatchError');
  });
});
