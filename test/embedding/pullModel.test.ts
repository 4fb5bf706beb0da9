import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalEmbedder } from '../../src/embedding/LocalEmbedder.ts';
import { type PulledModel, type PullOptions, pullModel } from '../../src/embedding/pullModel.ts';
import { alcove, startAlcove } from '../cli/alcove.ts';
import { refusal } from '../library/TestStore.ts';
import { writeTinyModel } from './tinyModel.ts';
import { transformersFolder } from './transformersFolder.ts';

const COMMIT = 'c'.repeat(40);

/** A hub of one model, laid out as Hugging Face's: large files are answered by a redirection that names their hash. */
let hub: Server;
let hubUrl: string;
let files: string;
let modelsPath: string;
let requests: string[];
/** What goes wrong with a request, if anything does. */
let fault: (path: string, request: IncomingMessage, response: ServerResponse) => boolean;

beforeAll(async () => {
  files = mkdtempSync(join(tmpdir(), 'alcove-hub-'));
  writeTinyModel(files);
  hub = createServer(answer).listen(0, '127.0.0.1');
  await once(hub, 'listening');
  hubUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
});
afterAll(() => {
  hub.close();
  hub.closeAllConnections();
  rmSync(files, { recursive: true });
});
beforeEach(() => {
  modelsPath = mkdtempSync(join(tmpdir(), 'alcove-pull-'));
  requests = [];
  fault = () => false;
});
afterEach(() => rmSync(modelsPath, { recursive: true }));

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '';
  requests.push(`${request.method} ${path}${request.headers.range ? ` ${request.headers.range}` : ''}`);
  if (fault(path, request, response)) return;
  const file = /^\/(?:sentence-transformers\/tiny\/resolve\/(?:main|c{40})|cdn)\/(.+)$/.exec(path)?.[1];
  if (file === undefined || !existsSync(join(files, file))) return void response.writeHead(404).end();
  const bytes = readFileSync(join(files, file));
  if (file.endsWith('.onnx') && !path.startsWith('/cdn/')) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return void response
      .writeHead(302, {
        location: `/cdn/${file}`,
        'x-linked-etag': `"${sha256}"`,
        'x-linked-size': String(bytes.length),
        'x-repo-commit': COMMIT,
      })
      .end();
  }
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const rest = bytes.subarray(from);
  response
    .writeHead(from > 0 ? 206 : 200, {
      'content-length': rest.length,
      etag: '"small"',
      'x-repo-commit': COMMIT,
    })
    .end(request.method === 'HEAD' ? undefined : rest);
}

const options = (more: Partial<PullOptions> = {}): PullOptions => ({
  hub: hubUrl,
  revision: 'main',
  variant: 'fp32',
  ...more,
});

