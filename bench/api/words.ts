import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { cutText } from '../../src/library/indexedText.ts';
import type { KeywordSettings } from '../../src/library/types.ts';
import type { TextSearchRequest } from '../../src/search/TextSearch.ts';
import { TestApi } from '../../test/graphql/TestApi.ts';
import { generate } from '../data/generate.ts';
import { uniformFrom } from '../data/random.ts';
import { median } from '../measure/statistics.ts';

const BATCH = 1_000;
const VOCABULARY = 60_000;
const MIN_WORDS = 60;
const MORE_WORDS = 100;
const SYLLABLES = 'ba co di fu ge ha in jo ka le mi no or pa re si to un ve wi xe ya zo'.split(' ');

type Texts = (count: number) => string[];

/** A word for each place in the order of frequency, the frequent ones short. */
function wordAt(place: number): string {
  let word = '';
  for (let rest = place + 1; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) {
    word += SYLLABLES[rest % SYLLABLES.length];
  }
  return word;
}

/** Texts whose words are as frequent as those of a language: the n-th word 1/n as often as the first (Zipf). */
function textsFrom(seed: number): { texts: Texts; word: () => string } {
  const uniform = uniformFrom(seed);
  const sums = new Float64Array(VOCABULARY);
  let total = 0;
  for (let place = 0; place < VOCABULARY; place++) {
    total += 1 / (place + 2.7);
    sums[place] = total;
  }
  const word = () => {
    const wanted = uniform() * total;
    let [low, high] = [0, VOCABULARY - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) < wanted) low = middle + 1;
      else high = middle;
    }
    return wordAt(low);
  };
  const text = () => {
    const length = MIN_WORDS + Math.floor(uniform() * MORE_WORDS);
    return Array.from({ length }, word).join(' ');
  };
  return { texts: (count) => Array.from({ length: count }, text), word };
}

/**
 * What search by words and meaning takes beside `knnSearch`, in one library of `count` chunks among `libraries` of 100 each, and
 * what writing takes with it. Milliseconds, medians; and the longest that a search kept the thread from anything else.
 *
 *     npm run bench -- words [--count 100000] [--libraries 1000] [--dim 384]
 */
export async function searchWords(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      count: { type: 'string', default: '100000' },
      libraries: { type: 'string', default: '1000' },
      dim: { type: 'string', default: '384' },
      rounds: { type: 'string', default: '100' },
    },
  });
  const [count, libraries, dim, rounds] = [values.count, values.libraries, values.dim, values.rounds].map(
    Number,
  ) as [number, number, number, number];
  const api = await TestApi.start();
  const { texts, word } = textsFrom(1);
  const bench = new WordsBench(api, texts, dim);
  try {
    console.log(
      `small alone: ${await bench.time(
        rounds,
        () => ({ library: 'small', text: word(), mode: 'KEYWORD' }),
        () => bench.fill('small', 100),
      )}`,
    );
    const rate = await bench.fill('big', count);
    console.log(`written: ${Math.round(rate)} chunks a second`);
    const parts = await bench.fill('parts', Math.min(count, 20_000), {
      language: 'ENGLISH',
      substrings: true,
    });
    console.log(`written with substrings: ${Math.round(parts)} chunks a second`);
    for (let at = 0; at < libraries; at++) await bench.fill(`small-${at}`, 100);
    await bench.built('big');
    const question = () => Array.from({ length: 6 }, word).join(' ');
    for (const mode of ['SEMANTIC', 'KEYWORD', 'HYBRID'] as const) {
      console.log(
        `${mode}, six words: ${await bench.time(rounds, () => ({ library: 'big', text: question(), mode }))}`,
      );
    }
    console.log(
      `knnSearch, k 10: ${await bench.timeKnn(rounds, 10)}; k 100: ${await bench.timeKnn(rounds, 100)}`,
    );
    const cases = {
      'the most frequent word': wordAt(0),
      'the ten most frequent words': Array.from({ length: 10 }, (_, at) => wordAt(at)).join(' '),
      'a phrase of the two most frequent': `"${wordAt(0)} ${wordAt(1)}"`,
      'a beginning of two letters': 'ba*',
      'a question of 128 words': Array.from({ length: 128 }, word).join(' '),
    };
    for (const [name, text] of Object.entries(cases)) {
      console.log(`${name}: ${await bench.time(10, () => ({ library: 'big', text, mode: 'KEYWORD' }))}`);
    }
    console.log(
      `small among them: ${await bench.time(rounds, () => ({ library: 'small', text: word(), mode: 'KEYWORD' }))}`,
    );
    for (const library of ['big', 'parts']) {
      const contains = bench.timeContains(library, ['bacodi', 'yazowi', 'le mi']);
      console.log(`text: { contains } in ${library}: ${contains}`);
    }
  } finally {
    await api.close();
  }
}

interface Asked {
  readonly library: string;
  readonly text: string;
  readonly mode: TextSearchRequest['mode'];
}

