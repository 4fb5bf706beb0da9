import type { KernelParts } from './kernel.ts';

/** How inner products of codes are added up: in fours or in pairs; see useQuads in assembly/distance.ts. */
export const KERNEL_VARIANTS = ['PAIRS', 'QUADS'] as const;
export type KernelVariant = (typeof KERNEL_VARIANTS)[number];

/**
 * How long the two are timed, in ms. V8 compiles a function of WebAssembly well only after it has run for some (2 ms on an
 * idle machine, 8 on one that is not); before, both are three times as slow, and quads the slower ones.
 */
const TIMED_MS = 8;

/** Quads must be faster by this factor: in doubt, pairs, which are never slow. */
const WORTH_WHILE = 0.95;

/** Operands of a timed call: a query and four codes, in a cache of any size. */
const OPERAND_BYTES = 1_024;
const CALLS = 8;

/** Times both variants of a kernel over a memory of its own, of at least a page, and returns the faster one. */
export function fasterVariant(kernel: KernelParts): KernelVariant {
  const best = { PAIRS: Number.POSITIVE_INFINITY, QUADS: Number.POSITIVE_INFINITY };
  const [query = 0, a = 0, b = 0, c = 0, d = 0, out = 0] = [0, 1, 2, 3, 4, 5].map((i) => i * OPERAND_BYTES);
  const began = performance.now();
  for (let now = began; now - began < TIMED_MS; ) {
    for (const variant of KERNEL_VARIANTS) {
      kernel.useQuads(variant === 'QUADS' ? 1 : 0);
      now = performance.now();
      for (let i = 0; i < CALLS; i++) kernel.dotCodes4(query, a, b, c, d, OPERAND_BYTES, out);
      best[variant] = Math.min(best[variant], performance.now() - now);
    }
  }
  return best.QUADS < WORTH_WHILE * best.PAIRS ? 'QUADS' : 'PAIRS';
}
