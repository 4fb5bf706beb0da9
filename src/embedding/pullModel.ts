import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AlcoveError } from '../errors.ts';
import { folderName, MODEL_FILES } from './modelFolder.ts';
import { readSentenceModelFiles, VARIANTS, type Variant } from './sentenceModelFiles.ts';

/** Whose models are meant where no owner is named. */
const DEFAULT_OWNER = 'sentence-transformers';
/** A hub that sends nothing for so long is given up. */
const SILENCE_MS = 60_000;
const SHA256 = /^[0-9a-f]{64}$/;

export interface PullOptions {
  /** `https://huggingface.co` */
  readonly hub: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  readonly variant: Variant;
  /** What to call it; the last part of its name, if absent. */
  readonly as?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (file: string, doneBytes: number, totalBytes: number) => void;
}

/** What is kept of a pull beside the model, in `pulled.json`. */
export interface PulledModel {
  readonly source: string;
  /** The commit, where the hub says it. */
  readonly revision: string;
  readonly variant: Variant;
  readonly pulledAt: string;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

interface Entry {
  readonly bytes: number | null;
  readonly etag: string | null;
  /** What a file that the hub keeps apart has to hash to. */
  readonly sha256: string | null;
  readonly commit: string | null;
}

/**
 * Fetches what running a sentence-transformer takes, by the paths that hubs have (`/owner/name/resolve/revision/file`), and
 * puts its folder in its place when all of it is there and whole. What a pull that broke off had fetched stays aside, and
 * the next one goes on from there. Returns the model's folder.
 * @throws AlcoveError InvalidArgumentError when there is such a folder, or no such model at the hub; EmbedderError when the
 *   hub does not answer or answers something else; CancelledError when `signal` aborts.
 */
export async function pullModel(modelsPath: string, name: string, options: PullOptions): Promise<string> {
  const folder = join(modelsPath, folderName(options.as ?? name));
  const source = name.includes('/') ? name : `${DEFAULT_OWNER}/${name}`;
  folderName(source);
  if (existsSync(folder)) throw isThere(folder);
  const aside = join(modelsPath, `.pulling-${folderName(options.as ?? name)}`);
  mkdirSync(aside, { recursive: true });
  const pull = new Pull(source, aside, options);

  const onnx = `onnx/model${VARIANTS[options.variant]}.onnx`;
  for (const file of [MODEL_FILES.config, MODEL_FILES.tokenizer, 'tokenizer_config.json', onnx]) {
    if (!(await pull.fetchFile(file))) throw absentFile(source, file, options);
  }
  for (const file of [
    `${onnx}_data`,
    'special_tokens_map.json',
    'sentence_bert_config.json',
    'config_sentence_transformers.json',
    '1_Pooling/config.json',
    'README.md',
  ]) {
    await pull.fetchFile(file);
  }
  readSentenceModelFiles(aside);
  writeFileSync(join(aside, MODEL_FILES.pulled), `${JSON.stringify(pull.report(), null, 2)}\n`, {
    flush: true,
  });
  renameSync(aside, folder);
  return folder;
}

class Pull {
  readonly #source: string;
  readonly #aside: string;
  readonly #options: PullOptions;
  readonly #files: Record<string, { bytes: number; sha256: string }> = {};
  #revision: string;

  constructor(source: string, aside: string, options: PullOptions) {
    this.#source = source;
    this.#aside = aside;
    this.#options = options;
    this.#revision = options.revision;
  }

  report(): PulledModel {
    const { variant } = this.#options;
    const revision = this.#revision;
    return {
      source: this.#source,
      revision,
      variant,
      pulledAt: new Date().toISOString(),
      files: this.#files,
    };
  }

  /** Whether the hub has the file; it is in its place then. */
  async fetchFile(file: string): Promise<boolean> {
    const entry = await this.#look(file);
    if (entry === undefined) return false;
    // From the first file on all are of one commit.
    this.#revision = entry.commit ?? this.#revision;
    const path = join(this.#aside, file);
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) await this.#download(file, path, entry);
    const sha256 = await hashOf(path);
    if (entry.sha256 !== null && sha256 !== entry.sha256) {
      rmSync(path);
      throw notWhole(file, `it hashes to ${sha256}`, entry.sha256);
    }
    this.#files[file] = { bytes: statSync(path).size, sha256 };
    return true;
  }

