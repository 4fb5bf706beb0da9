import type { MeasuredMetric, MeasuredValue } from './Measurements.ts';

/** What threads had counted when they ended, added up. Gauges end with their thread. */
export class RetiredMetrics {
  readonly #metrics = new Map<
    string,
    { readonly metric: MeasuredMetric; readonly values: Map<string, MeasuredValue> }
  >();

  add(snapshot: readonly MeasuredMetric[]): void {
    for (const metric of snapshot) {
      if (metric.type === 'gauge') continue;
      const kept = this.#metrics.get(metric.name) ?? { metric, values: new Map<string, MeasuredValue>() };
      this.#metrics.set(metric.name, kept);
      for (const measured of metric.values) {
        const key = JSON.stringify([measured.metricName, measured.labels]);
        const before = kept.values.get(key)?.value ?? 0;
        kept.values.set(key, { ...measured, value: before + measured.value });
      }
    }
  }

  metrics(): MeasuredMetric[] {
    return [...this.#metrics.values()].map(({ metric, values }) => ({
      ...metric,
      values: [...values.values()],
    }));
  }
}