class WordsBench {
  readonly #api: TestApi;
  readonly #texts: Texts;
  readonly #dimension: number;
  readonly #vectors: Float32Array;
  #next = 0;

  constructor(api: TestApi, texts: Texts, dimension: number) {
    this.#api = api;
    this.#texts = texts;
    this.#dimension = dimension;
    this.#vectors = generate({ name: 'clustered', count: 100_000, dimension, seed: 1 });
  }

  /** Makes a library of so many chunks. Returns how many were written in a second. */
  async fill(name: string, count: number, keywords?: KeywordSettings): Promise<number> {
    const { writer } = this.#api.context;
    const at = Date.now();
    const dimension = this.#dimension;
    const embedding = {
      provider: 'EXTERNAL',
      model: '',
      dimension,
      metric: 'COSINE',
      normalized: false,
    } as const;
    const indexSettings = { type: 'AUTO', m: 16, efConstruction: 128 } as const;
    const library = { name };
    const documentId = `doc_${name}`;
    await writer.submit({
      command: {
        type: 'createLibrary',
        id: `lib_${name}`,
        at,
        name,
        description: null,
        embedding,
        metadataFields: [],
        indexSettings,
        ...(keywords && { keywords }),
      },
    });
    await writer.submit({
      command: {
        type: 'createDocument',
        library,
        id: documentId,
        at,
        ifExists: 'ERROR',
        title: name,
        author: null,
        sourceUrl: null,
        contentType: 'text/plain',
        metadata: {},
        chunks: [],
        vectors: { values: new Float32Array(), offsets: Uint32Array.of(0) },
      },
    });
    let spentMs = 0;
    for (let from = 0; from < count; from += BATCH) {
      const size = Math.min(BATCH, count - from);
      const items = this.#texts(size).map((text, row) => ({
        id: `chk_${name}.${from + row}`,
        documentId,
        text,
        metadata: {},
        row,
        // As server threads do it.
        words: cutText(text, 'ENGLISH'),
      }));
      const values = new Float32Array(size * dimension);
      for (let row = 0; row < size; row++) values.set(this.#vector(), row * dimension);
      const offsets = Uint32Array.from({ length: size + 1 }, (_, row) => row * dimension);
      const startedAt = performance.now();
      await writer.submit({
        command: {
          type: 'writeChunks',
          library,
          at,
          mode: 'CREATE',
          atomicity: 'ALL_OR_NOTHING',
          items,
          vectors: { values, offsets },
        },
      });
      spentMs += performance.now() - startedAt;
    }
    return (count * 1_000) / spentMs;
  }

  /** Resolves when a library has the index that AUTO wants for it. */
  async built(name: string): Promise<void> {
    for (let state = 'BUILDING'; state === 'BUILDING'; ) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      ({ state } = await this.#api.context.writer.indexStatus(`lib_${name}`));
    }
  }

  async time(rounds: number, asked: () => Asked, before?: () => Promise<unknown>): Promise<string> {
    await before?.();
    const search = ({ library, text, mode }: Asked) =>
      this.#api.context.textSearch.search({
        library: { name: library },
        query: { text },
        mode,
        k: 10,
        ...(mode === 'KEYWORD' ? {} : { vector: this.#vector() }),
      });
    await search(asked());
    const blocked = monitorEventLoopDelay({ resolution: 1 });
    const times: number[] = [];
    blocked.enable();
    for (let round = 0; round < rounds; round++) {
      const question = asked();
      const startedAt = performance.now();
      await search(question);
      times.push(performance.now() - startedAt);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    blocked.disable();
    return summary(times, blocked.max / 1e6);
  }

  async timeKnn(rounds: number, k: number): Promise<string> {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const vector = this.#vector();
      const startedAt = performance.now();
      await this.#api.context.search.search({ library: { name: 'big' }, query: { vector }, k });
      times.push(performance.now() - startedAt);
    }
    return summary(times);
  }

  timeContains(library: string, parts: readonly string[]): string {
    const times = parts.map((value) => {
      const startedAt = performance.now();
      const test = { op: 'contains', value } as const;
      this.#api.context.reader.ordinalsMatching(`lib_${library}`, { kind: 'chunk', column: 'text', test });
      return performance.now() - startedAt;
    });
    return times.map((ms) => `${ms.toFixed(1)} ms`).join(', ');
  }

  #vector(): Float32Array {
    const at = (this.#next++ * this.#dimension) % this.#vectors.length;
    return this.#vectors.slice(at, at + this.#dimension);
  }
}

function summary(times: readonly number[], blockedMs?: number): string {
  const slowest = Math.max(...times);
  const blocked = blockedMs === undefined ? '' : `, thread held at most ${blockedMs.toFixed(1)} ms`;
  return `p50 ${median(times).toFixed(2)} ms, slowest ${slowest.toFixed(1)} ms${blocked}`;
}
