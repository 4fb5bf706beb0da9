import type { MeasuredMetric } from './Measurements.ts';

/** What metrics are written as. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** What threads have measured, added up, in the text format of Prometheus. prom-client is loaded by the first who asks. */
export async function exposition(snapshots: readonly (readonly MeasuredMetric[])[]): Promise<string> {
  const { AggregatorRegistry } = (await import('prom-client')).default;
  return AggregatorRegistry.aggregate(snapshots.map((snapshot) => [...snapshot])).metrics();
}
