import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, type Case, operationsIn } from './Case.ts';
import { CaseWriter } from './CaseWriter.ts';
import { Choice } from './Choice.ts';
import { FuzzedServer } from './FuzzedServer.ts';
import { codeIn, faultIn, signatureOf } from './judge.ts';
import { Known } from './Known.ts';
import { AIMS, aboutNothing, isSame, withLimitedKey } from './LimitedKey.ts';
import { Load } from './Load.ts';
import type { Fault, FuzzOptions, Report } from './Report.ts';
import { Sender } from './send.ts';
import { shrink } from './shrink.ts';

const SCHEMA = join(import.meta.dirname, '..', '..', 'schema.graphql');
/** Operations between two good requests, whose answers are checked. */
const CHECK_EVERY = 500;
/** Operations after which what they have written is taken away, so that no run fills the disk. */
const ROUND_OPERATIONS = 3_600;
/** For so many of a round one follows that is sent with the limited key. */
const ROUND_PER_LIMITED = 9;
/** Cases of one fault that are kept, and made smaller. */
const KEPT_PER_FAULT = 2;
/** A case that takes longer may be one that keeps the server busy; the slowest few are kept. */
const SLOW_MS = 1_000;
const KEPT_SLOWEST = 5;
/** Operations after which a server has warmed up, or a tenth of a short run. */
const WARM_OPERATIONS = 5_000;
/** How long a server may take to come to rest before its memory is read. */
const REST_MS = 3_000;
/** How long a line of the log may take to come through its pipe. */
const LOG_MS = 100;
/** Characters of an answer that a file holds. */
const SHOWN_LENGTH = 2_000;
/** How many cases before a fault its file holds, for what did not happen again by itself. */
const REMEMBERED_CASES = 40;

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
  /** What those with the limited key know of. */
  readonly #limitedKnown = new Known(AIMS);
  readonly #load = new Load();
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
  #nextCheck = CHECK_EVERY;
  #crashes = 0;
  #compared = 0;
  #rounds = 0;
  #startMemory = 0;
  #middleMemory = 0;
  #peakMemory = 0;

  private constructor(options: FuzzOptions, server: FuzzedServer) {
    this.#options = options;
    this.#server = server;
    this.#sender = new Sender(server);
  }

  /** Runs to the end, whatever is found. */
  static async run(options: FuzzOptions): Promise<Report> {
    return new Fuzzer(options, await FuzzedServer.start(options.threads)).#run();
  }

  async #run(): Promise<Report> {
    const { operations, signal } = this.#options;
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1_000;
    const share = ROUND_PER_LIMITED / (ROUND_PER_LIMITED + 1);
    while (this.#operations < operations && !signal?.aborted) {
      const before = this.#operations;
      const most = Math.min(ROUND_OPERATIONS, Math.ceil((operations - before) * share));
      await this.#sendUntil(before + most, seconds);
      await this.#furnish();
      if (!signal?.aborted)
        await this.#limitedRound((this.#operations - before) / ROUND_PER_LIMITED, seconds);
    }
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
      limited: { compared: this.#compared, rounds: this.#rounds },
      slowest: this.#slowest.map(({ ms, sent, answer }, at) => ({
        ms,
        file: this.#write(`slow-${at}`, {
          ms,
          case: sent,
          answer: { ...answer, text: answer.text.slice(0, SHOWN_LENGTH) },
        }),
      })),
      memory: {
        start: this.#startMemory,
        middle: this.#middleMemory,
        peak: Math.max(this.#peakMemory, end),
        end,
      },
    };
  }

  /** Sends until so many operations have been sent, and all have been answered. */
  async #sendUntil(operations: number, seconds: () => number, isLimited = false): Promise<void> {
    const { lanes, signal } = this.#options;
    const lane = async () => {
      while (this.#operations < operations && !signal?.aborted) {
        await this.#sendNext(isLimited);
        if (this.#operations < this.#nextCheck) continue;
        this.#nextCheck += CHECK_EVERY;
        await this.#check();
        this.#measure(seconds());
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  #measure(seconds: number): void {
    const { operations, onProgress } = this.#options;
    const { memory } = this.#server;
    this.#peakMemory = Math.max(this.#peakMemory, memory);
    if (this.#operations >= Math.min(operations / 10, WARM_OPERATIONS)) this.#startMemory ||= memory;
    if (this.#operations >= operations / 2) this.#middleMemory ||= memory;
    onProgress?.({ operations: this.#operations, seconds, memory, faults: this.#faults.size });
  }

  /** Nothing else is sent meanwhile, so that whatever has been written after it was written by these. */
  async #limitedRound(operations: number, seconds: () => number): Promise<void> {
    try {
      const before = await this.#server.written();
      const crashes = this.#crashes;
      await this.#sendUntil(this.#operations + operations, seconds, true);
      const after = await this.#server.written();
      if (crashes !== this.#crashes) return;
      this.#rounds += 1;
      const added = after.files.filter((file) => !before.files.includes(file));
      if (after.data === before.data && added.length === 0) return;
      const log = [before.data, after.data, ...added].join('\n');
      const [sent, answer] = nothing();
      this.#keep({
        fault: 'something was written with a key that may only read',
        index: this.#index,
        sent,
        answer,
        log,
      });
    } catch (error) {
      await this.#troubled(String(error));
    }
  }

  /** What operations have left is taken away. */
  async #furnish(): Promise<void> {
    try {
      await this.#server.furnish();
    } catch (error) {
      await this.#troubled(String(error));
    }
  }

  async #sendNext(isLimited: boolean): Promise<void> {
    const index = this.#index++;
    const known = isLimited ? this.#limitedKnown : this.#known;
    const written = this.#writer.write(Choice.ofOperation(this.#options.seed, index), known);
    const sent = isLimited ? withLimitedKey(written) : written;
    if (sent === undefined) return;
    this.#recent.push(sent);
    if (this.#recent.length > REMEMBERED_CASES) this.#recent.shift();
    this.#underWay.add(sent);
    const ended = this.#load.begin(operationsIn(sent));
    const answer = await this.#sender.send(sent);
    const load = ended(answer);
    this.#timed(load.ms, sent, answer);
    if (answer.silence !== undefined) await this.#reviveIfDead();
    this.#underWay.delete(sent);
    this.#operations += operationsIn(sent);
    const counted = `${sent.way}${isLimited ? '+KEY' : ''} ${answer.status} ${codeIn(answer.text)}`;
    this.#answers.set(counted, (this.#answers.get(counted) ?? 0) + operationsIn(sent));
    known.learn(answer.text);
    const kind = faultIn(sent, answer, load);
    if (kind !== undefined) await this.#found(kind, index, sent, answer);
    else if (isLimited) await this.#compare(index, sent, answer);
  }

  /** What names things of others has to be answered as if there were no such things: not once, but whenever it is asked. */
  async #compare(index: number, sent: Case, answer: Answer): Promise<void> {
    const twin = aboutNothing(sent);
    if (twin === undefined) return;
    this.#compared += 1;
    const ask = async (asked: Case) => {
      const ended = this.#load.begin(1);
      const told = await this.#sender.send(asked);
      ended(told);
      return told;
    };
    const other = await ask(twin);
    if (isSame(answer, other)) return;
    // Times and refusals for want of room differ from one to the next, with the same question, too.
    if (!isSame(answer, await ask(sent)) || !isSame(other, await ask(twin))) return;
    const kind = `${sent.way}: what is of others is answered otherwise than what there is not`;
    this.#keep({ fault: kind, index, sent, answer, log: JSON.stringify(other) });
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
    const trouble = await this.#server.trouble();
    if (trouble !== undefined) await this.#troubled(trouble);
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

  /** A good request was not answered rightly. That of a process that has ended is told of as such. */
  async #troubled(trouble: string): Promise<void> {
    await this.#reviveIfDead();
    if ((await this.#server.trouble()) === undefined && this.#crashes > 0) return;
    const [sent, answer] = nothing();
    const kind = `a good request is not answered rightly: ${trouble.slice(0, SHOWN_LENGTH).replaceAll(/\d+/g, '…')}`;
    await this.#found(kind, this.#index, sent, answer);
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
    this.#sender = new Sender(this.#server);
    this.#logRead = 0;
  }

  /** Leaves a file for each finding, with the smallest case by which it happens again. */
  async #report(): Promise<void> {
    for (const [at, finding] of this.#findings.entries()) {
      const happens = async (sent: Case) => {
        const from = this.#server.log.length;
        const ended = this.#load.begin(operationsIn(sent));
        const answer = await this.#sender.send(sent);
        const load = ended(answer);
        if (!this.#server.isAlive) {
          await this.#revive();
          return finding.fault.startsWith('the process ended');
        }
        const kind = faultIn(sent, answer, load);
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
