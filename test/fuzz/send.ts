import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import type { Answer, Case, HttpCase, RawCase, SocketCase } from './Case.ts';

/** A server that has said nothing for so long has lost the request. */
const SILENCE_MS = 60_000;
/** What is kept of an answer; the rest is read and passed over. */
const KEPT_BYTES = 65_536;
/** An event stream is followed for so long. */
const STREAM_MS = 60;
/** Bytes that may be no whole request are waited for so long. */
const RAW_MS = 60;
/** How long the answers to a WebSocket's last messages may take, when they are still coming. */
const SOCKET_MS = 150;

/** Sends cases to one server, over connections that are kept. */
export class Sender {
  readonly #port: number;
  readonly #limitedKey: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  /** @param limitedKey what cases are sent with that say so */
  constructor({ url, limitedKey }: { readonly url: string; readonly limitedKey: string }) {
    this.#port = Number(new URL(url).port);
    this.#limitedKey = limitedKey;
  }

  send(sent: Case): Promise<Answer> {
    if (sent.way === 'RAW') return this.#sendRaw(sent);
    return sent.way === 'SOCKET' ? this.#sendMessages(sent) : this.#sendRequest(sent);
  }

  close(): void {
    this.#agent.destroy();
  }

  #credentials({ hasLimitedKey }: HttpCase | SocketCase): Record<string, string> {
    return hasLimitedKey ? { authorization: `Bearer ${this.#limitedKey}` } : {};
  }

  #sendRequest(sent: HttpCase): Promise<Answer> {
    const { method, path, headers, body } = sent;
    return new Promise((resolve) => {
      const bytes = Buffer.from(body, 'latin1');
      const length = method === 'GET' ? {} : { 'content-length': bytes.length };
      const asked = request({
        host: '127.0.0.1',
        port: this.#port,
        agent: this.#agent,
        method,
        path,
        headers: { ...headers, ...this.#credentials(sent), ...length },
      });
      const fail = (silence: string) => {
        clearTimeout(timer);
        resolve({ status: 0, text: '', silence });
        asked.destroy();
      };
      const timer = setTimeout(() => fail(`nothing for ${SILENCE_MS} ms`), SILENCE_MS);
      asked.once('error', (error) => fail(error.message));
      asked.once('response', (response) => {
        const chunks: Buffer[] = [];
        let kept = 0;
        const status = response.statusCode ?? 0;
        const retryAfter = response.headers['retry-after'];
        const done = (isLeft = false) => {
          clearTimeout(timer);
          resolve({
            status,
            text: Buffer.concat(chunks).toString('utf8'),
            ...(retryAfter === undefined ? {} : { retryAfter }),
            ...(isLeft ? { isLeft } : {}),
          });
        };
        response.on('data', (chunk: Buffer) => {
          if (kept < KEPT_BYTES) chunks.push(chunk);
          kept += chunk.length;
        });
        response.once('end', () => done());
        response.once('error', () => fail('the answer broke off'));
        const isStream = String(response.headers['content-type']).startsWith('text/event-stream');
        if (!isStream) return;
        setTimeout(() => {
          done(true);
          asked.destroy();
        }, STREAM_MS);
      });
      asked.end(bytes);
    });
  }

  #sendRaw({ bytes }: RawCase): Promise<Answer> {
    return new Promise((resolve) => {
      const socket = connect(this.#port, '127.0.0.1');
      const chunks: Buffer[] = [];
      let isRefused = false;
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.once('error', (error: NodeJS.ErrnoException) => {
        isRefused = error.code === 'ECONNREFUSED';
      });
      socket.once('close', () => {
        const text = Buffer.concat(chunks).toString('latin1').slice(0, KEPT_BYTES);
        // Several requests may have been sent at once: the worst of their answers counts.
        const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
        const status = Math.max(0, ...statuses);
        const retryAfter = /\r\nretry-after: (\d+)\r\n/i.exec(text)?.[1];
        resolve({
          status,
          text,
          isLeft: true,
          ...(retryAfter === undefined ? {} : { retryAfter }),
          ...(isRefused ? { silence: 'the connection was refused' } : {}),
        });
      });
      socket.setTimeout(RAW_MS, () => socket.destroy());
      socket.write(Buffer.from(bytes, 'latin1'));
    });
  }

  #sendMessages(sent: SocketCase): Promise<Answer> {
    const { messages } = sent;
    return new Promise((resolve) => {
      const url = `ws://127.0.0.1:${this.#port}/graphql`;
      const socket = new WebSocket(url, 'graphql-transport-ws', { headers: this.#credentials(sent) });
      const received: string[] = [];
      let bytes = 0;
      let closing: NodeJS.Timeout | undefined;
      let silence: string | undefined;
      const wait = () => {
        clearTimeout(closing);
        closing = setTimeout(() => socket.terminate(), SOCKET_MS);
      };
      const limit = setTimeout(() => socket.terminate(), SILENCE_MS);
      socket.once('error', (error) => {
        silence = error.message;
      });
      // What is sent before the acknowledgement closes the connection, so the rest waits for it.
      const [first = '', ...rest] = messages;
      const sendRest = () => {
        for (const message of rest) socket.send(message);
        wait();
      };
      socket.once('open', () => {
        socket.send(first);
        if (first.includes('connection_init')) socket.once('message', sendRest);
        else sendRest();
        wait();
      });
      const unanswered = new Set(
        messages.flatMap((message) => /"type":"subscribe","id":"(\w+)"/.exec(message)?.[1] ?? []),
      );
      socket.on('message', (data) => {
        const text = String(data);
        bytes += text.length;
        if (bytes < KEPT_BYTES) received.push(text);
        unanswered.delete(/"id":"(\w+)"/.exec(text)?.[1] ?? '');
        if (unanswered.size === 0) socket.terminate();
        else wait();
      });
      socket.once('close', (code) => {
        clearTimeout(limit);
        clearTimeout(closing);
        const status = code === 1006 ? 101 : code;
        resolve({
          status,
          text: received.join('\n'),
          ...(unanswered.size > 0 ? { isLeft: true } : {}),
          ...(silence === undefined ? {} : { silence }),
        });
      });
    });
  }
}
