import { execFileSync } from 'node:child_process';
import { getPriority, platform } from 'node:os';
import { describe, expect, it } from 'vitest';

const SOURCE = new URL('../../src/jobs/lowerPriority.ts', import.meta.url).href;
/** What the tests themselves were started with. */
const OURS = getPriority();

/** The niceness of a thread of a process that was started so far behind this one, after it has put itself behind the others. */
function nicenessIn(behind: number): number {
  const thread = `
    import { getPriority } from 'node:os';
    import { parentPort } from 'node:worker_threads';
    import { lowerPriority } from ${JSON.stringify(SOURCE)};
    lowerPriority();
    lowerPriority();
    parentPort.postMessage(getPriority());
  `;
  const program = `
    import { Worker } from 'node:worker_threads';
    new Worker(new URL(${JSON.stringify(`data:text/javascript,${encodeURIComponent(thread)}`)})).on('message', console.log);
  `;
  const args = ['-n', String(behind), process.execPath, '--input-type=module', '--eval', program];
  return Number(execFileSync('nice', args, { encoding: 'utf8' }));
}

describe.runIf(platform() === 'linux')('a thread of the background', () => {
  it('is five steps behind what its process was started with, and never before it', () => {
    const behind = [0, 10, 17];
    expect(behind.map(nicenessIn)).toEqual(behind.map((by) => Math.min(OURS + by + 5, 19)));
  });
});
