import { describe, expect, it } from 'vitest';
import type { Goal, Plot } from '../../bench/report/Report.ts';
import { scaleOf } from '../../bench/report/scale.ts';
import { svgOf } from '../../bench/report/svg.ts';
import { formatNumber, formatTable, goalsTable } from '../../bench/report/table.ts';

const PLOT: Plot = {
  name: 'a',
  title: 'Recall < 1 & speed',
  kind: 'lines',
  xLabel: 'recall',
  yLabel: 'q/s',
  xScale: 'loss',
  yScale: 'log',
  series: [
    {
      name: 'ours',
      points: [
        [0.9, 20_000],
        [0.99, 9_000],
        [1, 1_000],
      ],
    },
    { name: 'theirs', points: [[0.95, 3_000]] },
  ],
};

/** The places of all circles of a picture. */
function circles(svg: string): [x: number, y: number][] {
  return [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

describe('a picture', () => {
  it('is a document that closes what it opens, on white, with its names escaped', () => {
    const svg = svgOf(PLOT);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /);
    expect(svg).toContain('fill="#fff"');
    expect(svg).toContain('Recall &lt; 1 &amp; speed');
    for (const name of ['svg', 'text', 'title'])
      expect(svg.split(`<${name}`).length).toBe(svg.split(`</${name}>`).length);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('draws every point within its frame: more recall to the right, more speed above', () => {
    const places = circles(svgOf(PLOT));
    expect(places).toHaveLength(4);
    const [first, second] = places as [[number, number], [number, number]];
    expect(second[0]).toBeGreaterThan(first[0]);
    expect(second[1]).toBeGreaterThan(first[1]);
    for (const [x, y] of places) {
      expect(x).toBeGreaterThanOrEqual(84);
      expect(x).toBeLessThanOrEqual(590);
      expect(y).toBeGreaterThanOrEqual(48);
      expect(y).toBeLessThanOrEqual(376);
    }
  });

  it('draws bars as long as their values', () => {
    const bars = svgOf({
      ...PLOT,
      kind: 'bars',
      yScale: 'linear',
      series: [100, 50].map((value) => ({ name: `${value}`, points: [[0, value]] })),
    });
    const heights = [...bars.matchAll(/<rect [^>]*height="([\d.]+)" fill="#(?:d55e00|0072b2)"/g)]
      .map((match) => Number(match[1]))
      .filter((height) => height > 10);
    expect(heights[0]).toBeCloseTo(2 * (heights[1] as number), 0);
  });

  it('has scales that hold their values', () => {
    expect(scaleOf('linear', [3, 97]).ticks).toEqual([0, 20, 40, 60, 80, 100]);
    expect(scaleOf('log', [150, 1_500]).ticks).toEqual([100, 200, 500, 1_000, 2_000]);
    expect(scaleOf('loss', [0.85, 0.992]).ticks).toEqual([0.9, 0.95, 0.98, 0.99]);
    expect(scaleOf('log', [100, 10_000]).place(1_000)).toBeCloseTo(0.5, 12);
  });
});

describe('a table', () => {
  it('lines its columns up, and rounds to what can be read', () => {
    expect(
      formatTable({
        title: 'Rates',
        columns: ['engine', 'q/s'],
        rows: [
          ['ours', 12_345.6],
          ['theirs', undefined],
        ],
        note: 'So it is.',
      }),
    ).toBe(
      [
        '**Rates**',
        '',
        '| engine |    q/s |',
        '|--------|-------:|',
        '| ours   | 12,346 |',
        '| theirs |      – |',
        '',
        'So it is.',
      ].join('\n'),
    );
    expect([0.0123, 0.5, 1.234, 45.67, 234.5, 1_234_567].map(formatNumber)).toEqual([
      '0.0123',
      '0.500',
      '1.23',
      '45.7',
      '235',
      '1,234,567',
    ]);
  });

  it('says of every goal whether it is met', () => {
    const goal: Goal = { number: 12, what: 'open', bound: 'most', must: 2, reach: 1.2, measured: 1.5 };
    const rows = goalsTable([
      goal,
      { ...goal, number: 4, bound: 'least' },
      { ...goal, measured: undefined, note: 'absent' },
    ]).rows;
    expect(rows.map((row) => [row[0], row[5]])).toEqual([
      ['4', 'no'],
      ['12', 'yes'],
      ['12', 'not measured'],
    ]);
  });
});