  /** What the hub says of a file; nothing if it does not have it. Large files are answered by a redirection, which says more. */
  async #look(file: string): Promise<Entry | undefined> {
    const response = await this.#request(file, { method: 'HEAD', redirect: 'manual' });
    const header = (name: string) => response.headers.get(name);
    if (response.status === 404) return undefined;
    if (response.status >= 400) throw refused(this.#url(file), response.status);
    const etag = header('x-linked-etag') ?? header('etag');
    const bare = etag?.replaceAll(/^W\/|"/g, '') ?? '';
    const isRedirected = response.status >= 300;
    const bytes = header('x-linked-size') ?? (isRedirected ? null : header('content-length'));
    return {
      bytes: bytes === null ? null : Number(bytes),
      etag,
      sha256: SHA256.test(bare) ? bare : null,
      commit: header('x-repo-commit'),
    };
  }

  async #download(file: string, path: string, entry: Entry): Promise<void> {
    const part = `${path}.part`;
    const tag = `${path}.etag`;
    const isSame = existsSync(part) && existsSync(tag) && readFileSync(tag, 'utf8') === entry.etag;
    if (!isSame) rmSync(part, { force: true });
    writeFileSync(tag, entry.etag ?? '');
    const has = isSame ? statSync(part).size : 0;
    if (has === 0 || has !== entry.bytes) await this.#receive(file, part, has, entry);
    const size = statSync(part).size;
    if (entry.bytes !== null && size !== entry.bytes) {
      throw notWhole(file, `it ended after ${size} bytes`, `${entry.bytes} bytes`);
    }
    renameSync(part, path);
    rmSync(tag);
  }

  /** Appends what is missing from byte `has` on, or all if the hub does not send parts. */
  async #receive(file: string, part: string, has: number, entry: Entry): Promise<void> {
    const response = await this.#request(file, has > 0 ? { headers: { range: `bytes=${has}-` } } : {});
    if (!response.ok || response.body === null) throw refused(this.#url(file), response.status);
    const isRest = response.status === 206;
    let done = isRest ? has : 0;
    const total = entry.bytes ?? done;
    const count = new Transform({
      transform: (bytes: Buffer, _encoding, next) => {
        done += bytes.length;
        this.#options.onProgress?.(file, done, Math.max(done, total));
        next(null, bytes);
      },
    });
    const target = createWriteStream(part, { flags: isRest ? 'a' : 'w' });
    try {
      await pipeline(Readable.from(response.body), count, target);
    } catch (error) {
      throw this.#failed(file, error);
    }
  }

  async #request(file: string, init: RequestInit): Promise<Response> {
    const signals = [AbortSignal.timeout(SILENCE_MS), this.#options.signal].filter(
      (signal) => signal !== undefined,
    );
    const isHead = init.method === 'HEAD';
    try {
      return await fetch(this.#url(file), {
        ...init,
        // A large file may take longer than an answer's beginning; only the caller ends it.
        signal: isHead ? AbortSignal.any(signals) : (this.#options.signal ?? null),
      });
    } catch (error) {
      throw this.#failed(file, error);
    }
  }

  #url(file: string): string {
    const base = this.#options.hub.replace(/\/+$/, '');
    return `${base}/${this.#source}/resolve/${encodeURIComponent(this.#revision)}/${file}`;
  }

  #failed(file: string, error: unknown): AlcoveError {
    if (this.#options.signal?.aborted) {
      return new AlcoveError('CancelledError', 'The pull was stopped; the next one goes on from here.');
    }
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message : String(cause);
    return new AlcoveError(
      'EmbedderError',
      `${this.#url(file)} could not be fetched: ${why}. Run the command again: it goes on from where it broke off.`,
      { cause: error },
    );
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function isThere(folder: string): AlcoveError {
  return new AlcoveError(
    'InvalidArgumentError',
    `${folder} is there already: remove it to fetch the model anew, or choose another name by --as.`,
    { path: ['name'], detail: { got: folder } },
  );
}

function absentFile(source: string, file: string, { hub, revision }: PullOptions): AlcoveError {
  return new AlcoveError(
    'InvalidArgumentError',
    `${hub} has no ${file} of ${source} at ${revision}: there is no such model, or it is not kept in ONNX (then try --variant, or Xenova/… for converted ones).`,
    { path: ['name'], detail: { got: source, expected: file } },
  );
}

function refused(url: string, status: number): AlcoveError {
  const isPrivate = status === 401 || status === 403;
  return new AlcoveError(
    isPrivate ? 'InvalidArgumentError' : 'EmbedderError',
    `${url} answers with status ${status}${isPrivate ? ': there is no such model, or it is not public' : '; try again later'}.`,
    { detail: { got: status, expected: 200 } },
  );
}

function notWhole(file: string, got: string, expected: string): AlcoveError {
  return new AlcoveError(
    'EmbedderError',
    `${file} did not come whole: ${got}; expected ${expected}. Run the command again.`,
    {
      detail: { got, expected },
    },
  );
}
