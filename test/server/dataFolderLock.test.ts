import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataFolder } from '../../src/server/dataFolderLock.ts';

const LOCK_MODULE = new URL('../../src/server/dataFolderLock.ts', import.meta.url).href;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a data folder', () => {
  it('is created, taken by one, and free again when that one lets go', () => {
    const dataPath = join(folder, 'a', 'b');
    const lock = lockDataFolder(dataPath);
    expect(() => lockDataFolder(dataPath)).toThrow(/another server is using .* set ALCOVE_DATA/);
    lock.release();
    lockDataFolder(dataPath).release();
  });

  it('is free again when the process that had it was killed', async () => {
    const program = `import { lockDataFolder } from '${LOCK_MODULE}'; globalThis.lock = lockDataFolder('${folder}'); console.log('taken'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', program]);
    await once(holder.stdout, 'data');
    expect(() => lockDataFolder(folder)).toThrow(/another server/);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    lockDataFolder(folder).release();
  });

  it('that cannot be made is one clear line', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => lockDataFolder(join(file, 'data'))).toThrow(
      /^cannot write to the data folder .* \(ENOTDIR\); set ALCOVE_DATA$/,
    );
  });
});
