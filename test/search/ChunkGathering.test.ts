import { describe, expect, it } from 'vitest';
import type { Chunk } from '../../src/library/types.ts';
import { ChunkGathering } from '../../src/search/ChunkGathering.ts';

const idOf = (chunk: Chunk | undefined) => chunk?.id;

/** A library whose chunks are called by their ordinals, and all that is read of it; `gone` are ordinals that no chunk has, `damaged` cannot be read. */
function library({ gone = [], damaged = [] }: { gone?: number[]; damaged?: number[] } = {}) {
  const reads: number[][] = [];
  const read = (ordinals: Uint32Array) => {
    reads.push([...ordinals]);
    const bad = [...ordinals].find((ordinal) => damaged.includes(ordinal));
    if (bad !== undefined) throw new Error(`chunk ${bad} is damaged`);
    return Array.from(ordinals, (ordinal) =>
      gone.includes(ordinal) ? undefined : ({ id: `chk_${ordinal}` } as Chunk),
    );
  };
  return { reads, read };
}

const found = (...ordinals: number[]) => Uint32Array.from(ordinals);

describe('chunks that several searches have found', () => {
  it('are read at once, each of them once, and given to each search in its order', async () => {
    const { reads, read } = library({ gone: [4] });
    const gathering = new ChunkGathering();
    const all = [found(3, 1, 4), found(1, 2), found()].map((ordinals) =>
      gathering.read('lib_a', ordinals, read),
    );
    gathering.end();
    const chunks = (await Promise.all(all)).map((gathered) => gathered.chunks.map(idOf));
    expect(chunks).toEqual([['chk_3', 'chk_1', undefined], ['chk_1', 'chk_2'], []]);
    expect(reads).toEqual([[3, 1, 4, 2]]);
  });

  it('are those of the library that was searched', async () => {
    const [one, other] = [library(), library({ gone: [1] })];
    const gathering = new ChunkGathering();
    const all = [gathering.read('lib_a', found(1), one.read), gathering.read('lib_b', found(1), other.read)];
    gathering.end();
    const chunks = (await Promise.all(all)).map((gathered) => gathered.chunks.map(idOf));
    expect(chunks).toEqual([['chk_1'], [undefined]]);
  });

  it('are read without waiting for a search that takes long, or for the end', async () => {
    const { reads, read } = library();
    const gathering = new ChunkGathering();
    const { chunks } = await gathering.read('lib_a', found(1), read);
    expect(chunks.map(idOf)).toEqual(['chk_1']);
    gathering.end();
    await gathering.read('lib_a', found(2), read);
    expect(reads).toEqual([[1], [2]]);
  });

  it('are an error of that search alone which has found a damaged one', async () => {
    const { read } = library({ damaged: [7] });
    const gathering = new ChunkGathering();
    const [good, bad] = [found(1, 2), found(2, 7)].map((ordinals) => gathering.read('lib_a', ordinals, read));
    gathering.end();
    await expect(bad).rejects.toThrow('chunk 7 is damaged');
    expect((await good)?.chunks.map(idOf)).toEqual(['chk_1', 'chk_2']);
  });
});

describe('the turn of a search', () => {
  it('ends when it waits for its chunks, when it is answered, and when it fails', async () => {
    const { read } = library();
    const gathering = new ChunkGathering();
    const order: string[] = [];
    const { answer } = await gathering.turn(async () => {
      await gathering.read('lib_a', found(1), read);
      order.push('read');
      return 'answer';
    });
    order.push('its turn is over');
    gathering.end();
    expect(await answer).toBe('answer');
    expect(order).toEqual(['its turn is over', 'read']);
    await gathering.turn(async () => {});
    await expect(gathering.turn(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });
});
