import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Fuzzer } from './Fuzzer.ts';
import type { Report } from './Report.ts';
import { replay } from './replay.ts';

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    lanes: { type: 'string', default: '32' },
    folder: { type: 'string', default: join(tmpdir(), 'alcove-fuzz') },
    replay: { type: 'string' },
  },
});

const megabytes = (bytes: number) => `${Math.round(bytes / 1_048_576)} MB`;

/** As Markdown, so that it can go into docs/reliability.md as it is. */
function table({ answers, operations, seconds, crashes, limited, memory, faults, slowest }: Report): string {
  const rows = [...answers].map(([key, count]) => [...key.split(' '), count.toLocaleString('en')]);
  rows.sort((a, b) => String(a).localeCompare(String(b)));
  const failing = [...answers]
    .filter(([key]) => {
      const [way, status, code] = key.split(' ');
      // Being turned away because there is too much to do is counted in the table, and is no fault.
      return (
        way?.startsWith('SOCKET') === false &&
        Number(status) >= 500 &&
        !(status === '503' && code === 'RESOURCE_EXHAUSTED')
      );
    })
    .reduce((sum, [, count]) => sum + count, 0);
  return [
    '| Way | Status | Code | Operations |',
    '|---|---|---|---:|',
    ...rows.map(([way, status, code, count]) => `| ${way} | ${status} | ${code || '–'} | ${count} |`),
    '',
    `${operations.toLocaleString('en')} operations in ${Math.round(seconds)} s (${Math.round(operations / seconds)} a second): ` +
      `${failing} answers of 5xx, ${crashes} crashes, ${faults.length} faults.`,
    `With the limited key: ${limited.compared} cases compared with what there is not, the server looked at ${limited.rounds} times for what was written.`,
    `Memory of the server: ${megabytes(memory.start)} when warm, ${memory.middle === 0 ? '–' : megabytes(memory.middle)} half-way, ${megabytes(memory.peak)} at most, ${megabytes(memory.end)} at rest at the end.`,
    ...slowest.map(({ ms, file }) => `- one took ${Math.round(ms)} ms: ${file}`),
    ...faults.map(({ fault, times, files }) => `- ${fault} (${times} times): ${files.join(', ')}`),
  ].join('\n');
}

if (values.replay !== undefined) {
  console.log(await replay(values.replay, Number(values.threads)));
} else {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort());
  const report = await Fuzzer.run({
    signal: controller.signal,
    onFault: (fault, file) => process.stderr.write(`${fault}: ${file}\n`),
    operations: Number(values.operations),
    seed: Number(values.seed),
    threads: Number(values.threads),
    lanes: Number(values.lanes),
    folder: values.folder,
    onProgress: ({ operations, seconds, memory, faults }) => {
      if (operations % 5_000 > 500 && process.stderr.isTTY !== true) return;
      const rate = Math.round(operations / seconds);
      const text = `${operations} operations, ${rate} a second, ${megabytes(memory)}, ${faults} faults`;
      process.stderr.write(process.stderr.isTTY ? `\r${text}   ` : `${text}\n`);
    },
  });
  console.log(`\n${table(report)}`);
  process.exitCode = report.faults.length > 0 ? 1 : 0;
}
