import { AlcoveError } from '../../src/errors.ts';
import { StoredLibraryReader } from '../../src/library/StoredLibraryReader.ts';
import { Database } from '../../src/store/Database.ts';

/** Opens a database, waits for a line on standard input, and reads from it: `readFromFailingDisk.ts PATH` says what came of that. */
const database = Database.open(process.argv[2] ?? '', 'READ_ONLY');
process.stdout.write('open\n');
process.stdin.once('data', () => {
  try {
    process.stdout.write(`${JSON.stringify(new StoredLibraryReader(database).libraries({}))}\n`);
  } catch (error) {
    process.stdout.write(`${error instanceof AlcoveError ? error.kind : 'untyped'} ${String(error)}\n`);
  }
  process.exit();
});
