import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoredLibraryReader } from '../../src/library/StoredLibraryReader.ts';
import { Database } from '../../src/store/Database.ts';
import { readRevision } from '../../src/store/meta.ts';

const CHILD = join(import.meta.dirname, 'ledgerChild.ts');
const KILLS = 8;
const PER_CYCLE = 100_000;
/** Of the kernel's blocks of 512 bytes: the log's file outgrows it in the middle of a run. */
const FILE_SIZE_LIMIT_BLOCKS = 2_000;
const CHUNKS_PER_COMMAND = 3;

let folder: string;
let path: string;
/** What the writer said, kept outside of it. */
let submitted: Set<string>;
let answered: Set<string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-crash-'));
  path = join(folder, 'alcove.db');
  submitted = new Set();
  answered = new Set();
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly command: readonly string[];
  /** Milliseconds after the first answer. */
  readonly killAfterMs?: number;
}

/** Runs a writer to its end, or kills it. Returns the last thing it said. */
async function runWriter({ command, killAfterMs }: Run): Promise<string> {
  const [program = '', ...parameters] = command;
  const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = '';
  let isDoomed = killAfterMs === undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    const [word, number = ''] = line.split(' ');
    if (word === 'submit') submitted.add(number);
    if (word !== 'answered') continue;
    answered.add(number);
    if (isDoomed) continue;
    isDoomed = true;
    void sleep(killAfterMs).then(() => child.kill('SIGKILL'));
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return last;
}

/** Compares the store with the ledger. */
function takeStock() {
  const database = Database.open(path, 'READ_WRITE');
  const reader = new StoredLibraryReader(database);
  const counts = new Map(
    database
      .all<{ text: string; chunks: number }>('SELECT text, count(*) AS chunks FROM chunks GROUP BY text')
      .map(({ text, chunks }) => [text, chunks]),
  );
  const { ordinals, vectors } = reader.vectorsAfter('lib_a', 0, 1_000_000);
  const stock = {
    lost: [...answered].filter((number) => !counts.has(number)).length,
    phantom: [...counts.keys()].filter((number) => !submitted.has(number)).length,
    doubled: [...counts.values()].filter((chunks) => chunks > CHUNKS_PER_COMMAND).length,
    torn: [...counts.values()].filter((chunks) => chunks < CHUNKS_PER_COMMAND).length,
    integrity: database.get('PRAGMA integrity_check'),
    foreignKeys: database.all('PRAGMA foreign_key_check').length,
  };
  expect(stock).toEqual({
    lost: 0,
    phantom: 0,
    doubled: 0,
    torn: 0,
    integrity: { integrity_check: 'ok' },
    foreignKeys: 0,
  });
  expect(readRevision(database)).toBe(2 + counts.size);
  expect(ordinals).toHaveLength(counts.size * CHUNKS_PER_COMMAND);
  expect(vectors).toHaveLength(ordinals.length * 2);
  expect(reader.library({ id: 'lib_a' })).toMatchObject({ chunkCount: ordinals.length });
  database.close();
  return counts.size;
}

describe('a writer that is killed', () => {
  it('loses, invents and doubles nothing, whenever that happens and whatever is sent again', async () => {
    let applied = 0;
    for (let cycle = 0; cycle < KILLS; cycle++) {
      const unanswered = [...submitted].filter((number) => !answered.has(number));
      const command = [
        process.execPath,
        CHILD,
        path,
        String(cycle * PER_CYCLE),
        String(PER_CYCLE),
        ...unanswered,
      ];
      await runWriter({ command, killAfterMs: (cycle * 97) % 400 });
      const now = takeStock();
      expect(now).toBeGreaterThan(applied);
      applied = now;
    }
    const unanswered = [...submitted].filter((number) => !answered.has(number));
    expect(await runWriter({ command: [process.execPath, CHILD, path, '0', '0', ...unanswered] })).toBe(
      'done',
    );
    takeStock();
    expect(answered.size).toBe(submitted.size);
  });
});

describe('a writer whose disk fails', () => {
  it('says so, ends at once, and has lost nothing that it answered', async () => {
    const script = `ulimit -f ${FILE_SIZE_LIMIT_BLOCKS}; exec "$@"`;
    const writer = [process.execPath, CHILD, path, '0', String(PER_CYCLE)];
    const last = await runWriter({ command: ['sh', '-c', script, 'sh', ...writer] });
    expect(last).toBe('fatal');
    expect(answered.size).toBeGreaterThan(0);
    takeStock();
    const unanswered = [...submitted].filter((number) => !answered.has(number));
    expect(await runWriter({ command: [process.execPath, CHILD, path, '0', '0', ...unanswered] })).toBe(
      'done',
    );
    takeStock();
  });
});
