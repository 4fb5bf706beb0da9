import { Option } from 'commander';
import { type AlcoveClient, createClient } from '../client/index.ts';

/** Which server a command talks to, and by which key. */
export interface ServerOptions {
  readonly url: string;
  readonly key?: string;
}

/** The key that a command presents. */
export function keyOption(): Option {
  return new Option(
    '--key <key>',
    'key of the server, where it asks for one; better in the variable, since others can see the flags of a process',
  ).env('ALCOVE_API_KEY');
}

/** A client of that server. */
export function clientOf({ url, key }: ServerOptions): AlcoveClient {
  return createClient({ url, ...(key ? { apiKey: key } : {}) });
}
