import { writeSync } from 'node:fs';
import { applyLibraryCommand } from '../../src/library/apply.ts';
import { newId } from '../../src/library/ids.ts';
import { LocalLog } from '../../src/log/LocalLog.ts';
import { Database } from '../../src/store/Database.ts';
import { chunk, createDocument, createLibrary, rows, writeChunks } from '../library/TestStore.ts';

/**
 * A writer that is made to be killed. It submits numbered commands, several at once, and prints `submit n` before and
 * `answered n` after each, unbuffered. Each command writes three chunks under new ids whose text is its number, so a
 * command that were applied twice would show.
 *
 * Usage: node ledgerChild.ts <database> <first number> <how many> [number to submit again] …
 */
const IN_FLIGHT = 16;
const CHUNKS = 3;
const FATAL_EXIT_CODE = 3;

const [path = '', first = '0', count = '0', ...again] = process.argv.slice(2);
const database = Database.open(path, 'READ_WRITE');
const log = new LocalLog({
  database,
  apply: applyLibraryCommand,
  onFatal: () => {
    print('fatal');
    process.exit(FATAL_EXIT_CODE);
  },
});

function print(line: string): void {
  writeSync(1, `${line}\n`);
}

async function submit(number: string): Promise<void> {
  const items = Array.from({ length: CHUNKS }, (_, row) => {
    return { ...chunk(newId('chunk'), row, { text: number }), documentId: 'doc_a' };
  });
  const vectors = rows(...items.map((_, row) => [Number(number), row]));
  print(`submit ${number}`);
  await log.submit({
    command: writeChunks('lib_a', items, vectors),
    idempotency: { key: `command-${number}`, fingerprint: number },
  });
  print(`answered ${number}`);
}

await log.submit({ command: createLibrary('lib_a') }).catch(() => {});
await log.submit({ command: createDocument('lib_a', 'doc_a') }).catch(() => {});
const fresh = Array.from({ length: Number(count) }, (_, index) => String(Number(first) + index));
const numbers = [...again, ...fresh].values();
await Promise.all(
  Array.from({ length: IN_FLIGHT }, async () => {
    for (const number of numbers) await submit(number);
  }),
);
await log.close();
database.close();
print('done');
