import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, orThrow } from '../../src/client/index.ts';
import { writeTinyModel } from '../embedding/tinyModel.ts';
import { transformersFolder } from '../embedding/transformersFolder.ts';
import { corpusPassages } from '../training/synonymCorpus.ts';
import { alcove, serve, startAlcove } from './alcove.ts';

let folder: string;
let models: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-model-'));
  models = join(folder, 'models');
  mkdirSync(join(folder, 'corpus'));
  for (const [at, text] of corpusPassages(300, 1).entries()) {
    writeFileSync(join(folder, 'corpus', `${at}.txt`), text);
  }
  writeFileSync(join(folder, 'corpus', 'broken.pdf'), 'not a PDF');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const build = (...args: string[]) =>
  alcove([
    'model',
    'build',
    '--corpus',
    join(folder, 'corpus'),
    '--models',
    models,
    '--dimension',
    '96',
    ...args,
  ]);

describe('alcove model', () => {
  it('build learns a model with progress, names what it could not read, and writes it with its card', async () => {
    const { status, out, error } = await build('--name', 'plain');
    expect(status).toBe(0);
    expect(out).toMatch(/^plain@[0-9a-f]{8}: \d+ words of 300 passages, in .*plain\n/);
    for (const phase of ['reading', 'counting', 'factorising', 'measuring']) {
      expect(error).toContain(`${phase} 100 %`);
    }
    expect(error).toMatch(/alcove: corpus\/broken\.pdf: /);
    const card = readFileSync(join(models, 'plain', 'MODEL_CARD.md'), 'utf8');
    for (const fact of [
      '| Dimension | 96',
      '300 files, 300 passages',
      '| Vocabulary |',
      '| Built | 20',
      'recall@10',
    ]) {
      expect(card).toContain(fact);
    }
  });

  it('build does not replace a model unless it is told to, and then by the same one if nothing has changed', async () => {
    const file = () => readFileSync(join(models, 'plain', 'model.alcove'));
    const before = file();
    const refused = await build('--name', 'plain');
    expect(refused.status).toBe(1);
    expect(refused.error).toMatch(/^alcove: the model plain is there; --replace .*\n$/);
    expect((await build('--name', 'plain', '--replace')).status).toBe(0);
    expect(file().equals(before)).toBe(true);
  });

  it('build leaves nothing behind when it is interrupted', async () => {
    const child = startAlcove(
      ['model', 'build', '--corpus', join(folder, 'corpus'), '--models', models, '--name', 'cut'],
      {},
    );
    let error = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (!error.includes('counting') && text.includes('counting')) child.kill('SIGINT');
      error += text;
    });
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect(status).toBe(1);
    expect(error).toContain('alcove: stopped; nothing was written');
    expect(readdirSync(models)).toEqual(['plain']);
  });

  it.each([
    [['--name', '../out'], "cannot be a model's name"],
    [['--name', 'a/b'], 'has no "/"'],
    [['--name', 'wide', '--dimension', '100000'], 'cannot have the dimension 100000'],
  ])('build %j is refused in one line', async (args, message) => {
    const { status, error } = await build(...args);
    expect(status).toBe(1);
    expect(error.trim().split('\n').at(-1)).toMatch(/^alcove: /);
    expect(error).toContain(message);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('list names the models that are there, and shows the card of one', async () => {
    const { out } = await alcove(['model', 'list', '--models', models]);
    expect(out).toMatch(/^plain {2}TRAINED {2}\d\.\d MB\n$/);
    expect((await alcove(['model', 'list', 'plain', '--models', models])).out).toContain('# plain\n');
    expect((await alcove(['model', 'list', 'absent', '--models', models])).error).toMatch(
      /^alcove: .*absent/,
    );
    expect((await alcove(['model', 'list', '--models', join(folder, 'none')])).out).toContain('no models in');
  });
});

describe('a library of a trained model', () => {
  it('finds by a synonym, keeps the fingerprint in its contract, and is refused where there is no such model', async () => {
    const server = await serve(['--models', models]);
    try {
      const client = createClient({ url: server.url });
      const { library } = orThrow(
        await client.createLibrary({ name: 'texts', embedding: { provider: 'TRAINED', model: 'plain' } }),
      );
      expect(library.embedding).toMatchObject({ provider: 'TRAINED', dimension: 96, normalized: true });
      expect(library.embedding.model).toMatch(/^plain@[0-9a-f]{8}$/);
      for (const text of [
        'The doctor examined the patient.',
        'The car stood in the garage.',
        'The judge passed the sentence.',
      ]) {
        orThrow(await client.createDocument({ library: { name: 'texts' }, title: text, content: { text } }));
      }
      const { edges } = orThrow(
        await client.knnSearch({ library: { name: 'texts' }, query: { text: 'physician' }, k: 1 }),
      );
      expect(edges.map(({ node }) => node.text)).toEqual(['The doctor examined the patient.']);
      const absent = await client.createLibrary({
        name: 'other',
        embedding: { provider: 'TRAINED', model: 'absent' },
      });
      expect(absent.__typename).toBe('InvalidArgumentError');
    } finally {
      await server.stop();
      rmSync(server.dataPath, { recursive: true });
    }
  });
});

describe('a library of a sentence-transformer', () => {
  it.runIf(transformersFolder() !== undefined)(
    'is embedded by the server, finds by a synonym, says what was cut, and lets the server end',
    async () => {
      writeTinyModel(join(models, 'tiny'));
      const server = await serve(['--models', models], {
        ALCOVE_TRANSFORMERS_FOLDER: transformersFolder() ?? '',
        ALCOVE_THREADS: '2',
      });
      const client = createClient({ url: server.url });
      const library = { name: 'local' };
      orThrow(await client.createLibrary({ ...library, embedding: { provider: 'LOCAL', model: 'tiny' } }));
      for (const text of ['The doctor.', 'The car.', 'rain '.repeat(40)]) {
        orThrow(await client.createDocument({ library, title: text, content: { text } }));
      }
      const { edges } = orThrow(await client.knnSearch({ library, query: { text: 'a physician' }, k: 1 }));
      expect(edges.map(({ node }) => node.text)).toEqual(['The doctor.']);
      await client.close();
      expect(await server.stop()).toBe(0);
      rmSync(server.dataPath, { recursive: true });
    },
  );

  it('is refused with the command that installs the package, where that is absent', async () => {
    writeTinyModel(join(models, 'tiny'));
    const server = await serve(['--models', models]);
    const answer = await createClient({ url: server.url }).createLibrary({
      name: 'local',
      embedding: { provider: 'LOCAL', model: 'tiny' },
    });
    expect(answer).toMatchObject({
      message: expect.stringContaining('npm install --ignore-scripts @huggingface'),
    });
    await server.stop();
    rmSync(server.dataPath, { recursive: true });
  });
});
