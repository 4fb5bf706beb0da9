import { HnswIndex } from '../../src/indexes/HnswIndex.ts';
import type { SegmentIndex } from '../../src/indexes/SegmentIndex.ts';
import { type Dataset, rowOf } from '../data/Dataset.ts';
import { ordinalsFrom } from '../data/ordinals.ts';
import { uniformFrom } from '../data/random.ts';
import { readDataset } from '../data/readDataset.ts';
import { recallOf, type Truth, truthOf } from '../data/truth.ts';
import { openAlcove } from '../engines/alcove.ts';
import type { EngineSettings } from '../engines/Engine.ts';
import { buildOne } from '../measure/buildEngines.ts';
import { quantile } from '../measure/statistics.ts';
import type { SuiteResult } from '../report/Report.ts';
import { titleOf } from '../report/titles.ts';
import { type Suite, settingsOf } from './Suite.ts';

const TURNOVERS = 10;
/** Vectors that are replaced at a time. */
const BATCH = 500;
const EFFORTS = [16, 32, 64];

/** How an index stands. */
interface State {
  readonly turnover: number;
  /** Recall at each of EFFORTS. */
  readonly recalls: readonly number[];
  readonly p50Ms: number;
  readonly unreachable: number;
  readonly tombstones: number;
  readonly bytes: number;
  /** Removals and inserts a second, upkeep included. */
  readonly rate: number;
}

/**
 * Replaces every vector ten times over, in random order, with the upkeep that the server does, and compares with an index
 * that is built from the same vectors at once. Two sets of vectors take turns, so that in the end the first is back.
 */
export const churn: Suite = async (options, announce) => {
  const both = readDataset({ ...options, count: 2 * options.count });
  const count = both.count >> 1;
  const halves = [halfOf(both, 0, count), halfOf(both, 1, count)] as const;
  const truths = halves.map((half) => truthOf(half, options.k));
  const settings = settingsOf(options, halves[0]);
  const library = new ChurningLibrary(settings, halves);
  announce('alcove', openAlcove(settings).version);
  const states: State[] = [stateOf(library, halves[0], truths[0] as Truth, 0, Number.NaN)];
  for (let turnover = 1; turnover <= TURNOVERS; turnover++) {
    const seconds = library.turnOver(options.seed + turnover);
    const half = turnover % 2;
    states.push(
      stateOf(library, halves[half] as Dataset, truths[half] as Truth, turnover, (2 * count) / seconds),
    );
  }
  const fresh = openAlcove(settings);
  await buildOne(fresh, halves[0]);
  const compared = recallsOf(fresh.index, halves[0], truths[0] as Truth, (ordinal) => ordinal);
  const result = resultOf(states, compared, titleOf(halves[0]));
  await fresh.close?.();
  return result;
};

function halfOf(both: Dataset, half: 0 | 1, count: number): Dataset {
  const { dimension, vectors } = both;
  const at = half * count * dimension;
  return {
    ...both,
    name: `${both.name}-half${half}`,
    count,
    vectors: vectors.subarray(at, at + count * dimension),
  };
}

/** A library whose vectors are replaced, with what the server does about tombstones. */
class ChurningLibrary {
  index: SegmentIndex;
  readonly #settings: EngineSettings;
  readonly #halves: readonly [Dataset, Dataset];
  /** Which half and row each ordinal is. */
  readonly #rowOf: number[] = [];
  /** The ordinal that each row of the half that is in has. */
  #ordinals: Uint32Array;
  #half: 0 | 1 = 0;

