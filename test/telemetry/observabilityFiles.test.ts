import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METRICS, type MetricDeclaration, type MetricName } from '../../src/telemetry/metrics.ts';

const folder = new URL('../../docs/observability/', import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const dashboard: { readonly panels: readonly Panel[] } = JSON.parse(text('grafana-dashboard.json'));
const charts = dashboard.panels.filter(({ type }) => type !== 'row');
const queries = charts.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ at: title, expr })));
const alerts = [...text('alerts.yml').matchAll(/- alert: (\w+)\n\s+expr: (.+)\n/g)].map(
  ([, at = '', expr = '']) => ({ at, expr }),
);

/** What Prometheus itself makes and adds. */
const OF_PROMETHEUS = { metrics: ['up'], labels: ['instance', 'job', 'le'] };

interface Used {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** The metrics that an expression reads, and the labels that it selects them by. */
function usedIn(expr: string): Used[] {
  return [...expr.matchAll(/\b((?:alcove|process)_\w+|up\b)(?:\{([^}]*)\})?/g)].map(
    ([, metric = '', selector = '']) => ({
      metric,
      labels: [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
    }),
  );
}

function declarationOf(metric: string): MetricDeclaration | undefined {
  if (metric in METRICS) return METRICS[metric as MetricName];
  const histogram = metric.replace(/_(bucket|sum|count)$/, '');
  const declared: MetricDeclaration | undefined =
    histogram in METRICS ? METRICS[histogram as MetricName] : undefined;
  return declared?.type === 'histogram' ? declared : undefined;
}

describe.each([
  ['the dashboard', queries],
  ['the alert rules', alerts],
])('%s', (_name, expressions) => {
  it('reads metrics and labels that exist', () => {
    const wrong = expressions.flatMap(({ at, expr }) =>
      usedIn(expr).flatMap(({ metric, labels }) => {
        if (OF_PROMETHEUS.metrics.includes(metric)) return [];
        const declared = declarationOf(metric);
        if (declared === undefined) return [`${at} reads ${metric}`];
        const known = [...declared.labels, ...OF_PROMETHEUS.labels];
        return labels
          .filter((label) => !known.includes(label))
          .map((label) => `${at} selects ${metric} by ${label}`);
      }),
    );
    expect(wrong).toEqual([]);
    expect(expressions.length).toBeGreaterThan(10);
    expect(expressions.filter(({ expr }) => usedIn(expr).length === 0)).toEqual([]);
  });

  it('sums by labels that the metrics have', () => {
    const wrong = expressions.flatMap(({ at, expr }) => {
      const known = usedIn(expr).flatMap(({ metric }) => [...(declarationOf(metric)?.labels ?? [])]);
      const by = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) =>
        list.split(',').map((label) => label.trim()),
      );
      return by
        .filter((label) => !known.includes(label) && !OF_PROMETHEUS.labels.includes(label))
        .map((label) => `${at} sums by ${label}`);
    });
    expect(wrong).toEqual([]);
  });

  it('takes the rate of what only grows, and of nothing else', () => {
    const wrong = expressions.flatMap(({ at, expr }) =>
      [...expr.matchAll(/(?:(rate|increase)\()?((?:alcove|process)_\w+)/g)]
        .filter(
          ([, isRate, metric = '']) => (isRate !== undefined) === (declarationOf(metric)?.type === 'gauge'),
        )
        .map(([, , metric]) => `${at}: ${metric}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the page about metrics', () => {
  const page = readFileSync(new URL('../observability.md', folder), 'utf8');

  it('has a row for every metric with its labels, and for no other', () => {
    const rows = [...page.matchAll(/^\| `((?:alcove|process)_\w+)` \| (\w+) \| ([^|]*) \|/gm)].map(
      ([, name = '', type = '', labels = '']) => [name, type, labels.trim()],
    );
    const declared = Object.entries<MetricDeclaration>(METRICS).map(([name, { type, labels }]) => [
      name,
      type,
      labels.length === 0 ? '' : labels.map((label) => `\`${label}\``).join(' '),
    ]);
    expect(rows.sort()).toEqual(declared.sort());
  });
});
