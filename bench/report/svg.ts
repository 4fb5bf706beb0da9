import type { Plot, Series } from './Report.ts';
import { type Scale, scaleOf } from './scale.ts';

const WIDTH = 760;
const HEIGHT = 440;
/** Around the axes: room for the title, the labels, and the names on the right. */
const LEFT = 84;
const RIGHT = 170;
const TOP = 48;
const BOTTOM = 64;
const PLOT_WIDTH = WIDTH - LEFT - RIGHT;
const PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;

/** Told apart by people who see colours differently as well (Okabe and Ito), the first one ours. */
const COLOURS = ['#d55e00', '#0072b2', '#009e73', '#cc79a7', '#7f7f7f', '#56b4e9', '#e69f00', '#000000'];

/** A picture as an SVG document with a white ground, axes, ticks, labels and names. */
export function svgOf(plot: Plot): string {
  const body = plot.kind === 'lines' ? lines(plot) : bars(plot);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" role="img">`,
    `<title>${escaped(plot.title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(LEFT, 26, plot.title, 'font-size="15" font-weight="600"'),
    ...body,
    text(LEFT + PLOT_WIDTH / 2, HEIGHT - 16, plot.xLabel, 'text-anchor="middle"'),
    `<text transform="translate(18 ${TOP + PLOT_HEIGHT / 2}) rotate(-90)" text-anchor="middle" fill="#222">${escaped(plot.yLabel)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

const atX = (scale: Scale, value: number): number => LEFT + scale.place(value) * PLOT_WIDTH;
const atY = (scale: Scale, value: number): number => TOP + (1 - scale.place(value)) * PLOT_HEIGHT;

function lines({ series, xScale = 'linear', yScale = 'linear' }: Plot): string[] {
  const points = series.flatMap((one) => one.points);
  const x = scaleOf(
    xScale,
    points.map(([value]) => value),
  );
  const y = scaleOf(
    yScale,
    points.map(([, value]) => value),
  );
  return [
    ...yAxis(y),
    ...x.ticks.flatMap((tick) => [
      rule(atX(x, tick), TOP, atX(x, tick), TOP + PLOT_HEIGHT, '#e5e5e5'),
      text(atX(x, tick), TOP + PLOT_HEIGHT + 18, label(tick), 'text-anchor="middle"'),
    ]),
    ...frame(),
    ...series.flatMap((one, i) => line(one, i, x, y)),
  ];
}

function line({ name, points }: Series, i: number, x: Scale, y: Scale): string[] {
  const colour = colourOf(i);
  const places = points.map(([px, py]) => [round(atX(x, px)), round(atY(y, py))] as const);
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="${i === 0 ? 2.5 : 1.75}" points="${places.map((place) => place.join(',')).join(' ')}"/>`,
    ...places.map(([px, py]) => `<circle cx="${px}" cy="${py}" r="3" fill="${colour}"/>`),
    ...legend(name, i),
  ];
}

/** A bar for each series, with its value on it. */
function bars({ series, yScale = 'linear' }: Plot): string[] {
  const values = series.map((one) => one.points[0]?.[1] ?? 0);
  const y = scaleOf(yScale, values);
  const step = PLOT_WIDTH / Math.max(1, series.length);
  return [
    ...yAxis(y),
    ...frame(),
    ...series.flatMap(({ name }, i) => {
      const value = values[i] as number;
      const top = atY(y, value);
      const left = LEFT + (i + 0.15) * step;
      return [
        `<rect x="${round(left)}" y="${round(top)}" width="${round(0.7 * step)}" height="${round(TOP + PLOT_HEIGHT - top)}" fill="${colourOf(i)}"/>`,
        text(left + 0.35 * step, top - 5, label(value), 'text-anchor="middle"'),
        ...legend(name, i),
      ];
    }),
  ];
}

function yAxis(y: Scale): string[] {
  return y.ticks.flatMap((tick) => [
    rule(LEFT, atY(y, tick), LEFT + PLOT_WIDTH, atY(y, tick), '#e5e5e5'),
    text(LEFT - 8, atY(y, tick) + 4, label(tick), 'text-anchor="end"'),
  ]);
}

function frame(): string[] {
  const bottom = TOP + PLOT_HEIGHT;
  return [rule(LEFT, TOP, LEFT, bottom, '#222'), rule(LEFT, bottom, LEFT + PLOT_WIDTH, bottom, '#222')];
}

function legend(name: string, i: number): string[] {
  const y = TOP + 8 + i * 20;
  const x = LEFT + PLOT_WIDTH + 16;
  return [`<rect x="${x}" y="${y}" width="14" height="4" fill="${colourOf(i)}"/>`, text(x + 20, y + 6, name)];
}

function rule(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}"/>`;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" fill="#222" ${attributes}>${escaped(content)}</text>`;
}

function label(value: number): string {
  if (value >= 1e9) return `${Number((value / 1e9).toPrecision(3))} G`;
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  if (value >= 1_000) return Number(value.toPrecision(3)).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

const colourOf = (i: number): string => COLOURS[i % COLOURS.length] as string;
const round = (value: number): number => Number(value.toFixed(1));

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
