/**
 * Compiles src/kernel/assembly to src/kernel/kernel.wasm, and without relaxed SIMD to kernel-plain.wasm. Does nothing when
 * they are newer than all their sources.
 * Plain JavaScript for any Node from 20 on, as it runs before the pinned Node may be there.
 */
import { readdirSync, renameSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = join(ROOT, 'src/kernel/assembly');
const ENTRY = join(SOURCES, 'kernel.ts');
const OUTPUT = join(ROOT, 'src/kernel/kernel.wasm');
const PLAIN_OUTPUT = join(ROOT, 'src/kernel/kernel-plain.wasm');

/** A kernel larger than this has pulled in a runtime or static data by mistake. */
const LARGEST_BYTES = 65_536;

const FLAGS = [
  ...['--runtime', 'stub', '-O3', '--noAssert'],
  ...[
    '--importMemory',
    '--noExportMemory',
    '--sharedMemory',
    '--initialMemory',
    '1',
    '--maximumMemory',
    '65536',
  ],
  ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
];
const RELAXED = ['--enable', 'relaxed-simd'];

/** When the file was last changed, in ms; 0 if it is absent. */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Compiles the kernel to a file, with further flags; returns its size. */
async function compile(output, flags) {
  const { default: asc } = await import('assemblyscript/asc');
  const unfinished = `${output}.${process.pid}`;
  const { error, stderr } = await asc.main([
    relative(ROOT, ENTRY),
    ...['--baseDir', ROOT, '--outFile', relative(ROOT, unfinished)],
    ...FLAGS,
    ...flags,
  ]);
  if (error) throw new Error(`kernel: ${stderr.toString() || error.message}`);

  const bytes = statSync(unfinished).size;
  if (bytes > LARGEST_BYTES) throw new Error(`kernel: got ${bytes} bytes, expected at most ${LARGEST_BYTES}`);
  renameSync(unfinished, output);
  return bytes;
}

/**
 * Builds the kernel if it is older than its sources.
 * @returns {Promise<string>} One line that says what was done.
 */
export async function buildKernel() {
  const sources = readdirSync(SOURCES).map((name) => join(SOURCES, name));
  const newest = Math.max(...sources.map(changedAt), changedAt(fileURLToPath(import.meta.url)));
  const name = relative(ROOT, OUTPUT);
  if (Math.min(changedAt(OUTPUT), changedAt(PLAIN_OUTPUT)) > newest) return `kernel: ${name} is up to date`;

  const began = performance.now();
  await compile(PLAIN_OUTPUT, []);
  const bytes = await compile(OUTPUT, RELAXED);
  return `kernel: built ${name}, ${bytes} bytes, in ${Math.round(performance.now() - began)} ms`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await buildKernel());
