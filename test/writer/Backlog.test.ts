import { describe, expect, it } from 'vitest';
import { Backlog } from '../../src/writer/Backlog.ts';
import type { Command } from '../../src/writer/Writer.ts';
import { thrown } from '../library/TestStore.ts';

const small: Command = { type: 'cancelJob', jobId: 'job_1', at: 1 };
const large = (bytes: number): Command => ({
  type: 'writeChunks',
  library: { id: 'lib_a' },
  at: 1,
  mode: 'CREATE',
  atomicity: 'EACH',
  items: [],
  // The size is all that is looked at.
  vectors: { values: { byteLength: bytes } as Float32Array, offsets: new Uint32Array(1) },
});

describe('the backlog of writes', () => {
  it('refuses more commands than it may hold, until some have been answered', () => {
    const backlog = new Backlog();
    for (let count = 0; count < 10_000; count++) backlog.take(small);
    expect(thrown(() => backlog.take(small))).toMatchObject({ kind: 'OverloadedError', retryable: true });
    backlog.giveBack(small);
    backlog.take(small);
  });

  it('refuses more vectors than it may hold, but takes a single command of any size', () => {
    const backlog = new Backlog();
    backlog.take(large(600 * 2 ** 20));
    expect(thrown(() => backlog.take(large(4))).kind).toBe('OverloadedError');
    backlog.giveBack(large(600 * 2 ** 20));
    for (let count = 0; count < 5; count++) backlog.take(large(100 * 2 ** 20));
    expect(thrown(() => backlog.take(large(100 * 2 ** 20))).kind).toBe('OverloadedError');
    backlog.take(small);
  });
});
