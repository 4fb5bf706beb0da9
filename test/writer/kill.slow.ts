import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf, RunningWriter, temporaryFolder } from './RunningWriter.ts';

const PROGRAM = join(import.meta.dirname, 'writerProcess.ts');
const ROUNDS = 5;
const ROUND_SAVED = 2;

describe('a writer that is killed', () => {
  let dataPath: string;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    dataPath = temporaryFolder();
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(dataPath, { recursive: true, force: true });
  });

  /** Runs the program until `isEnough`, kills it, and answers the lines that it printed until its end. */
  const runUntil = async (
    args: readonly string[],
    isEnough: (words: string[], count: number) => boolean,
  ): Promise<string[][]> => {
    child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[][] = [];
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      lines.push(line.split(' '));
      if (isEnough(lines.at(-1) as string[], lines.length)) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return lines;
  };

  it.each([
    ['of one segment', 1_000_000, 1, 'IN_MEMORY'],
    ['of several segments', 400, 3, 'IN_MEMORY'],
    ['of several segments with its vectors on disk', 400, 3, 'ON_DISK'],
  ])(
    'loses nothing that it acknowledged, makes nothing up, and its index %s is what the store is',
    async (_what, segmentSlots, segments, vectors) => {
      const ledger = new Map<string, Set<string>>();
      let libraryId = '';
      for (let round = 0; round < ROUNDS; round++) {
        // The kill comes in the middle of a line of work, at another place each round.
        const lines = await runUntil(
          ['write', dataPath, `${round}`, `${segmentSlots}`, vectors],
          (_words, count) => count > 150 + 37 * round,
        );
        for (const [word = '', name = ''] of lines) {
          if (word === 'library') libraryId = name;
          else ledger.set(name, (ledger.get(name) ?? new Set()).add(word));
        }
        if (round !== ROUND_SAVED) continue;
        // From here on there are files, which lack what comes after.
        const saving = await RunningWriter.start(dataPath, 1, { segmentSlots });
        await saving.client.openIndex(libraryId);
        await saving.stop();
      }

      const writer = await RunningWriter.start(dataPath, 1, { segmentSlots });
      try {
        const { index } = await writer.client.openIndex(libraryId);
        const status = await writer.client.indexStatus(libraryId);
        expect(status.segments.length).toBeGreaterThanOrEqual(segments);
        expect(writer.troubles).toEqual([]);
        expect(index.ordinals()).toEqual(writer.reader.ordinals(libraryId));
        let chunks = 0;
        expect(index.parameters.vectors ?? 'IN_MEMORY').toBe(vectors);
        for (const ordinal of index.ordinals()) {
          const [chunk] = writer.reader.chunksByOrdinal(libraryId, Uint32Array.of(ordinal));
          expect(index.vector(ordinal)).toEqual(writer.reader.vector(chunk?.id ?? ''));
        }
        for (const [name, words] of ledger) {
          const present = [0, 1, 2, 3, 4].filter(
            (row) => writer.reader.chunk(`chk_${name}-${row}`) !== undefined,
          );
          chunks += present.length;
          if (words.has('deleted')) expect(present, name).toEqual([0, 1, 3, 4]);
          else if (words.has('deleting'))
            expect(
              present.filter((row) => row !== 2),
              name,
            ).toEqual([0, 1, 3, 4]);
          else if (words.has('written')) expect(present, name).toEqual([0, 1, 2, 3, 4]);
          else expect([0, 5], name).toContain(present.length);
          for (const row of present) {
            const vector = writer.reader.vector(`chk_${name}-${row}`) as Float32Array;
            const [nearest] = writer.reader.chunksByOrdinal(
              libraryId,
              index.search(vector, { k: 1 }).ordinals,
            );
            expect(writer.reader.vector(nearest?.id ?? '')).toEqual(vector);
          }
        }
        expect(writer.reader.chunkCount({ libraryId })).toBe(chunks);
        expect([...ledger.values()].filter((words) => words.has('written')).length).toBeGreaterThan(100);
      } finally {
        await writer.stop();
      }
    },
  );

  it('takes up in the next process the build that it was in the middle of, and says so', async () => {
    const lines = await runUntil(['build', dataPath], ([phase]) => phase === 'BUILDING');
    const [, libraryId = '', jobId = ''] = lines.find(([word]) => word === 'job') ?? [];
    const [, cursor = ''] = lines.at(-1) ?? [];

    const writer = await RunningWriter.start(dataPath);
    try {
      const [anew, resumed] = await Promise.all([
        eventsOf(writer.client, jobId),
        eventsOf(writer.client, jobId, cursor),
      ]);
      expect(anew[0]).toMatchObject({ kind: 'SNAPSHOT', job: { attempt: 2 } });
      expect(anew.at(-1)).toMatchObject({ kind: 'FINISHED', job: { state: 'SUCCEEDED', attempt: 2 } });
      expect(resumed[0]).toMatchObject({ kind: 'RESTARTED', job: { attempt: 2, state: 'RUNNING' } });
      expect(resumed.at(-1)).toEqual(anew.at(-1));
      const { index, generation } = await writer.client.openIndex(libraryId);
      expect([index.parameters.type, generation]).toEqual(['HNSW', 2]);
      expect(index.ordinals()).toEqual(writer.reader.ordinals(libraryId));
      expect(writer.troubles).toEqual([]);
    } finally {
      await writer.stop();
    }
  });
});
