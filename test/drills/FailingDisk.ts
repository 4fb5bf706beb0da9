import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What fails, as failingDisk.c numbers it. */
const FAULTS = { NONE: 0, FSYNC_EIO: 1, WRITE_EIO: 2, WRITE_ENOSPC: 3, READ_EIO: 4 } as const;
export type Fault = keyof typeof FAULTS;

const BOARD_BYTES = 16;
const COUNT_OFFSET = 4;

/** Why faults cannot be injected here, or undefined if they can. */
export function whyNoFailingDisk(): string | undefined {
  if (process.platform !== 'linux')
    return `faults are injected by LD_PRELOAD, and this is ${process.platform}`;
  return spawnSync('gcc', ['--version']).status === 0
    ? undefined
    : 'gcc is not here to compile failingDisk.c';
}

/** A disk for one data folder that fails when it is told to (failingDisk.c). */
export class FailingDisk {
  /** For the environment of the server whose disk it is. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #board: string;

  /** Compiles what is preloaded into `scratch`, a folder outside of the data folder. */
  constructor(scratch: string, dataPath: string) {
    const library = join(scratch, 'failingDisk.so');
    const source = join(import.meta.dirname, 'failingDisk.c');
    const { status, stderr } = spawnSync('gcc', ['-O1', '-shared', '-fPIC', '-o', library, source, '-ldl']);
    if (status !== 0) throw new Error(`failingDisk.c does not compile: ${stderr}`);
    this.#board = join(scratch, 'fault');
    writeFileSync(this.#board, new Uint8Array(BOARD_BYTES));
    this.environment = { LD_PRELOAD: library, DRILL_FAULT: this.#board, DRILL_FOLDER: dataPath };
  }

  /** From now on this fails. */
  set(fault: Fault): void {
    const file = openSync(this.#board, 'r+');
    writeSync(file, Uint8Array.of(FAULTS[fault]), 0, 1, 0);
    closeSync(file);
  }

  /** Calls that have failed. */
  get failed(): number {
    return readFileSync(this.#board).readUInt32LE(COUNT_OFFSET);
  }
}
