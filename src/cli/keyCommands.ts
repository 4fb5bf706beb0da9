import { type Command, Option } from 'commander';
import { examples } from './examples.ts';
import { addFlags, environmentWith, flagOf } from './flags.ts';
import { guarded } from './guarded.ts';
import type { KeyOptions } from './keys.ts';

type DataOption = { readonly data?: string };

/** `alcove keys`: who may use a server. */
export function addKeys(alcove: Command): void {
  const keys = alcove
    .command('keys')
    .description('Make, list and revoke the keys of a data folder, while the server runs or not.');
  addCreate(keys);
  addList(keys);
  addRevoke(keys);
}

function addCreate(keys: Command): void {
  const create = keys
    .command('create')
    .description('Make a key and print it. It is kept as a hash alone, so that it is shown this once.')
    .argument('<name>', 'what it is for; unique among those that are not revoked')
    .addOption(
      new Option('--role <role>', 'what it may do: ask; also write into libraries; also govern them')
        .choices(['read', 'write', 'admin'])
        .default('read'),
    )
    .option(
      '--library <library...>',
      'names or ids of the libraries that it is limited to; all, also those to come, if left out',
    )
    .option('--expires <when>', 'when it ends: 12h, 90d, or a date such as 2027-01-31; never, if left out')
    .addHelpText(
      'after',
      examples(
        ['alcove keys create website --library manuals', 'may search one library'],
        ['alcove keys create importer --role write --expires 90d', ''],
        ['export ALCOVE_API_KEY=$(alcove keys create me --role admin)', 'for the commands of this shell'],
      ),
    );
  addFlags(create, [flagOf('ALCOVE_DATA')]).action(
    guarded(async (name: string, options: KeyOptions & DataOption) => {
      const { createKey } = await import('./keys.ts');
      createKey(environmentWith({ data: options.data }), name, options);
    }),
  );
}

function addList(keys: Command): void {
  const list = keys
    .command('list')
    .description('List the keys, without their secrets.')
    .option('--json', 'print them as JSON');
  addFlags(list, [flagOf('ALCOVE_DATA')]).action(
    guarded(async (options: DataOption & { readonly json?: boolean }) => {
      const { listKeys } = await import('./keys.ts');
      listKeys(environmentWith({ data: options.data }), options.json ?? false);
    }),
  );
}

function addRevoke(keys: Command): void {
  const revoke = keys
    .command('revoke')
    .description('Revoke a key: refused from the next request on, its subscriptions closed within seconds.')
    .argument('<key>', 'its id or its name');
  addFlags(revoke, [flagOf('ALCOVE_DATA')]).action(
    guarded(async (key: string, options: DataOption) => {
      const { revokeKey } = await import('./keys.ts');
      revokeKey(environmentWith({ data: options.data }), key);
    }),
  );
}
