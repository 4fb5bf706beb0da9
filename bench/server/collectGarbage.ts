import { BroadcastChannel, isMainThread } from 'node:worker_threads';

/** Loaded before anything else in every thread of a target (--import, with --expose-gc): collects garbage when it is told to. */
export const GARBAGE_CHANNEL = 'bench-garbage';

declare const gc: (() => void) | undefined;

if (!isMainThread && typeof gc === 'function') {
  const collect = gc;
  const channel = new BroadcastChannel(GARBAGE_CHANNEL);
  channel.onmessage = () => collect();
  channel.unref();
}
