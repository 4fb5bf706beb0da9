import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  METRICS,
  type MetricDeclaration,
  type MetricName,
} from './metrics.ts';

/** Sets of labels that one metric may have in a thread; what would be one more is counted under {@link OTHER}. */
const MAX_SERIES = 500;
/** What stands for a label's value that has no place of its own. */
export const OTHER = '(others)';

const SEPARATOR = '\u0000';

/** One metric of one thread as it is now, in the form that prom-client adds up. */
export interface MeasuredMetric {
  readonly name: MetricName;
  readonly help: string;
  readonly type: MetricDeclaration['type'];
  readonly aggregator: 'sum';
  readonly values: readonly MeasuredValue[];
}

export interface MeasuredValue {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Of a histogram: the metric with `_bucket`, `_sum` or `_count`. */
  readonly metricName?: string;
}

/** Tells gauges as they are, when they are asked for. */
export type Reading = (set: Measurements['set']) => void;

/** How often something fell into each bucket (the last one has no bound), and the sum of it all. */
interface Distribution {
  readonly counts: Float64Array;
  sum: number;
}

/**
 * What a thread has counted and measured. To count costs one look into a map, and nothing is loaded or sent before somebody asks:
 * the main thread gathers what all threads have and writes it down (exposition.ts).
 */
export class Measurements {
  readonly #numbers = new Map<MetricName, Map<string, number>>();
  readonly #distributions = new Map<HistogramName, Map<string, Distribution>>();
  readonly #readings = new Set<Reading>();

  count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by = 1): void {
    const series = seriesOf(this.#numbers, name);
    const key = keyIn(series, labels);
    series.set(key, (series.get(key) ?? 0) + by);
  }

  /** `value` in the unit that the metric's name ends with. */
  observe<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>, value: number): void {
    const series = seriesOf(this.#distributions, name);
    const key = keyIn(series, labels);
    const { buckets } = METRICS[name];
    let distribution = series.get(key);
    if (distribution === undefined) {
      distribution = { counts: new Float64Array(buckets.length + 1), sum: 0 };
      series.set(key, distribution);
    }
    let at = 0;
    while (at < buckets.length && value > (buckets[at] as number)) at += 1;
    distribution.counts[at] = (distribution.counts[at] as number) + 1;
    distribution.sum += value;
  }

  set<Name extends GaugeName | CounterName>(name: Name, labels: LabelsOf<Name>, value: number): void {
    const series = seriesOf(this.#numbers, name);
    series.set(keyIn(series, labels), value);
  }

  /** What a gauge or counter without labels says by now. */
  value(name: GaugeName | CounterName): number {
    let sum = 0;
    for (const value of this.#numbers.get(name)?.values() ?? []) sum += value;
    return sum;
  }

  /** Calls `reading` whenever a snapshot is taken, until what is returned is called. */
  onSnapshot(reading: Reading): () => void {
    this.#readings.add(reading);
    return () => void this.#readings.delete(reading);
  }

  /** Everything, as of now. Gauges are those that are told now: what is gone is not told any more. */
  snapshot(): MeasuredMetric[] {
    const told = new Map<MetricName, Map<string, number>>();
    const set: Measurements['set'] = (name, labels, value) => {
      const series = seriesOf(told, name);
      const key = keyIn(series, labels);
      series.set(key, (series.get(key) ?? 0) + value);
    };
    for (const reading of this.#readings) reading(set);
    return [
      ...[...this.#numbers, ...told].map(([name, series]) => metric(name, numbers(name, series))),
      ...[...this.#distributions].map(([name, series]) => metric(name, distributions(name, series))),
    ];
  }
}

/** This thread's own. */
export const measurements = new Measurements();

function seriesOf<Name, Value>(all: Map<Name, Map<string, Value>>, name: Name): Map<string, Value> {
  let series = all.get(name);
  if (series === undefined) {
    series = new Map();
    all.set(name, series);
  }
  return series;
}

function keyIn(series: ReadonlyMap<string, unknown>, labels: readonly string[]): string {
  const key = labels.join(SEPARATOR);
  if (series.size < MAX_SERIES || series.has(key)) return key;
  return labels.map(() => OTHER).join(SEPARATOR);
}

function metric(name: MetricName, values: readonly MeasuredValue[]): MeasuredMetric {
  const { help, type } = METRICS[name];
  return { name, help, type, aggregator: 'sum', values };
}

function labelsAt(name: MetricName, key: string): Record<string, string> {
  const values = key.split(SEPARATOR);
  return Object.fromEntries(METRICS[name].labels.map((label, at) => [label, values[at] ?? '']));
}

function numbers(name: MetricName, series: ReadonlyMap<string, number>): MeasuredValue[] {
  return [...series].map(([key, value]) => ({ labels: labelsAt(name, key), value }));
}

function distributions(name: HistogramName, series: ReadonlyMap<string, Distribution>): MeasuredValue[] {
  const { buckets } = METRICS[name];
  return [...series].flatMap(([key, { counts, sum }]) => {
    const labels = labelsAt(name, key);
    let count = 0;
    const cumulative = [...buckets, '+Inf'].map((le, at) => {
      count += counts[at] as number;
      return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
    });
    return [
      ...cumulative,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  });
}