  constructor(settings: EngineSettings, halves: readonly [Dataset, Dataset]) {
    this.#settings = settings;
    this.#halves = halves;
    const [{ count, vectors }] = halves;
    this.index = openAlcove(settings).index;
    this.#ordinals = ordinalsFrom(0, count);
    for (let row = 0; row < count; row++) this.#rowOf.push(row);
    this.index.append(this.#ordinals, vectors);
    drain(this.index.build());
  }

  row(ordinal: number): number {
    return this.#rowOf[ordinal] ?? -1;
  }

  /** Replaces all vectors by those of the other half. Returns the seconds. */
  turnOver(seed: number): number {
    const other = (1 - this.#half) as 0 | 1;
    const { count, dimension } = this.#halves[other];
    const order = shuffled(count, seed);
    const next = new Uint32Array(count);
    const began = performance.now();
    for (let at = 0; at < count; at += BATCH) {
      const rows = order.subarray(at, at + BATCH);
      const vectors = new Float32Array(rows.length * dimension);
      rows.forEach((row, i) => {
        vectors.set(rowOf(this.#halves[other], row), i * dimension);
        next[row] = this.#rowOf.push(row) - 1;
      });
      this.index.remove(Uint32Array.from(rows, (row) => this.#ordinals[row] as number).sort());
      this.index.insert(
        Uint32Array.from(rows, (row) => next[row] as number),
        vectors,
      );
      this.#keepUp();
    }
    this.#ordinals = next;
    this.#half = other;
    return (performance.now() - began) / 1_000;
  }

  /** As the server does: a fifth of tombstones is one too many, and the index is built anew. */
  #keepUp(): void {
    const { tombstones, slots } = this.index.stats();
    if (tombstones <= REBUILT_SHARE * slots) return;
    const { index } = this;
    const anew = openAlcove(this.#settings).index;
    const ordinals = index.ordinals();
    const { dimension } = this.#settings;
    const vectors = new Float32Array(ordinals.length * dimension);
    ordinals.forEach((ordinal, i) => vectors.set(index.vector(ordinal) as Float32Array, i * dimension));
    anew.append(ordinals, vectors);
    drain(anew.build());
    index.detach();
    this.index = anew;
  }
}

/** The share of tombstones from which on the server builds an index anew (live/indexChoice.ts). */
const REBUILT_SHARE = 0.2;

function drain(steps: Generator<number>): void {
  for (const _ of steps) {
    // The work is in asking for the next step.
  }
}

function shuffled(count: number, seed: number): Uint32Array {
  const uniform = uniformFrom(seed);
  const order = ordinalsFrom(0, count);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

function recallsOf(
  index: SegmentIndex,
  dataset: Dataset,
  truth: Truth,
  rowOfOrdinal: (ordinal: number) => number,
): number[] {
  return EFFORTS.map((effort) =>
    recallOf(
      dataset,
      truth,
      dataset.queries.map((query) => index.search(query, { k: truth.k, effort }).ordinals.map(rowOfOrdinal)),
    ),
  );
}

function stateOf(
  library: ChurningLibrary,
  dataset: Dataset,
  truth: Truth,
  turnover: number,
  rate: number,
): State {
  const { index } = library;
  const recalls = recallsOf(index, dataset, truth, (ordinal) => library.row(ordinal));
  const latenciesMs = dataset.queries.map((query) => {
    const began = performance.now();
    index.search(query, { k: truth.k, effort: 64 });
    return performance.now() - began;
  });
  const { tombstones, bytes } = index.stats();
  const unreachable = index instanceof HnswIndex ? index.unreachable() : Number.NaN;
  return { turnover, recalls, p50Ms: quantile(latenciesMs, 0.5), unreachable, tombstones, bytes, rate };
}

function resultOf(states: readonly State[], fresh: readonly number[], title: string): SuiteResult {
  const last = states.at(-1) as State;
  const loss = Math.min(...last.recalls.map((recall, i) => recall - (fresh[i] as number)));
  const unreachable = Math.max(...states.map((state) => state.unreachable));
  return {
    tables: [
      {
        title: `Ten turnovers by removal and insertion: ${title}`,
        columns: [
          'turnover',
          ...EFFORTS.map((effort) => `recall at ${effort}`),
          'p50 ms',
          'unreachable',
          'tombstones',
          'bytes',
          'changes/s',
        ],
        rows: [
          ...states.map((state) => [
            String(state.turnover),
            ...state.recalls,
            state.p50Ms,
            state.unreachable,
            state.tombstones,
            state.bytes,
            Math.round(state.rate),
          ]),
          ['fresh build', ...fresh, undefined, undefined, undefined, undefined, undefined],
        ],
        note: 'changes/s: removals and insertions, with the upkeep of tombstones.',
      },
    ],
    plots: [],
    goals: [
      {
        number: 10,
        what: `recall after ten turnovers − of a fresh build, ${title}`,
        bound: 'least',
        must: -0.01,
        reach: 0,
        measured: loss,
      },
      {
        number: 10,
        what: `unreachable points, ${title}`,
        bound: 'most',
        must: 0,
        reach: 0,
        measured: unreachable,
      },
    ],
  };
}
