import { Worker } from 'node:worker_threads';
import { isUsable, KeyStore } from '../access/KeyStore.ts';
import { type Config, isLoopback } from '../config.ts';
import type { ServerFacts } from '../graphql/Context.ts';
import { IngesterThread } from '../ingester/IngesterThread.ts';
import { packageVersion } from '../packageVersion.ts';
import { dataFolder } from '../store/dataFolder.ts';
import { createLogger, type Logger } from '../telemetry/Logger.ts';
import { MetricsServer } from '../telemetry/MetricsServer.ts';
import { secretsOf } from '../telemetry/secrets.ts';
import { ThreadHub } from '../telemetry/ThreadHub.ts';
import { workerEntry } from '../workerEntry.ts';
import { WriterThread } from '../writer/WriterThread.ts';
import { RateLimiter } from './admission/RateLimiter.ts';
import { type DataFolderLock, lockDataFolder } from './dataFolderLock.ts';
import { checkPortIsFree } from './listening.ts';
import { type RegisteredOperations, readRegisteredOperations } from './operations/registeredOperations.ts';
import { reachableUrl } from './reachableUrl.ts';
import { StartError } from './StartError.ts';
import type { ThreadData, ThreadOrder, ThreadReport } from './threadMessages.ts';

/** What tools that list threads (top -H) call them; the other threads are named as well. */
const SERVER_THREAD = 'server';
/** For requests that are under way when the server stops, and never more than half of what the whole stop may take. */
const REQUESTS_LIMIT_MS = 10_000;
/** A thread that has not stopped so long after that is ended. */
const STOP_GRACE_MS = 5_000;
/** Server threads that may die within {@link RESTART_WINDOW_MS} and be replaced; one more ends the process. */
const MAX_RESTARTS = 5;
const RESTART_WINDOW_MS = 60_000;

const METRICS_VARIABLES = { host: 'ALCOVE_METRICS_HOST', port: 'ALCOVE_METRICS_PORT' };

/** A server that serves. */
export interface RunningServer {
  /** Where a client on this machine finds it, without a path: `http://127.0.0.1:4400`. */
  readonly url: string;
  readonly port: number;
  /** Undefined: metrics are not served. */
  readonly metricsPort: number | undefined;
  /**
   * Says that it is not ready, waits for the drain delay, stops accepting, lets requests finish, tells subscribers, saves and closes,
   * all inside the limit of the configuration. Calling it again waits for the same.
   */
  close(): Promise<void>;
}

/**
 * Starts the writer thread, the ingester and the server threads, and keeps them running. When the writer is lost, or server threads
 * keep dying, the process ends with status 1: what is on disk is whole, and a new process starts from it.
 * @throws StartError one line that says what is in the way and what to do.
 */
export async function startServer(config: Config): Promise<RunningServer> {
  const logger = createLogger(config.log, { common: { thread: 'main' }, secrets: secretsOf(config) });
  const registered = readRegisteredOperations(config);
  await checkPortIsFree(config.host, config.port);
  const { host, port } = config.metrics;
  if (port !== undefined) await checkPortIsFree(host, port, METRICS_VARIABLES);
  const lock = lockDataFolder(config.dataPath);
  try {
    checkKeys(config);
    return await Supervisor.start({ config, logger, lock, registered });
  } catch (error) {
    lock.release();
    const isExpected = error instanceof Error && error.name === 'WriterStartError';
    throw isExpected ? new StartError(error.message, { cause: error }) : error;
  }
}

/** @throws StartError when keys are asked for and there is none that lets anybody in, DatabaseOpenError */
function checkKeys({ auth, dataPath, host }: Config): void {
  const store = KeyStore.open(dataFolder.keys(dataPath));
  try {
    if (!auth.isRequired || auth.adminKey !== undefined) return;
    if (store.list().some((key) => isUsable(key, Date.now()))) return;
  } finally {
    store.close();
  }
  const [occasion, wayOut] = isLoopback(host)
    ? ['ALCOVE_AUTH=required', '']
    : [`listening on ${host}, which others can reach,`, ', or listen on 127.0.0.1'];
  throw new StartError(
    `${occasion} takes keys, and there is none yet: make one (alcove keys create NAME --role admin --data ${dataPath}), or set ALCOVE_ADMIN_KEY${wayOut} (docs/security.md)`,
  );
}

/** What a server is started with. */
interface Launch {
  readonly config: Config;
  readonly logger: Logger;
  readonly lock: DataFolderLock;
  readonly registered: RegisteredOperations;
}

class Supervisor implements RunningServer {
  readonly #config: Config;
  readonly #logger: Logger;
  readonly #lock: DataFolderLock;
  readonly #writer: WriterThread;
  readonly #ingester: IngesterThread;
  readonly #facts: ServerFacts;
  readonly #registered: RegisteredOperations;
  readonly #hub: ThreadHub;
  #metrics: MetricsServer | undefined;
  readonly #threads = new Set<Worker>();
  readonly #rates = RateLimiter.memory();
  #deaths: number[] = [];
  #closing: Promise<void> | undefined;
  #port = 0;

