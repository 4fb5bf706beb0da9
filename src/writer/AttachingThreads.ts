import type { MessagePort } from 'node:worker_threads';

/**
 * The threads that have attached to indexes, by the ports of their clients. A client that is closed detaches by
 * itself; a thread that dies takes all of its ports along, and what it held must be given back for it.
 */
export class AttachingThreads {
  readonly #ports = new Map<number, Set<MessagePort>>();
  readonly #onGone: (threadId: number) => void;

  /** `onGone` is called when the last port of a thread that has attached is closed. */
  constructor(onGone: (threadId: number) => void) {
    this.#onGone = onGone;
  }

  /** Notes that a thread is about to attach to an index; `port` leads to it. */
  add(threadId: number, port: MessagePort): void {
    const ports = this.#ports.get(threadId) ?? new Set();
    if (ports.has(port)) return;
    this.#ports.set(threadId, ports.add(port));
    port.once('close', () => this.#remove(threadId, port));
  }

  #remove(threadId: number, port: MessagePort): void {
    const ports = this.#ports.get(threadId);
    ports?.delete(port);
    if (ports?.size !== 0) return;
    this.#ports.delete(threadId);
    this.#onGone(threadId);
  }
}
