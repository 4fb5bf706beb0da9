import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, type Case, operationsIn } from './Case.ts';
import { FuzzedServer } from './FuzzedServer.ts';
import { faultIn } from './judge.ts';
import { Load } from './Load.ts';
import { Sender } from './send.ts';

/** How long a line of the log may take to come through its pipe. */
const LOG_MS = 100;

/** Sends the case of a file that a run has left, and answers what came back. */
export async function replay(
  file: string,
  threads: number,
): Promise<{ answer: Answer; fault: string | undefined; log: string }> {
  const { case: sent } = JSON.parse(readFileSync(file, 'utf8')) as { case: Case };
  const server = await FuzzedServer.start(threads);
  const sender = new Sender(server);
  const ended = new Load().begin(operationsIn(sent));
  const answer = await sender.send(sent);
  const fault = faultIn(sent, answer, ended(answer));
  await wait(LOG_MS);
  const { log } = server;
  sender.close();
  await server.stop();
  return { answer, fault, log };
}
