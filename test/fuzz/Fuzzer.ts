import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, type Case, operationsIn } from './Case.ts';
import { CaseWriter } from './CaseWriter.ts';
import { Choice } from './Choice.ts';
import { FuzzedServer } from './FuzzedServer.ts';
import { codeIn, faultIn, signatureOf } from './judge.ts';
import { Known } from './Known.ts';
import { Sender } from './send.ts';
import { shrink } from './shrink.ts';

const SCHEMA = join(import.meta.dirname, '..', '..', 'schema.graphql');
/** Operations between two good requests, whose answers are checked. */
const CHECK_EVERY = 500;
/** Operations after which what they have written is taken away, so that no run fills the disk. */
const FURNISH_EVERY = 4_000;
/** Cases of one fault that are kept, and made smaller. */
const KEPT_PER_FAULT = 2;
/** A case that takes longer may be one that keeps the server busy; the slowest few are kept. */
const SLOW_MS = 1_000;
const KEPT_SLOWEST = 5;
/** How long a server may take to come to rest before its memory is read. */
const REST_MS = 3_000;
/** How long a line of the log may take to come through its pipe. */
const LOG_MS = 100;
/** Characters of an answer that a file holds. */
const SHOWN_LENGTH = 2_000;
/** How many cases before a fault its file holds, for what did not happen again by itself. */
const REMEMBERED_CASES = 40;

export interface FuzzOptions {
  readonly operations: number;
  readonly seed: number;
  /** Server threads. */
  readonly threads: number;
  /** Cases under way at once. */
  readonly lanes: number;
  /** Where a file is left for each fault. */
  readonly folder: string;
  readonly onProgress?: (progress: Progress) => void;
  /** A fault of a new kind, and the file with the case as it was sent. */
  readonly onFault?: (fault: string, file: string) => void;
  /** Ends the run early; what it has found until then is reported. */
  readonly signal?: AbortSignal;
}

export interface Progress {
  readonly operations: number;
  readonly seconds: number;
  readonly memory: number;
  readonly faults: number;
}

/** A promise that was broken, and by what. */
export interface Fault {
  readonly fault: string;
  /** How often. */
  times: number;
  /** Files with a case each that shows it, made as small as it could be. */
  readonly files: string[];
}

export interface Report {
  readonly operations: number;
  readonly seconds: number;
  /** Operations by way, status and code: `HTTP 200 BAD_USER_INPUT`. */
  readonly answers: ReadonlyMap<string, number>;
  readonly faults: readonly Fault[];
  readonly crashes: number;
  /** The cases that took longest, each in a file. */
  readonly slowest: readonly { readonly ms: number; readonly file: string }[];
  /** Bytes that the server's process held when it had warmed up, at most, and at rest at the end. */
  readonly memory: { readonly start: number; readonly peak: number; readonly end: number };
}

/** A fault as it was found, before anything was made smaller. */
interface Finding {
  readonly fault: string;
  readonly index: number;
  readonly sent: Case;
  readonly answer: Answer;
  readonly log: string;
  /** The cases before it, the last one last. */
  readonly before: readonly Case[];
}

/** Sends a server what it should not be sent, and finds out which promise that breaks. */
export class Fuzzer {
  readonly #options: FuzzOptions;
  readonly #writer = new CaseWriter(readFileSync(SCHEMA, 'utf8'));
  readonly #known = new Known();
  readonly #answers = new Map<string, number>();
  readonly #faults = new Map<string, Fault>();
  readonly #findings: Finding[] = [];
  readonly #recent: Case[] = [];
  readonly #underWay = new Set<Case>();
  #server: FuzzedServer;
  #sender: Sender;
  #reviving: Promise<void> | undefined;
  #logRead = 0;
  /** Lines of the log that no answer has explained. */
  #unexplained = new Map<string, number>();
  #slowest: { readonly ms: number; readonly sent: Case; readonly answer: Answer }[] = [];
  #index = 0;
  #operations = 0;
  #crashes = 0;
  #startMemory = 0;
  #peakMemory = 0;

  private constructor(options: FuzzOptions, server: FuzzedServer) {
    this.#options = options;
    this.#server = server;
    this.#sender = new Sender(server.url);
  }

  /** Runs to the end, whatever is found. */
  static async run(options: FuzzOptions): Promise<Report> {
    return new Fuzzer(options, await FuzzedServer.start(options.threads)).#run();
  }

