import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { estimateBytes } from '../../src/indexes/estimateBytes.ts';
import { layoutOf } from '../../src/indexes/layout.ts';
import { openIndex } from '../../src/indexes/openIndex.ts';
import { Segment } from '../../src/indexes/segment.ts';
import { clustered, ordinalsFrom, randomFrom } from './data.ts';
import { KINDS, type Kind } from './reference.ts';

const HEADER_BYTES = 4_096;
/** One with codes, for the types that have some, and one with a tree. */
const dimensionOf = ({ type, least }: Kind): number => Math.max(least, type === 'KD_TREE' ? 20 : 40);
/** One full block and a part of another. */
const COUNT = 1_100;
/** Fields lie in the first bytes; the rest of the header is zero, and covered by its checksum. */
const FIELD_BYTES = 136;
const ORIGIN = { session: '01234567-89ab-cdef-fedc-ba9876543210', revision: 12, libraryKey: 3 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function saved(kind: Kind, count = COUNT) {
  const { name, type, codes } = kind;
  const dimension = dimensionOf(kind);
  const index = createIndex({
    ...{ type, codes, metric: 'DOT', dimension, seed: 9 },
    ...{ m: 5, efConstruction: 30, expected: count },
  });
  index.append(ordinalsFrom(3, count), clustered({ count, dimension, seed: 9 }));
  for (const _ of index.build());
  index.remove(Uint32Array.of(4, 500));
  const path = join(folder, `${name}-${count}`);
  const bytes = index.save(path, ORIGIN);
  return { index, path, bytes };
}

/** Opens a file of these bytes, which must not work, and returns why. */
function damageOf(bytes: Uint8Array): AlcoveError {
  const path = join(folder, 'damaged');
  writeFileSync(path, bytes);
  try {
    openIndex(path);
  } catch (error) {
    if (error instanceof AlcoveError) return error;
    throw error;
  }
  throw new Error('a damaged file was opened');
}

describe.each(KINDS)('a file of $name', (kind) => {
  it('has the length that save returns, and leaves nothing beside it', () => {
    const { path, bytes } = saved(kind);
    expect(statSync(path).size).toBe(bytes);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('is the same for the same vectors, and can be written over itself', () => {
    const { path } = saved(kind);
    const first = readFileSync(path);
    const { index } = openIndex(path);
    index.save(path, ORIGIN);
    expect(readFileSync(path).equals(first)).toBe(true);
    saved(kind);
    expect(readFileSync(path).equals(first)).toBe(true);
  });

  it('may be empty', () => {
    const { path } = saved(kind, 0);
    const { index, origin } = openIndex(path);
    expect(origin).toEqual(ORIGIN);
    index.insert(Uint32Array.of(1), new Float32Array(dimensionOf(kind)).fill(1));
    expect([...index.search(new Float32Array(dimensionOf(kind)).fill(1), { k: 3 }).ordinals]).toEqual([1]);
  });

  it('keeps large numbers', () => {
    const { index, path } = saved(kind);
    const revision = Number.MAX_SAFE_INTEGER;
    index.save(path, { ...ORIGIN, revision, libraryKey: revision - 1 });
    expect(openIndex(path).origin).toEqual({ ...ORIGIN, revision, libraryKey: revision - 1 });
  });

  it('is refused when it was cut anywhere in its header, or shortly before its end', () => {
    const whole = readFileSync(saved(kind).path);
    const cuts = [
      ...Array.from({ length: FIELD_BYTES + 2 }, (_, i) => i),
      2_000,
      4_095,
      4_096,
      whole.length - 1,
    ];
    for (const cut of cuts) {
      const error = damageOf(whole.subarray(0, cut));
      expect(error.kind).toBe('DamagedError');
      expect(error.message).toMatch(/length: got \d+, expected/);
    }
  });

  it('is refused when anything was added to it', () => {
    const whole = readFileSync(saved(kind).path);
    expect(damageOf(Buffer.concat([whole, Buffer.from([0])])).message).toContain(`got ${whole.length + 1}`);
  });

  it('is refused when any bit of its header was flipped', () => {
    const whole = readFileSync(saved(kind).path);
    for (let at = 0; at < HEADER_BYTES; at = at < FIELD_BYTES ? at + 1 : at + 499) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      const error = damageOf(bytes);
      expect(error.kind).toBe('DamagedError');
      expect(error.message).toContain('expected');
    }
  });

  it('is refused when any bit of its image was flipped', () => {
    const whole = readFileSync(saved(kind).path);
    const random = randomFrom(17);
    for (let i = 0; i < 40; i++) {
      const at = HEADER_BYTES + Math.floor(random() * (whole.length - HEADER_BYTES));
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (i % 8));
      expect(damageOf(bytes).message).toContain('imageCrc');
    }
  });

  it('is told from a file of something else', () => {
    expect(damageOf(Buffer.alloc(20_000, 'SQLite format 3')).message).toContain('magic');
  });

  it('takes about the memory that was estimated', () => {
    const { index } = saved(kind);
    const estimate = estimateBytes(index.parameters, COUNT);
    expect(index.stats().bytes / estimate).toBeCloseTo(1, 1);
  });
});

it('refuses more vectors than fit into 4 GiB', () => {
  const layout = layoutOf({ type: 'HNSW', metric: 'DOT', dimension: 1_536, seed: 1 });
  const segment = Segment.create(layout);
  expect(layout.capacity).toBeGreaterThan(500_000);
  expect(() => segment.reserve(layout.capacity + 1)).toThrow(`expected at most ${layout.capacity}`);
  expect(() => segment.reserve(layout.capacity)).not.toThrow();
});

it('says that a file is not there as the system says it', () => {
  expect(() => openIndex(join(folder, 'absent'))).toThrow('ENOENT');
});
