import type { Command } from 'commander';
import { examples } from './examples.ts';
import { addFlags, environmentWith, flagOf } from './flags.ts';
import { guarded } from './guarded.ts';
import { httpUrl } from './optionValues.ts';

/** `alcove health`: for what starts, orders and replaces servers, such as Docker. */
export function addHealth(alcove: Command): void {
  const health = alcove
    .command('health')
    .description('Ask a server whether it can serve; the exit status is 0 when it can.')
    .argument(
      '[address]',
      "the address that answers; /health/ready of this machine's server, if left out",
      httpUrl,
    )
    .addHelpText(
      'after',
      examples(
        ['alcove health', 'the server of this machine'],
        ['alcove health http://127.0.0.1:4401/health', 'alcove model serve'],
        ['alcove health http://127.0.0.1:4400/health/live', 'whether the process runs at all'],
      ),
    );
  addFlags(health, ['ALCOVE_HOST', 'ALCOVE_PORT'].map(flagOf)).action(
    guarded(async (address: string | undefined, options: { host?: string; port?: string }) => {
      const { health } = await import('./health.ts');
      await health(environmentWith(options), address);
    }),
  );
}
