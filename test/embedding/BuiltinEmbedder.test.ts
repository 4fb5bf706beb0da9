import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BuiltinEmbedder, MAX_EMBEDDED_CHARACTERS } from '../../src/embedding/BuiltinEmbedder.ts';
import { refusal, thrown } from '../library/TestStore.ts';

const embedder = new BuiltinEmbedder();

async function vectorOf(text: string, using = embedder): Promise<Float32Array> {
  return (await using.embed([text], { mode: 'DOCUMENT' })).vectors;
}

async function cosine(a: string, b: string): Promise<number> {
  const [left, right] = [await vectorOf(a), await vectorOf(b)];
  return left.reduce((sum, value, at) => sum + value * (right[at] as number), 0);
}

describe('the built-in embedder', () => {
  it('gives every text a unit vector, the same each time and wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 5 }),
        async (texts) => {
          const { vectors, dimension } = await embedder.embed(texts, { mode: 'DOCUMENT' });
          expect(vectors.length).toBe(texts.length * dimension);
          for (const [row, text] of texts.entries()) {
            const vector = vectors.slice(row * dimension, (row + 1) * dimension);
            expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
            expect(vector).toEqual((await embedder.embed([text], { mode: 'QUERY' })).vectors);
          }
        },
      ),
      { numRuns: 25, seed: 1 },
    );
  });

  it('makes the vectors that it has always made', async () => {
    const vector = await vectorOf('Readers take no locks.');
    const strongest = [...vector.entries()].sort(([, a], [, b]) => Math.abs(b) - Math.abs(a)).slice(0, 3);
    expect(strongest.map(([at, value]) => [at, Number(value.toFixed(4))])).toMatchInlineSnapshot(`
      [
        [
          266,
          0.2977,
        ],
        [
          27,
          -0.1488,
        ],
        [
          29,
          0.1488,
        ],
      ]
    `);
  });

  it('survives inflection, typing errors, case and width', async () => {
    expect(await cosine('organisation', 'organisations')).toBeGreaterThan(0.6);
    expect(await cosine('organisation', 'orgnisation')).toBeGreaterThan(0.4);
    expect(await cosine('ORGANISATION', 'organisation')).toBeCloseTo(1, 5);
    expect(await cosine('ｖｅｃｔｏｒ', 'vector')).toBeCloseTo(1, 5);
    expect(await cosine('organisation', 'waterfall')).toBeLessThan(0.25);
  });

  it('goes by what a text is about, not by its function words', async () => {
    const about = await cosine('how is the index of a library rebuilt', 'rebuilding an index');
    const likeness = await cosine(
      'how is the index of a library rebuilt',
      'how is the weather of a country today',
    );
    expect(about).toBeGreaterThan(likeness + 0.2);
  });

  it('finds common characters in scripts without spaces', async () => {
    expect(await cosine('東京都の天気予報', '明日の東京の天気')).toBeGreaterThan(0.2);
  });

  it('knows symbols when there is nothing else, and gives nothing at all a vector of its own', async () => {
    expect(await cosine('♥♥ ♦', '♥♥ ♦')).toBeCloseTo(1, 5);
    expect(await cosine('♥♥', '☂☂')).toBeLessThan(0.5);
    expect(await cosine('', ' \n\t')).toBeCloseTo(1, 5);
  });

  it('reads a text up to its limit, and says of which texts it read the beginning alone', async () => {
    const read = 'word '.repeat(MAX_EMBEDDED_CHARACTERS / 5 + 1).slice(0, MAX_EMBEDDED_CHARACTERS);
    const longer = `${read} unread tail`;
    expect(await vectorOf(longer)).toEqual(await vectorOf(read));
    const { truncated } = await embedder.embed(['short', longer, read, longer], { mode: 'DOCUMENT' });
    expect(truncated).toEqual([1, 3]);
  });

  it('takes dimensions from 64 to 4,096', async () => {
    expect(await vectorOf('a text', new BuiltinEmbedder(64))).toHaveLength(64);
    expect(await vectorOf('a text', new BuiltinEmbedder(4_096))).toHaveLength(4_096);
    for (const dimension of [63, 4_097, 0, 384.5, Number.NaN]) {
      expect(thrown(() => new BuiltinEmbedder(dimension)).kind).toBe('InvalidArgumentError');
    }
  });

  it('gives way to the event loop while it works', async () => {
    const texts = Array.from({ length: 2_000 }, (_, at) =>
      `Text number ${at} of many that take their time. `.repeat(10),
    );
    let turns = 0;
    const work = embedder.embed(texts, { mode: 'DOCUMENT' }).finally(() => clearInterval(timer));
    const timer = setInterval(() => turns++, 1);
    await work;
    expect(turns).toBeGreaterThan(5);
  });

  it('stops when its caller goes away', async () => {
    const controller = new AbortController();
    const texts = Array.from({ length: 20_000 }, (_, at) => `Text number ${at}. `.repeat(20));
    const work = embedder.embed(texts, { mode: 'DOCUMENT', signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    await refusal(work, 'CancelledError');
    await refusal(embedder.embed(['x'], { mode: 'QUERY', signal: AbortSignal.abort() }), 'CancelledError');
  });

  it('stops when the time that its caller allows is over', async () => {
    const texts = Array.from({ length: 20_000 }, (_, at) => `Text number ${at}. `.repeat(20));
    const deadline = Date.now() + 5;
    await refusal(embedder.embed(texts, { mode: 'DOCUMENT', deadline }), 'TimeoutError');
  });
});
