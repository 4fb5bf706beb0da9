import type { LibraryBy, VectorRows } from '../library/commands.ts';
import type { Command } from './Writer.ts';

/** The vectors that a command brings, and the library that they are for; undefined if it brings none. */
export function commandVectors(
  command: Command,
): { readonly library: LibraryBy; readonly vectors: VectorRows } | undefined {
  if ('vectors' in command) return command;
  if (command.type === 'recordImportFile' && command.document && 'vectors' in command.document)
    return command.document;
  return undefined;
}