  private constructor({ config, logger, lock, registered }: Launch, hub: ThreadHub, writer: WriterThread) {
    this.#config = config;
    this.#registered = registered;
    this.#logger = logger;
    this.#lock = lock;
    this.#hub = hub;
    this.#writer = writer;
    this.#ingester = new IngesterThread({
      config,
      connect: () => writer.connect(),
      seat: () => hub.connect('INGESTER'),
      onTrouble: (message) => logger.error('ingester', { message }),
    });
    this.#facts = { version: packageVersion(), startedAt: Date.now(), threads: config.threads };
  }

  static async start(launch: Launch): Promise<Supervisor> {
    const { config, logger } = launch;
    let isStarted = false;
    const hub = new ThreadHub(packageVersion(), config.tracing);
    const writer = await WriterThread.start({
      telemetry: hub.connect('WRITER'),
      metricsLibraries: config.metrics.libraries,
      dataPath: config.dataPath,
      jobs: config.jobs,
      indexMemoryBytes: config.indexMemoryBytes,
      buildThreads: config.buildThreads,
      checkPages: config.checkPages,
      onTrouble: (message) => logger.error('writer', { message }),
      onNotice: (message) => logger.info('writer', { message }),
      onFatal: (message) => {
        if (isStarted) endProcess(logger, message);
      },
    });
    isStarted = true;
    const supervisor = new Supervisor(launch, hub, writer);
    try {
      await supervisor.#startThreads();
      await supervisor.#serveMetrics();
    } catch (error) {
      await supervisor.#stopThreads(0);
      await supervisor.#ingester.close();
      await writer.close();
      hub.close();
      throw error;
    }
    logger.info('serving', { url: supervisor.url, threads: supervisor.#threads.size });
    return supervisor;
  }

  /** Where metrics are served, if they are. */
  get metricsPort(): number | undefined {
    return this.#metrics?.port;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return reachableUrl(this.#config.host, this.#port);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { drainDelayMs, stopLimitMs } = this.#config;
    this.#logger.info('stopping', { drainDelayMs, stopLimitMs });
    const stopsAt = performance.now() + drainDelayMs + stopLimitMs;
    await this.#stopThreads(Math.min(REQUESTS_LIMIT_MS, stopLimitMs / 2), drainDelayMs);
    await this.#ingester.close();
    const isWhole = await this.#writer.close(Math.max(0, stopsAt - performance.now()));
    await this.#metrics?.close();
    this.#hub.close();
    this.#lock.release();
    if (!isWhole)
      this.#logger.error(
        'stopped at the limit: indexes that were not saved are brought level at the next start',
      );
    this.#logger.info('stopped');
  }

  async #serveMetrics(): Promise<void> {
    const { host, port } = this.#config.metrics;
    if (port === undefined) return;
    this.#metrics = await MetricsServer.listen({ host, port }, () => this.#hub.metrics());
    this.#logger.info('serving metrics', { host, port: this.#metrics.port });
  }

  /** The first thread finds the port; the others share it. */
  async #startThreads(): Promise<void> {
    const first = await this.#startThread(this.#config.port);
    this.#port = first.port;
    if (!first.isShared) return this.#logger.info('one server thread: this system cannot share a port');
    const others = Array.from({ length: this.#config.threads - 1 }, () => this.#startThread(this.#port));
    await Promise.all(others);
  }

  async #startThread(port: number): Promise<{ readonly port: number; readonly isShared: boolean }> {
    const writer = this.#writer.connect();
    const telemetry = this.#hub.connect('SERVER');
    const data: ThreadData = {
      config: this.#config,
      facts: this.#facts,
      registered: this.#registered,
      writer,
      rates: this.#rates,
      port,
      telemetry,
    };
    const worker = new Worker(workerEntry('thread', import.meta.url), {
      workerData: data,
      transferList: [writer, telemetry.port],
      name: SERVER_THREAD,
    });
    this.#threads.add(worker);
    worker.on('error', (error) => this.#logger.error('server thread failed', { error }));
    const exited = exitOf(worker).then(() => {
      this.#hub.exited(telemetry.name);
      return this.#threads.delete(worker);
    });
    const reported = new Promise<ThreadReport>((resolve) => worker.once('message', resolve));
    const report = await Promise.race([reported, exited]);
    if (typeof report === 'boolean') throw new StartError('a server thread ended before it could serve');
    if (report.kind === 'REFUSED') throw new StartError(report.message);
    exited.then(() => this.#replace());
    return report;
  }

  #replace(): void {
    if (this.#closing) return;
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < RESTART_WINDOW_MS), now];
    if (this.#deaths.length > MAX_RESTARTS) endProcess(this.#logger, 'server threads keep dying');
    this.#logger.error('server thread ended; starting another');
    this.#startThread(this.#port).catch((error: unknown) => {
      if (this.#closing) return;
      this.#logger.error('server thread did not start', { error });
      this.#replace();
    });
  }

  async #stopThreads(limitMs: number, drainDelayMs = 0): Promise<void> {
    const order: ThreadOrder = { kind: 'STOP', drainDelayMs, limitMs };
    const stop = async (worker: Worker) => {
      const exited = exitOf(worker);
      const timer = setTimeout(() => worker.terminate(), drainDelayMs + limitMs + STOP_GRACE_MS);
      worker.postMessage(order);
      await exited;
      clearTimeout(timer);
    };
    await Promise.all([...this.#threads].map(stop));
  }
}

function exitOf(worker: Worker): Promise<void> {
  return new Promise((resolve) => worker.once('exit', () => resolve()));
}

function endProcess(logger: Logger, message: string): never {
  logger.error('ending the process', { message });
  process.exit(1);
}
