import { describe, expect, it } from 'vitest';
import { exportNpy } from '../../src/bulk/exportRows.ts';
import type { Library } from '../../src/library/types.ts';

/** As many as one portion holds, and some more. */
const MANY = 400;
const library = { id: 'lib_a', embedding: { dimension: 1 } } as Library;

/** Vectors `[ordinal]`, of which some are deleted whenever the ordinals have just been looked at, `times` times. */
function readerOf(count: number, times: number, deleted: () => number) {
  let live = Array.from({ length: count }, (_, ordinal) => ordinal);
  return {
    ordinals: () => {
      const seen = Uint32Array.from(live);
      const gone = times-- > 0 ? deleted() : undefined;
      live = live.filter((ordinal) => ordinal !== gone);
      return seen;
    },
    vectorsAfter: (_id: string, after: number, limit: number) => {
      const found = live.filter((ordinal) => ordinal > after).slice(0, limit);
      return { ordinals: Uint32Array.from(found), vectors: Float32Array.from(found) };
    },
  } as unknown as Parameters<typeof exportNpy>[0];
}

async function exported(
  reader: Parameters<typeof exportNpy>[0],
): Promise<{ shape: string; values: number[] }> {
  const parts = [];
  for await (const part of exportNpy(reader, library)) parts.push(part);
  const bytes = Buffer.concat(parts);
  const end = bytes.indexOf('\n') + 1;
  const shape = /'shape': (\([^)]*\))/.exec(bytes.subarray(0, end).toString('latin1'))?.[1] ?? '';
  return { shape, values: [...new Float32Array(Uint8Array.from(bytes.subarray(end)).buffer)] };
}

describe('a matrix of vectors', () => {
  it('is whole, although vectors go at the moment at which it is begun', async () => {
    expect(await exported(readerOf(3, 1, () => 0))).toEqual({ shape: '(2, 1)', values: [1, 2] });
    let next = 0;
    expect((await exported(readerOf(3, 3, () => next++))).shape).toBe('(0, 1)');
    expect((await exported(readerOf(0, 0, () => 0))).shape).toBe('(0, 1)');
    const { shape, values } = await exported(readerOf(MANY, 1, () => 7));
    expect(shape).toBe(`(${MANY - 1}, 1)`);
    expect(values).toHaveLength(MANY - 1);
  });

  it('is refused before its first byte when they never cease to', async () => {
    const parts = exportNpy(
      readerOf(
        1_000,
        1_000,
        (
          (at) => () =>
            at++
        )(0),
      ),
      library,
    );
    await expect(parts.next()).rejects.toMatchObject({ kind: 'StoreUnavailableError' });
  });
});
