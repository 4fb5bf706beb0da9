import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { segmentPath } from '../../src/indexes/segmentPath.ts';
import { IndexFiles } from '../../src/live/IndexFiles.ts';

describe('the index files', () => {
  let root: string;
  let folder: string;
  let files: IndexFiles;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'alcove-files-'));
    folder = join(root, 'indexes');
    files = new IndexFiles(folder);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (libraryId: string, generation: number): string => {
    const path = files.path(libraryId, generation);
    writeFileSync(path, 'index');
    return path;
  };

  it('are removed though a builder that is about to stop still adds some', async () => {
    const program = `
      const { workerData } = require('node:worker_threads');
      const { writeFileSync } = require('node:fs');
      for (let count = 0; ; count++) try { writeFileSync(workerData + '/' + count + '.tmp', ''); } catch {}`;
    const builder = new Worker(program, { eval: true, workerData: join(folder, 'lib_a') });
    await once(builder, 'online');
    for (let round = 0; round < 50; round++) {
      write('lib_a', 1);
      await setTimeout(2);
      files.remove('lib_a');
    }
    await builder.terminate();
  });

  it('are named by library and generation', () => {
    expect(write('lib_01abc', 7)).toBe(join(folder, 'lib_01abc', '7.alcove'));
    expect(files.segments('lib_01abc', 7)).toHaveLength(1);
    expect(files.segments('lib_01abc', 8)).toEqual([]);
  });

  it.each([
    '../outside',
    'lib_/../..',
    '/etc',
    'lib_..',
    'lib_a.b',
    'lib_A',
    '',
    'lib_\0',
    `lib_${'x'.repeat(300)}`,
  ])('stay below their folder for the id %j', (libraryId) => {
    const path = write(libraryId, 1);
    expect(dirname(dirname(path))).toBe(folder);
    expect(readdirSync(root)).toEqual(['indexes']);
    files.remove(libraryId);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('differ for ids that differ in case alone, also where the file system does not tell', () => {
    const [lower, upper] = [write('lib_a', 1), write('lib_A', 1)];
    expect(lower.toLowerCase()).not.toBe(upper.toLowerCase());
  });

  it('are kept of one generation alone', () => {
    for (const generation of [1, 2, 3]) write('lib_a', generation);
    writeFileSync(join(folder, 'lib_a', '3.alcove.123.tmp'), '');
    files.keepOnly('lib_a', 3);
    expect(readdirSync(join(folder, 'lib_a'))).toEqual(['3.alcove']);
  });

  it('of one index are listed by segment, and those beyond its last segment removed', () => {
    const first = write('lib_a', 3);
    write('lib_a', 30);
    for (const segment of [1, 2, 11]) writeFileSync(segmentPath(first, segment), 'index');
    const listed = files.segments('lib_a', 3);
    expect(listed).toHaveLength(12);
    expect(listed.filter((path) => existsSync(path)).map((path) => basename(path))).toEqual([
      '3.alcove',
      '3-1.alcove',
      '3-2.alcove',
      '3-11.alcove',
    ]);
    files.removeSegments('lib_a', 3, 2);
    expect(files.segments('lib_a', 3)).toEqual([first, segmentPath(first, 1)]);
    files.keepOnly('lib_a', 3);
    expect(files.segments('lib_a', 3)).toHaveLength(2);
    expect(files.segments('lib_a', 30)).toEqual([]);
  });

  it('are swept of what belongs to no library, and nothing is followed out of the folder', () => {
    write('lib_a', 1);
    write('lib_a', 2);
    write('lib_Gone.1', 1);
    write('lib_Chosen.1', 4);
    const outside = join(root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious'), '');
    symlinkSync(outside, join(folder, 'lib_link'));
    files.sweep([
      { id: 'lib_a', generation: 2 },
      { id: 'lib_Chosen.1', generation: 4 },
      { id: 'lib_link', generation: 1 },
    ]);
    expect(files.segments('lib_a', 1)).toEqual([]);
    expect(files.segments('lib_a', 2)).toHaveLength(1);
    expect(files.segments('lib_Gone.1', 1)).toEqual([]);
    expect(files.segments('lib_Chosen.1', 4)).toHaveLength(1);
    expect(existsSync(join(outside, 'precious'))).toBe(true);
  });
});
