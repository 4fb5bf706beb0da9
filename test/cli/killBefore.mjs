/**
 * Preloaded into a command: ends its process with SIGKILL right before one of the changes that it makes to files by node:fs,
 * the one that KILL_BEFORE counts to, as a power cut could.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const CHANGES = ['renameSync', 'rmSync', 'linkSync', 'copyFileSync'];

let left = Number(process.env.KILL_BEFORE);
for (const name of CHANGES) {
  const change = fs[name];
  fs[name] = (...args) => {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    return change(...args);
  };
}
syncBuiltinESMExports();