  async #run(): Promise<Report> {
    const { operations, lanes, onProgress, signal } = this.#options;
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1_000;
    const warm = Math.min(operations / 10, 5_000);
    let nextCheck = CHECK_EVERY;
    let nextFurnishing = FURNISH_EVERY;
    const lane = async () => {
      while (this.#operations < operations && !signal?.aborted) {
        await this.#sendNext();
        if (this.#startMemory === 0 && this.#operations >= warm) this.#startMemory = this.#server.memory;
        if (this.#operations >= nextCheck) {
          nextCheck += CHECK_EVERY;
          await this.#check();
          const { memory } = this.#server;
          this.#peakMemory = Math.max(this.#peakMemory, memory);
          onProgress?.({
            operations: this.#operations,
            seconds: seconds(),
            memory,
            faults: this.#faults.size,
          });
        }
        if (this.#operations >= nextFurnishing) {
          nextFurnishing += FURNISH_EVERY;
          await this.#server.furnish().catch(() => {});
        }
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    const took = seconds();
    await wait(REST_MS);
    await this.#check();
    const end = this.#server.memory;
    await this.#report();
    this.#sender.close();
    const status = await this.#server.stop();
    if (status !== 0) this.#count(`the process: ended with status ${status}`);
    return {
      operations: this.#operations,
      seconds: took,
      answers: this.#answers,
      faults: [...this.#faults.values()],
      crashes: this.#crashes,
      slowest: this.#slowest.map(({ ms, sent, answer }, at) => ({
        ms,
        file: this.#write(`slow-${at}`, {
          ms,
          case: sent,
          answer: { ...answer, text: answer.text.slice(0, SHOWN_LENGTH) },
        }),
      })),
      memory: { start: this.#startMemory, peak: Math.max(this.#peakMemory, end), end },
    };
  }

  async #sendNext(): Promise<void> {
    const index = this.#index++;
    const sent = this.#writer.write(Choice.ofOperation(this.#options.seed, index), this.#known);
    this.#recent.push(sent);
    if (this.#recent.length > REMEMBERED_CASES) this.#recent.shift();
    this.#underWay.add(sent);
    const began = performance.now();
    const answer = await this.#sender.send(sent);
    this.#timed(performance.now() - began, sent, answer);
    if (answer.silence !== undefined) await this.#reviveIfDead();
    this.#underWay.delete(sent);
    this.#operations += operationsIn(sent);
    const counted = `${sent.way} ${answer.status} ${codeIn(answer.text)}`;
    this.#answers.set(counted, (this.#answers.get(counted) ?? 0) + operationsIn(sent));
    this.#known.learn(answer.text);
    const kind = faultIn(sent, answer);
    if (kind !== undefined) await this.#found(kind, index, sent, answer);
  }

  async #found(kind: string, index: number, sent: Case, answer: Answer): Promise<void> {
    await wait(LOG_MS);
    const log = logOf(answer, this.#server.log);
    for (const line of log.split('\n')) this.#unexplained.delete(line);
    const fault = [kind, signatureOf(log)].filter(Boolean).join(': ');
    this.#keep({ fault, index, sent, answer, log });
  }

  /** Counts a fault; the first cases of each are kept, in files at once: a run may be ended before its report. */
  #keep(found: Omit<Finding, 'before'>): void {
    if (this.#count(found.fault) > KEPT_PER_FAULT) return;
    const finding = { ...found, before: [...this.#recent] };
    const file = this.#write(`fault-${this.#findings.length}`, finding);
    this.#findings.push(finding);
    this.#options.onFault?.(finding.fault, file);
  }

  #timed(ms: number, sent: Case, answer: Answer): void {
    if (ms < SLOW_MS || ms < (this.#slowest.at(-1)?.ms ?? 0)) return;
    this.#slowest = [...this.#slowest, { ms, sent, answer }]
      .sort((a, b) => b.ms - a.ms)
      .slice(0, KEPT_SLOWEST);
  }

  #count(fault: string): number {
    const known = this.#faults.get(fault) ?? { fault, times: 0, files: [] };
    known.times += 1;
    this.#faults.set(fault, known);
    return known.times;
  }

  /** A good request is served, and the log says nothing that no answer has told of. */
  async #check(): Promise<void> {
    if (!(await this.#server.serves())) {
      await this.#reviveIfDead();
      if (!(await this.#server.serves()))
        await this.#found('a good request is not served', this.#index, ...nothing());
    }
    for (const [line, age] of this.#unexplained) {
      if (age === 0) {
        this.#unexplained.set(line, 1);
        continue;
      }
      this.#unexplained.delete(line);
      const fault = `the log: ${signatureOf(line)}`;
      const [sent, answer] = nothing();
      this.#keep({ fault, index: this.#index, sent, answer, log: line });
    }
    const log = this.#server.log;
    for (const line of log.slice(this.#logRead, log.lastIndexOf('\n') + 1).split('\n'))
      if (line !== '' && !this.#isExplained(line)) this.#unexplained.set(line, 0);
    this.#logRead = log.lastIndexOf('\n') + 1;
  }

  #isExplained(line: string): boolean {
    const signature = signatureOf(line);
    return [...this.#faults.keys()].some((fault) => fault.endsWith(signature));
  }

  /** Starts another server in place of one that has ended, and keeps what was under way when it did. */
  async #reviveIfDead(): Promise<void> {
    await wait(20);
    if (this.#server.isAlive) return;
    this.#reviving ??= this.#revive().finally(() => {
      this.#reviving = undefined;
    });
    await this.#reviving;
  }

  async #revive(): Promise<void> {
    this.#crashes += 1;
    const log = this.#server.log.slice(-4_000);
    for (const sent of this.#underWay) {
      const answer = { status: 0, text: '', silence: 'the process ended' };
      this.#keep({ fault: `the process ended: ${signatureOf(log)}`, index: this.#index, sent, answer, log });
    }
    this.#sender.close();
    await this.#server.stop();
    this.#server = await FuzzedServer.start(this.#options.threads);
    this.#sender = new Sender(this.#server.url);
    this.#logRead = 0;
  }

  /** Leaves a file for each finding, with the smallest case by which it happens again. */
  async #report(): Promise<void> {
    for (const [at, finding] of this.#findings.entries()) {
      const happens = async (sent: Case) => {
        const from = this.#server.log.length;
        const answer = await this.#sender.send(sent);
        if (!this.#server.isAlive) {
          await this.#revive();
          return finding.fault.startsWith('the process ended');
        }
        const kind = faultIn(sent, answer);
        if (kind === undefined) return false;
        await wait(LOG_MS);
        return (
          finding.fault ===
          [kind, signatureOf(logOf(answer, this.#server.log.slice(from)))].filter(Boolean).join(': ')
        );
      };
      const happensAgain = await happens(finding.sent);
      const smallest = happensAgain ? await shrink(finding.sent, happens) : finding.sent;
      const { fault, index, answer, log, before } = finding;
      const file = this.#write(`fault-${at}`, {
        fault,
        index,
        happensAgain,
        case: smallest,
        answer: { ...answer, text: answer.text.slice(0, SHOWN_LENGTH) },
        log,
        ...(happensAgain ? {} : { before }),
      });
      this.#faults.get(fault)?.files.push(file);
    }
  }

  #write(name: string, content: object): string {
    const { folder, seed } = this.#options;
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `seed-${seed}-${name}.json`);
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
    return file;
  }
}

/** Sends the case of a file that a run has left, and answers what came back. */
export async function replay(
  file: string,
  threads: number,
): Promise<{ answer: Answer; fault: string | undefined; log: string }> {
  const { case: sent } = JSON.parse(readFileSync(file, 'utf8')) as { case: Case };
  const server = await FuzzedServer.start(threads);
  const sender = new Sender(server.url);
  const answer = await sender.send(sent);
  await wait(100);
  const { log } = server;
  sender.close();
  await server.stop();
  return { answer, fault: faultIn(sent, answer), log };
}

/** The lines of the log that an answer refers to by its request's id. */
function logOf({ text }: Answer, log: string): string {
  const ids = [...text.matchAll(/"requestId":"([^"]+)"/g)].map(([, id = '']) => id);
  if (ids.length === 0) return '';
  return log
    .split('\n')
    .filter((line) => ids.some((id) => line.includes(id)))
    .join('\n');
}

/** Of a fault that belongs to no case. */
function nothing(): [Case, Answer] {
  return [
    { way: 'RAW', bytes: '' },
    { status: 0, text: '' },
  ];
}
