import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const SOURCE = join(ROOT, 'src');

/**
 * The rooms and what each may import from. A room not named on the right of another is out of its reach; errors.ts is
 * open to all. ARCHITECTURE.md says what each is for.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['cli', 'config.ts'],
  access: ['writer', 'search', 'jobs', 'live', 'columns', 'log', 'library', 'indexes', 'store', 'config.ts'],
  cli: [
    'telemetry',
    'access',
    'server',
    'client',
    'ingest',
    'training',
    'modelServer',
    'embedding',
    'library',
    'store',
    'config.ts',
    'packageVersion.ts',
  ],
  server: [
    'telemetry',
    'access',
    'graphql',
    'bulk',
    'ingester',
    'writer',
    'search',
    'reranking',
    'jobs',
    'library',
    'embedding',
    'store',
    'config.ts',
    'workerEntry.ts',
    'packageVersion.ts',
  ],
  ingester: [
    'telemetry',
    'writer',
    'jobs',
    'ingest',
    'embedding',
    'library',
    'store',
    'config.ts',
    'workerEntry.ts',
  ],
  bulk: ['writer', 'embedding', 'library', 'store', 'workerEntry.ts'],
  graphql: [
    'telemetry',
    'access',
    'writer',
    'search',
    'jobs',
    'library',
    'ingest',
    'embedding',
    'indexes',
    'store',
    'words',
    'log',
    'config.ts',
  ],
  writer: [
    'telemetry',
    'jobs',
    'live',
    'columns',
    'library',
    'indexes',
    'kernel',
    'log',
    'store',
    'config.ts',
    'workerEntry.ts',
  ],
  search: ['telemetry', 'reranking', 'columns', 'library', 'indexes', 'embedding', 'store', 'words'],
  columns: ['library', 'indexes', 'store'],
  jobs: ['telemetry', 'live', 'library', 'indexes', 'kernel', 'store', 'workerEntry.ts'],
  live: ['library', 'indexes', 'store'],
  ingest: ['library'],
  modelServer: ['telemetry', 'server', 'embedding', 'library'],
  training: ['embedding'],
  embedding: ['telemetry', 'library', 'config.ts', 'workerEntry.ts'],
  library: ['log', 'store', 'indexes', 'words'],
  log: ['telemetry', 'store'],
  store: ['words'],
  words: [],
  reranking: ['words'],
  indexes: ['kernel'],
  kernel: [],
  client: [],
  telemetry: ['config.ts'],
  settings: [],
  'config.ts': ['settings'],
  'errors.ts': [],
  'workerEntry.ts': [],
  'packageVersion.ts': [],
};

/** Words that have a better one in this project, and the better one. */
const BETTER_WORDS: Readonly<Record<string, string>> = {
  utils: 'the name of what it does',
  helpers: 'the name of what it does',
  manager: 'what it manages to do',
  doc_id: 'documentId',
  lib_id: 'libraryId',
  timeoutSeconds: 'timeoutMs',
};

const LINES_QUESTIONED = 400;

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory())
      return name === 'generated' || name === 'assembly' ? [] : filesBelow(path);
    return name.endsWith('.ts') ? [path] : [];
  });
}

const files = filesBelow(SOURCE).map((path) => ({
  path: relative(SOURCE, path),
  text: readFileSync(path, 'utf8'),
}));

/** The rooms of src that a file imports from, as `room` and as `room/file.ts`. */
function importsOf(file: { path: string; text: string }): string[] {
  const specifiers = [...file.text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(
    (match) => match[1] as string,
  );
  return specifiers.map((specifier) => relative(SOURCE, resolve(SOURCE, dirname(file.path), specifier)));
}

const roomOf = (path: string): string => path.split('/')[0] as string;

describe('the house', () => {
  it('has a rule for every room', () => {
    expect([...new Set(files.map((file) => roomOf(file.path)))].filter((room) => !(room in ROOMS))).toEqual(
      [],
    );
  });

  it('has a line in the table of ARCHITECTURE.md for every room, which names a file of it', () => {
    const table = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
    const unnamed = Object.keys(ROOMS).filter((room) => !new RegExp(`\\| \\[src/${room}\\b`).test(table));
    // One question stands for both: whoever types a command meets main.ts on the way.
    expect(unnamed).toEqual(['main.ts']);
  });

  it('lets imports go one way', () => {
    const strays = files.flatMap((file) => {
      const room = roomOf(file.path);
      const allowed = ROOMS[room] ?? [];
      return importsOf(file)
        .filter((target) => roomOf(target) !== room && target !== 'errors.ts')
        .filter((target) => !allowed.includes(roomOf(target)) && !allowed.includes(target))
        .map((target) => `${file.path} imports ${target}`);
    });
    expect(strays).toEqual([]);
  });

  it('has no circle among its rooms', () => {
    const reach = (room: string, seen: readonly string[]): string[] =>
      seen.includes(room)
        ? [[...seen, room].join(' → ')]
        : (ROOMS[room] ?? [])
            .filter((next) => !next.includes('/'))
            .flatMap((next) => reach(next, [...seen, room]));
    expect(Object.keys(ROOMS).flatMap((room) => reach(room, []))).toEqual([]);
  });

  it('has no barrels: an index.ts is a package entry', () => {
    expect(files.filter((file) => /(^|\/)index\.ts$/.test(file.path)).map((file) => file.path)).toEqual([
      'client/index.ts',
    ]);
  });

  it('keeps each file one idea', () => {
    expect(
      files.filter((file) => file.text.split('\n').length > LINES_QUESTIONED).map((file) => file.path),
    ).toEqual([]);
  });

  it('uses the better word', () => {
    const found = files.flatMap((file) =>
      Object.entries(BETTER_WORDS)
        .filter(([word]) => new RegExp(`\\b${word}\\b`).test(file.text) || file.path.includes(word))
        .map(([word, better]) => `${file.path} says ${word}; say ${better}`),
    );
    expect(found).toEqual([]);
  });

  it('leaves nothing for later and nothing out', () => {
    const found = files
      .filter((file) => /\b(TODO|FIXME|XXX|HACK)\b/.test(file.text))
      .map((file) => file.path);
    expect(found).toEqual([]);
  });
});

describe('the pages', () => {
  const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].concat(
    filesOf(join(ROOT, 'docs')).map((path) => relative(ROOT, path)),
  );

  it.each(pages)('%s links only to what exists', (page) => {
    const text = readFileSync(join(ROOT, page), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(
      (match) => match[1] as string,
    );
    const missing = links.filter((link) => !exists(resolve(ROOT, dirname(page), link)));
    expect(missing).toEqual([]);
  });
});

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
