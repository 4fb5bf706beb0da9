/**
 * Draws a flame graph of a .cpuprofile, as `node --cpu-prof` writes it, and prints where the time went by file:
 *
 *     node scripts/flame-graph.ts PROFILE.cpuprofile docs/request-flame.svg "Title"
 *
 * Only what happened once the program served is drawn: stacks that load modules, and the time in which nothing ran, are
 * left out. Frames that took less than a thousandth are left out, too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const WIDTH = 1_200;
const ROW_HEIGHT = 17;
const TOP = 34;
/** Narrower frames are not drawn. */
const MIN_SHARE = 0.001;
/** Of a letter, so that a name is shown as far as it fits. */
const LETTER_WIDTH = 6.2;
const NOT_WORK = ['(root)', '(idle)', '(program)'];
const LOADING =
  /^(compileSourceTextModule|importSyncForRequire|asyncRunEntryPointWithESMLoader|ModuleJob|link|instantiate)/;

/** Whose work a frame is, by where its code is, and the colour that it is shown in. */
const OWNERS: readonly (readonly [name: string, pattern: RegExp, colour: string])[] = [
  ['the short way', /\/src\/server\/operations\//, '#d55e00'],
  ['the HTTP layer', /\/src\/server\//, '#e69f00'],
  ['resolvers and what they call', /\/src\/|\/bench\//, '#f0c94a'],
  ['graphql-js and Pothos', /node_modules\/(graphql|@pothos)\//, '#009e73'],
  ['Yoga and its parts', /node_modules\/(graphql-yoga|@envelop|@graphql-tools|@whatwg-node)\//, '#cc79a7'],
  ['Node', /^node:/, '#56b4e9'],
  ['Node and V8, native', /^(wasm:|$)/, '#9db7c9'],
];

const PROFILE = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
      children: z.array(z.number()).optional(),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

/** A function on a stack, with all that it called. */
interface Frame {
  readonly name: string;
  readonly url: string;
  readonly line: number;
  self: number;
  total: number;
  readonly below: Map<string, Frame>;
}

const newFrame = (name: string, url = '', line = 0): Frame => ({
  name,
  url,
  line,
  self: 0,
  total: 0,
  below: new Map(),
});

/** The profile's tree with equal neighbours merged, without what is no work. */
function readFrames(text: string): Frame {
  const { nodes, samples, timeDeltas } = PROFILE.parse(JSON.parse(text));
  const micros = new Map<number, number>();
  for (const [at, id] of samples.entries()) micros.set(id, (micros.get(id) ?? 0) + (timeDeltas[at] ?? 0));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const add = (id: number, into: Frame): number => {
    const node = byId.get(id);
    if (node === undefined) return 0;
    const { functionName, url, lineNumber } = node.callFrame;
    if (LOADING.test(functionName)) return 0;
    const isWork = !NOT_WORK.includes(functionName);
    const key = `${functionName} ${url} ${lineNumber}`;
    const frame = into.below.get(key) ?? newFrame(functionName || '(anonymous)', url, lineNumber + 1);
    const self = isWork ? (micros.get(id) ?? 0) : 0;
    const inner = functionName === '(root)' ? into : frame;
    let total = self;
    for (const child of node.children ?? []) total += add(child, inner);
    if (inner === into || total === 0) return total;
    into.below.set(key, frame);
    frame.self += self;
    frame.total += total;
    return total;
  };
  const root = newFrame('all');
  const first = nodes[0];
  root.total = first === undefined ? 0 : add(first.id, root);
  return root;
}

function ownerOf({ url }: Frame): (typeof OWNERS)[number] {
  return OWNERS.find(([, pattern]) => pattern.test(url)) ?? (OWNERS.at(-1) as (typeof OWNERS)[number]);
}

function shortUrl(url: string): string {
  return url.replace(/^.*\/node_modules\//, '').replace(/^.*\/(src|bench)\//, '$1/');
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function draw(root: Frame, title: string): string {
  const rows: string[] = [];
  let depth = 0;
  const place = (frame: Frame, x: number, row: number): void => {
    const share = frame.total / root.total;
    if (share < MIN_SHARE) return;
    depth = Math.max(depth, row);
    const width = share * WIDTH;
    const y = TOP + row * ROW_HEIGHT;
    const label = frame.name.slice(0, Math.floor((width - 4) / LETTER_WIDTH));
    const [owner, , colour] = ownerOf(frame);
    const where = frame.url === '' ? '' : ` — ${shortUrl(frame.url)}:${frame.line}`;
    rows.push(
      `<g><title>${escaped(`${frame.name}${where} (${owner}): ${(share * 100).toFixed(1)} %, ${((frame.self / root.total) * 100).toFixed(1)} % itself`)}</title>` +
        `<rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(0.4, width - 0.4).toFixed(1)}" height="${ROW_HEIGHT - 1}" fill="${colour}"/>` +
        (label.length > 2 ? `<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${escaped(label)}</text>` : '') +
        '</g>',
    );
    let next = x;
    for (const child of [...frame.below.values()].sort((a, b) => b.total - a.total)) {
      place(child, next, row + 1);
      next += (child.total / root.total) * WIDTH;
    }
  };
  place(root, 0, 0);
  const height = TOP + (depth + 1) * ROW_HEIGHT + 30;
  const legend = OWNERS.map(
    ([name, , colour], at) =>
      `<rect x="${8 + at * 170}" y="${height - 20}" width="11" height="11" fill="${colour}"/><text x="${23 + at * 170}" y="${height - 11}">${escaped(name)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="11" role="img">`,
    `<title>${escaped(title)}</title><rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="8" y="21" font-size="15" font-weight="600">${escaped(title)}</text>`,
    ...rows,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

/** Shares of the whole by owner and by file, of what each took itself. */
function table(root: Frame): string {
  const owners = new Map<string, number>();
  const files = new Map<string, number>();
  const add = (frame: Frame): void => {
    const [owner] = ownerOf(frame);
    const file = frame.url === '' ? frame.name : shortUrl(frame.url);
    owners.set(owner, (owners.get(owner) ?? 0) + frame.self);
    files.set(file, (files.get(file) ?? 0) + frame.self);
    for (const child of frame.below.values()) add(child);
  };
  add(root);
  const lines = (shares: Map<string, number>, most: number) =>
    [...shares]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(([name, micros]) => `| ${name} | ${((micros / root.total) * 100).toFixed(1)} % |`);
  return [
    '| | |',
    '|---|---|',
    ...lines(owners, OWNERS.length),
    '',
    '| | |',
    '|---|---|',
    ...lines(files, 24),
  ].join('\n');
}

const [profilePath, svgPath, title = 'Where the time goes'] = process.argv.slice(2);
if (profilePath === undefined || svgPath === undefined) {
  process.stderr.write('flame-graph: expected a .cpuprofile and the .svg to write\n');
  process.exitCode = 2;
} else {
  const root = readFrames(readFileSync(profilePath, 'utf8'));
  writeFileSync(svgPath, draw(root, title));
  console.log(table(root));
}
