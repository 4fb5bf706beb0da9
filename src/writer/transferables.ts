import { commandVectors } from './commandVectors.ts';
import type { Command } from './Writer.ts';

/** Below this, copying vectors costs less than moving them. */
const MINIMUM_BYTES = 65_536;

/**
 * The memories of a command's vectors that can be moved to another thread instead of being copied: those that are
 * large and hold nothing else.
 */
export function transferables(command: Command): ArrayBuffer[] {
  const values = commandVectors(command)?.vectors.values;
  if (values === undefined || values.byteLength < MINIMUM_BYTES) return [];
  const { buffer } = values;
  return buffer instanceof ArrayBuffer && buffer.byteLength === values.byteLength ? [buffer] : [];
}
