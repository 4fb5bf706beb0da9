/**
 * Runs the services of docker-compose.yml in the built root of the image, as Compose would: in the order of `depends_on`,
 * each healthy before what waits for it, on volumes that are made of the image, under their names. Then it searches what was
 * seeded. `node scripts/check-compose.ts ROOT INSPECTED PROJECT`, the last being what scripts/compose-config prints; called by
 * scripts/check-image.sh. Images that are not ours (Prometheus, Grafana) cannot be had here: of them, what they mount is looked for.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type ImageProcess, ImageRoot, type Mount, type RunOptions, until } from './ImageRoot.ts';

const HEALTHY_LIMIT_MS = 90_000;

const MOUNT = z.object({
  type: z.enum(['volume', 'bind']),
  source: z.string(),
  target: z.string(),
  read_only: z.boolean().default(false),
});
const SERVICE = z.object({
  image: z.string(),
  command: z.array(z.string()).nullish(),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(MOUNT).default([]),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  healthcheck: z
    .object({ test: z.array(z.string()).optional(), disable: z.boolean().default(false) })
    .optional(),
  depends_on: z
    .record(
      z.string(),
      z.object({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }),
    )
    .default({}),
});
type Service = z.infer<typeof SERVICE>;

const [rootPath = '', inspected = '', projectPath = ''] = process.argv.slice(2);
const root = new ImageRoot(rootPath, inspected);
const { services } = z
  .object({ services: z.record(z.string(), SERVICE) })
  .parse(JSON.parse(readFileSync(projectPath, 'utf8')));
const ours = Object.entries(services).filter(([, { image }]) => image.startsWith('alcove:'));
const folder = mkdtempSync(join(tmpdir(), 'alcove-compose-'));
const running: ImageProcess[] = [];
const healthy = new Set<string>();

/** A named volume begins as what the image has at its place. */
function volumeOf({ source, target, read_only: readOnly }: Service['volumes'][number]): Mount {
  const path = join(folder, source);
  if (!existsSync(path)) execFileSync('cp', ['--archive', join(root.path, target), path]);
  return { source: path, target, readOnly };
}

/** Every service is on this machine's loopback, under its name. */
function hosts(): Mount {
  const path = join(folder, 'hosts');
  writeFileSync(path, `127.0.0.1 localhost ${Object.keys(services).join(' ')}\n`);
  return { source: path, target: '/etc/hosts', readOnly: true };
}

/** What starts the service; a command given takes the place of its own. */
function runOf(service: Service, command = service.command ?? undefined): RunOptions {
  return {
    ...(command === undefined ? {} : { command }),
    // An empty variable counts as absent, as it does in the container.
    environment: service.environment,
    mounts: [hosts(), ...service.volumes.map(volumeOf)],
  };
}

async function becomesHealthy(name: string, service: Service, started: ImageProcess): Promise<void> {
  const test = service.healthcheck?.test ?? root.config.Healthcheck.Test;
  assert.equal(test[0], 'CMD', `${name} has a health check that needs no shell`);
  let ended = false;
  started.ended.then(() => {
    ended = true;
  });
  await until(`${name} is healthy`, HEALTHY_LIMIT_MS, async () => {
    if (ended) throw new Error(`${name} ended:\n${started.output}`);
    return (await root.run({ ...runOf(service), instead: test.slice(1) })).status === 0;
  });
  healthy.add(name);
  say(`${name} is healthy`);
}

/** Starts what it waits for, then itself; what serves nothing is run to its end. */
async function up(name: string): Promise<void> {
  if (healthy.has(name)) return;
  const service = services[name];
  assert.ok(service, `a service ${name}`);
  assert.ok(service.read_only && service.cap_drop.includes('ALL'), `${name} is hardened`);
  for (const needed of Object.keys(service.depends_on)) await up(needed);
  const started = root.start(runOf(service));
  running.push(started);
  if (!service.healthcheck?.disable) return becomesHealthy(name, service, started);
  assert.equal(await started.ended, 0, `${name} ends with status 0:\n${started.output}`);
  say(`${name}: ${started.output.trim().split('\n').at(-2) ?? ''}`);
}

function say(text: string): void {
  process.stdout.write(`check-compose: ${text}\n`);
}

try {
  assert.deepEqual(ours.map(([name]) => name).sort(), ['alcove', 'model', 'seed']);
  for (const [name] of ours) await up(name);
  // Once more, as the next `docker compose up` does.
  await up('seed');
  const api = services.alcove as Service;
  const found = await root.run(runOf(api, ['search', 'examples', 'how does a physician hear the heart']));
  assert.equal(found.status, 0, found.output);
  assert.match(found.output, /stethoscope/i, 'what was seeded is found');
  say('what was seeded is found');
  for (const started of running.toReversed()) {
    if ((await Promise.race([started.ended, Promise.resolve('serving')])) === 'serving')
      assert.equal(await started.stop(), 0);
  }
  say('and all stop with status 0');
  for (const [name, { volumes }] of Object.entries(services)) {
    for (const { type, source } of volumes)
      if (type === 'bind') assert.ok(existsSync(source), `${name} mounts ${source}, which is not there`);
  }
} catch (error) {
  for (const { output } of running) process.stderr.write(output);
  throw error;
} finally {
  for (const started of running) started.kill();
  rmSync(folder, { recursive: true, force: true });
}
