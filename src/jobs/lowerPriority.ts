import { constants, getPriority, platform, setPriority } from 'node:os';

/**
 * Beside a busy thread a builder gets a quarter of a processor. At 10 it would be a tenth, and a server with one
 * processor and much to do would hardly ever get the index that would give it less to do.
 */
const NICENESS = 5;

/**
 * Puts this thread behind everything that somebody waits for, by the priority that the process was started with: nobody but
 * root may give a thread a higher one than it has. On Linux alone, which gives every thread a priority of its
 * own; elsewhere this would slow the whole process down.
 */
export function lowerPriority(): void {
  if (platform() !== 'linux') return;
  setPriority(Math.min(getPriority(process.pid) + NICENESS, constants.priority.PRIORITY_LOW));
}
