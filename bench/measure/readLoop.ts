import { main as compile } from 'assemblyscript/asc';

/**
 * How fast one thread of WebAssembly can read memory when it does nothing else: 16 bytes at a time, from one place or from
 * four places at once, because processors prefetch either better.
 */
const SOURCE = `
export function readOne(from: usize, end: usize): i32 {
  let a = i32x4.splat(0), b = a, c = a, d = a;
  for (let at = from; at < end; at += 64) {
    a = v128.xor(a, v128.load(at));
    b = v128.xor(b, v128.load(at, 16));
    c = v128.xor(c, v128.load(at, 32));
    d = v128.xor(d, v128.load(at, 48));
  }
  return i32x4.extract_lane(v128.xor(v128.xor(a, b), v128.xor(c, d)), 0);
}
export function readFour(from: usize, end: usize): i32 {
  let a = i32x4.splat(0), b = a, c = a, d = a;
  const part = (end - from) / 4;
  for (let at = from; at < from + part; at += 32) {
    a = v128.xor(a, v128.xor(v128.load(at), v128.load(at, 16)));
    b = v128.xor(b, v128.xor(v128.load(at + part), v128.load(at + part, 16)));
    c = v128.xor(c, v128.xor(v128.load(at + 2 * part), v128.load(at + 2 * part, 16)));
    d = v128.xor(d, v128.xor(v128.load(at + 3 * part), v128.load(at + 3 * part, 16)));
  }
  return i32x4.extract_lane(v128.xor(v128.xor(a, b), v128.xor(c, d)), 0);
}`;

const PAGE_BYTES = 65_536;

interface ReadFunctions {
  readOne(from: number, end: number): number;
  readFour(from: number, end: number): number;
}

/** Ways to read `bytes` of memory once from end to end, by name. The memory is filled, so that every page of it is there. */
export async function readLoops(bytes: number): Promise<Readonly<Record<string, () => number>>> {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  new Float64Array(memory.buffer).fill(Math.PI);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(await assemble()), { env: { memory } });
  const { readOne, readFour } = instance.exports as unknown as ReadFunctions;
  const end = pages * PAGE_BYTES;
  return { '1 stream': () => readOne(0, end), '4 streams': () => readFour(0, end) };
}

async function assemble(): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array | undefined;
  const shared = [
    '--importMemory',
    '--sharedMemory',
    '--noExportMemory',
    '--initialMemory',
    '1',
    '--maximumMemory',
    '65536',
  ];
  const { error, stderr } = await compile(
    [
      'loop.ts',
      '--outFile',
      'loop.wasm',
      '--runtime',
      'stub',
      '-O3',
      '--noAssert',
      '--enable',
      'simd',
      '--enable',
      'threads',
      ...shared,
    ],
    {
      readFile: (name) => (name === 'loop.ts' ? SOURCE : null),
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) throw new Error(`read loop: ${stderr.toString()}`);
  return new Uint8Array(binary);
}