describe('a pull from a hub', () => {
  it('fetches what running the model takes, of one commit, and keeps what it fetched on record', async () => {
    const progress = new Map<string, number>();
    const folder = await pullModel(
      modelsPath,
      'tiny',
      options({ onProgress: (file, done, total) => progress.set(file, done / total) }),
    );
    expect(folder).toBe(join(modelsPath, 'tiny'));
    const onnx = readFileSync(join(folder, 'onnx', 'model.onnx'));
    expect(onnx.equals(readFileSync(join(files, 'onnx', 'model.onnx')))).toBe(true);
    const pulled: PulledModel = JSON.parse(readFileSync(join(folder, 'pulled.json'), 'utf8'));
    expect(pulled).toMatchObject({ source: 'sentence-transformers/tiny', revision: COMMIT, variant: 'fp32' });
    expect(Object.keys(pulled.files)).toEqual(
      expect.arrayContaining(['config.json', 'tokenizer.json', 'onnx/model.onnx', '1_Pooling/config.json']),
    );
    expect(progress.get('onnx/model.onnx')).toBe(1);
    expect(readdirSync(modelsPath)).toEqual(['tiny']);
    expect(requests.filter((request) => request.includes('/resolve/main/'))).toHaveLength(1);
  });

  it.runIf(transformersFolder() !== undefined)('makes a model that runs', async () => {
    await pullModel(modelsPath, 'tiny', options({ as: 'renamed' }));
    const embedder = await LocalEmbedder.open('renamed', null, {
      modelsPath,
      onnxThreads: 1,
      transformersFolder: transformersFolder() ?? '',
    });
    expect((await embedder.embed(['the doctor'], { mode: 'QUERY' })).vectors).toHaveLength(
      embedder.dimension,
    );
    await embedder.close();
  });

  it('that broke off goes on from the byte where it did', async () => {
    const half = 100;
    fault = (path, request, response) => {
      if (path !== '/cdn/onnx/model.onnx' || request.headers.range !== undefined) return false;
      const bytes = readFileSync(join(files, 'onnx', 'model.onnx'));
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, half), () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    const error = await refusal(pullModel(modelsPath, 'tiny', options()), 'EmbedderError');
    expect(error.message).toContain('goes on from where it broke off');
    expect(existsSync(join(modelsPath, 'tiny'))).toBe(false);
    requests = [];
    const folder = await pullModel(modelsPath, 'tiny', options());
    expect(requests).toContain(`GET /cdn/onnx/model.onnx bytes=${half}-`);
    expect(
      requests.filter((request) => request.startsWith('GET') && request.includes('tokenizer.json')),
    ).toEqual([]);
    expect(
      readFileSync(join(folder, 'onnx', 'model.onnx')).equals(
        readFileSync(join(files, 'onnx', 'model.onnx')),
      ),
    ).toBe(true);
  });

  it('is refused when what came is not what the hub has', async () => {
    fault = (path, request, response) => {
      if (path !== '/cdn/onnx/model.onnx' || request.method !== 'GET') return false;
      const bytes = readFileSync(join(files, 'onnx', 'model.onnx'));
      bytes[200] = (bytes[200] as number) ^ 1;
      response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      return true;
    };
    const error = await refusal(pullModel(modelsPath, 'tiny', options()), 'EmbedderError');
    expect(error.message).toContain('onnx/model.onnx did not come whole');
    fault = () => false;
    await pullModel(modelsPath, 'tiny', options());
  });

  it('says that there is no such model or variant, and that a hub is down or private', async () => {
    const absent = await refusal(pullModel(modelsPath, 'other', options()), 'InvalidArgumentError');
    expect(absent.message).toContain('has no config.json of sentence-transformers/other');
    const variant = await refusal(
      pullModel(modelsPath, 'tiny', options({ variant: 'q8' })),
      'InvalidArgumentError',
    );
    expect(variant.message).toContain('onnx/model_quantized.onnx');
    fault = (_path, _request, response) => response.writeHead(503).end() !== undefined;
    await refusal(pullModel(modelsPath, 'tiny', options()), 'EmbedderError');
    fault = (_path, _request, response) => response.writeHead(401).end() !== undefined;
    const hidden = await refusal(pullModel(modelsPath, 'tiny', options()), 'InvalidArgumentError');
    expect(hidden.message).toContain('is not public');
    await refusal(pullModel(modelsPath, 'tiny', options({ hub: 'http://127.0.0.1:9' })), 'EmbedderError');
    expect(existsSync(join(modelsPath, 'tiny'))).toBe(false);
  });

  it.each(['../tiny', 'a/b/c', '..', 'a/..'])('never writes outside of its folder: %j', async (name) => {
    await refusal(pullModel(modelsPath, name, options()), 'InvalidArgumentError');
    await refusal(pullModel(modelsPath, 'tiny', options({ as: name })), 'InvalidArgumentError');
    expect(requests).toEqual([]);
  });

  it('stops when it is told to', async () => {
    await refusal(pullModel(modelsPath, 'tiny', options({ signal: AbortSignal.abort() })), 'CancelledError');
  });
});

describe('alcove model pull', () => {
  it('fetches with a bar, and does not overwrite', async () => {
    const args = ['model', 'pull', 'tiny', '--hub', hubUrl, '--models', modelsPath];
    const { status, out, error } = await alcove(args);
    expect({ status, out }).toEqual({
      status: 0,
      out: `tiny is in ${join(modelsPath, 'tiny')}; libraries use it as provider LOCAL\n`,
    });
    expect(error).toMatch(/model\.onnx 100 % \(\d+\/\d+\) kB/);
    const again = await alcove(args);
    expect(again.status).toBe(1);
    expect(again.error).toMatch(/^alcove: .*tiny is there already.*\n$/);
    expect((await alcove(['model', 'list', '--models', modelsPath])).out).toMatch(/^tiny {2}LOCAL/);
  });

  it('is stopped by Ctrl-C in one line', async () => {
    fault = (path) => path.startsWith('/cdn/');
    const child = startAlcove(['model', 'pull', 'tiny', '--hub', hubUrl, '--models', modelsPath], {});
    let error = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      error += text;
    });
    while (!requests.some((request) => request.startsWith('GET /cdn/'))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGINT');
    const [status] = await once(child, 'close');
    expect(status).toBe(1);
    expect(error).toContain('alcove: The pull was stopped; the next one goes on from here.\n');
  });
});
