import type { ServerLoad as Load, ThreadLoad } from '../telemetry/threadMessages.ts';
import { builder } from './builder.ts';
import { Server } from './server.ts';

const ServerThreadKind = builder.enumType('ServerThreadKind', {
  description: 'What a thread of the server does.',
  values: {
    SERVER: { description: 'Answers requests.' },
    WRITER: { description: 'Makes all changes.' },
    INGESTER: { description: 'Takes in files, and embeds libraries anew.' },
  } as const,
});

const ServerThreadState = builder.enumType('ServerThreadState', {
  description: 'How a thread of the server is.',
  values: {
    STARTING: { description: 'It has not answered yet.' },
    SERVING: { description: 'It answers.' },
    UNRESPONSIVE: { description: 'It has answered, but not within a second when it was last asked.' },
  } as const,
});

const ServerThread = builder.objectRef<ThreadLoad>('ServerThread').implement({
  description: 'One thread of the server. One that dies is replaced, by another of its name.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As in logs and metrics. Example: `"server-1"`' }),
    kind: t.expose('kind', { type: ServerThreadKind, description: 'What it does. Example: `SERVER`' }),
    state: t.expose('state', { type: ServerThreadState, description: 'How it is. Example: `SERVING`' }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      description: 'When it was started. Example: `"2026-01-31T08:30:00.000Z"`',
    }),
    requestsPerSecond: t.exposeFloat('requestsPerSecond', {
      description: 'Operations that it has answered a second, over the last 30 seconds. Example: `118.3`',
    }),
    eventLoopDelayMs: t.exposeFloat('eventLoopDelayMs', {
      description:
        'How late its event loop was, in milliseconds: the 99th percentile of the last ten seconds. Example: `1.7`',
    }),
    busy: t.exposeFloat('busy', {
      description: 'Share of the last ten seconds in which it was at work, from 0 to 1. Example: `0.42`',
    }),
    heapBytes: t.exposeFloat('heapBytes', {
      description: 'JavaScript heap that it uses, in bytes. Example: `56513544`',
    }),
  }),
});

const ServerLoad = builder.objectRef<Load>('ServerLoad').implement({
  description:
    'The server at a glance: all of its threads, as of a moment ago. What monitoring reads in full is at /metrics.',
  fields: (t) => ({
    requestsPerSecond: t.exposeFloat('requestsPerSecond', {
      description: 'Operations that it has answered a second, over the last 30 seconds. Example: `231.6`',
    }),
    requestsInProgress: t.exposeInt('requestsInProgress', {
      description: 'Requests that are under way, this one included, without subscriptions. Example: `4`',
    }),
    subscriptions: t.exposeInt('subscriptions', {
      description: 'Subscriptions that are open. Example: `12`',
    }),
    connections: t.exposeInt('connections', {
      description: 'Connections that are open, WebSockets included. Example: `35`',
    }),
    writesWaiting: t.exposeInt('writesWaiting', {
      description: 'Commands that the writer has been given and has not answered. Example: `0`',
    }),
    jobsRunning: t.exposeInt('jobsRunning', { description: 'Jobs that are at work. Example: `1`' }),
    jobsQueued: t.exposeInt('jobsQueued', { description: 'Jobs that wait. Example: `0`' }),
    residentBytes: t.exposeFloat('residentBytes', {
      description: 'Memory of the whole process that is in RAM, in bytes. Example: `478171136`',
    }),
    threads: t.field({
      type: [ServerThread],
      description:
        'Its threads, but for those that build. Example: `{ server { load { threads { name state } } } }`',
      resolve: ({ threads }) => [...threads],
    }),
  }),
});

builder.objectField(Server, 'load', (t) =>
  t.field({
    type: ServerLoad,
    description:
      'What all threads are doing. Example: `{ server { load { requestsPerSecond threads { name state eventLoopDelayMs } } } }`',
    resolve: (_facts, _args, { load }) => load(),
  }),
);
