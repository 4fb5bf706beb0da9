import { setTimeout as delay } from 'node:timers/promises';
import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GUARDED_TYPES, NEEDS } from '../../src/access/needs.ts';
import { type Principal, ROLES, type Role } from '../../src/access/Principal.ts';
import { Views } from '../../src/access/Views.ts';
import { schema } from '../../src/graphql/schema.ts';
import { parseId } from '../../src/library/ids.ts';
import { SpooledFile } from '../../src/store/Spool.ts';
import { type Answer, TestApi } from '../graphql/TestApi.ts';
import { WholeSelection } from './wholeSelection.ts';

/** What fields are aimed at: what the key may see, what it may not, and what there is not. */
type Target = 'mine' | 'theirs' | 'absent';
type Root = 'Query' | 'Mutation' | 'Subscription';

const ROOTS = ['Query', 'Mutation', 'Subscription'] as const;
const SHA256 = 'a'.repeat(64);
const UPLOAD = new SpooledFile({ name: 'a.txt', contentType: null, bytes: 1, hash: SHA256 }, '/nowhere');

/** Ids of jobs and files, which the server gives. */
const made: Record<Target, { job: string; index: string; file: string }> = {
  mine: { job: '', index: '', file: '' },
  theirs: { job: '', index: '', file: '' },
  absent: { job: '', index: '', file: '' },
};

const lib = (target: Target) => `library: { name: "${target}" }`;
const search = (target: Target) => `{ ${lib(target)} query: { text: "what is it" } k: 3 }`;

/**
 * The arguments of every root field, aimed at something. A field that is not here fails the tests: say how it is aimed, and in
 * src/access/needs.ts what it takes.
 */
const AIMED: Readonly<Record<string, (target: Target) => string>> = {
  'Query.job': (target) => `(id: "${made[target].job}")`,
  'Query.jobs': () => '',
  'Query.knnSearch': (target) => `(input: ${search(target)})`,
  'Query.knnSearchBatch': (target) =>
    `(input: { searches: [${search(target)}, { library: { id: "lib_${target}" } query: { chunk: "chk_${target}" } }] })`,
  'Query.libraries': () => '',
  'Query.library': (target) => `(by: { id: "lib_${target}" })`,
  'Query.node': (target) => `(id: "${made[target].file}")`,
  'Query.nodes': (target) =>
    `(ids: ["lib_${target}", "doc_${target}", "chk_${target}", "${made[target].job}", "${made[target].index}", "${made[target].file}"])`,
  'Query.search': (target) => `(input: ${search(target)})`,
  'Query.server': () => '',

  'Mutation.cancelJob': (target) => `(input: { id: "${made[target].job}" })`,
  'Mutation.createChunks': (target) =>
    `(input: { ${lib(target)} chunks: [{ documentId: "doc_${target}" text: "a" }] })`,
  'Mutation.createDocument': (target) => `(input: { ${lib(target)} title: "a" content: { text: "a" } })`,
  'Mutation.createLibrary': () => '(input: { name: "" })',
  'Mutation.deleteChunks': (target) => `(input: { ${lib(target)} by: { ids: ["chk_${target}"] } })`,
  'Mutation.deleteDocument': (target) => `(input: { id: "doc_${target}" })`,
  'Mutation.deleteLibrary': (target) => `(input: { ${lib(target)} })`,
  'Mutation.importFiles': (target) => `(input: { ${lib(target)} files: $files })`,
  'Mutation.importUrls': (target) => `(input: { ${lib(target)} urls: ["https://example.com/a.txt"] })`,
  'Mutation.reembed': (target) => `(input: { ${lib(target)} embedding: { provider: BUILTIN } })`,
  'Mutation.reindex': (target) => `(input: { ${lib(target)} })`,
  'Mutation.updateChunk': (target) => `(input: { id: "chk_${target}" text: "a" })`,
  'Mutation.updateDocument': (target) => `(input: { id: "doc_${target}" title: "a" })`,
  'Mutation.updateLibrary': (target) => `(input: { ${lib(target)} description: "a" })`,
  'Mutation.upsertChunks': (target) =>
    `(input: { ${lib(target)} chunks: [{ id: "chk_${target}" documentId: "doc_${target}" text: "a" }] })`,
  'Mutation.upsertDocument': (target) =>
    `(input: { ${lib(target)} id: "doc_${target}" title: "a" content: { text: "a" } })`,

  'Subscription.indexJob': (target) => `(id: "${made[target].job}")`,
  'Subscription.indexJobs': (target) => `(${lib(target)})`,
  'Subscription.libraryEvents': (target) => `(${lib(target)})`,
};

/** Arguments of fields below the root that cannot do without. */
const NESTED = { 'Library.unchangedFiles': `(files: [{ name: "a.txt" sha256: "${SHA256}" }])` };

/** What takes a key for the whole server, said a second time: adding to this list is a decision. */
const OF_THE_WHOLE_SERVER = [
  'Mutation.createLibrary',
  'Mutation.deleteLibrary',
  'Server.embeddingCache',
  'Server.load',
  'Server.memory',
];

const fieldsOf = (typename: string): string[] => {
  const type = schema.getType(typename);
  return isObjectType(type) ? Object.keys(type.getFields()).map((name) => `${typename}.${name}`) : [];
};
const ROOT_FIELDS = ROOTS.flatMap(fieldsOf);

let api: TestApi;
let views: Views;

const principal = (role: Role, scope: 'ALL' | 'mine'): Principal => ({
  keyId: `${role}-${scope}`,
  name: role,
  role,
  libraries: scope === 'ALL' ? 'ALL' : new Set(['lib_mine']),
});
const partsFor = (who: Principal) => ({ ...views.of(who), principal: who });

/** Runs a root field as somebody, with a selection; the first event of a subscription. */
async function ask(name: string, target: Target, who: Principal, selection: string): Promise<Answer> {
  const [root, field] = name.split('.') as [Root, string];
  const variables = name === 'Mutation.importFiles' ? '($files: [Upload!]!)' : '';
  const source = `${root.toLowerCase()} Asked${variables} { ${field}${AIMED[name]?.(target)} ${selection} }`;
  const given = variables ? { files: [UPLOAD] } : {};
  if (root !== 'Subscription') return api.run(source, given, partsFor(who));
  const events = await api.follow(source, given, partsFor(who));
  if (!(Symbol.asyncIterator in events)) return events;
  const { value } = await events.next();
  await events.return(undefined);
  return value as Answer;
}

/** Whether an answer says that the key may not do this. */
const isForbidden = (answer: Answer): boolean => JSON.stringify(answer).includes('"FORBIDDEN"');
const typeOf = (name: string) => {
  const [root, field] = name.split('.') as [Root, string];
  return schema.getRootType(root.toLowerCase() as 'query')?.getFields()[field]?.type;
};
/** Enough to know an error by. */
const briefly = (name: string): string => {
  if (name === 'Query.server') return '{ version }';
  return `{ __typename ${name.startsWith('Mutation.') ? '... on Error { code message path }' : ''} }`;
};
/** All that an answer may hold, but for what is about the whole server. */
const wholly = (
  name: string,
  whole = new WholeSelection(schema, { nested: NESTED, left: new Set(OF_THE_WHOLE_SERVER) }),
) => {
  const type = typeOf(name);
  return type ? whole.of(type) : '';
};

/** As if `theirs` were named as what there is not. */
function renamed(answer: Answer): string {
  const { job, index, file } = made.theirs;
  return JSON.stringify(answer)
    .replaceAll(job, made.absent.job)
    .replaceAll(index, made.absent.index)
    .replaceAll(file, made.absent.file)
    .replaceAll('theirs', 'absent');
}

/** Waits for what is sure to come. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(10);
}

beforeAll(async () => {
  api = await TestApi.start();
  views = new Views(api.context);
  for (const name of ['mine', 'theirs'] as const) {
    await api.data(`mutation { createLibrary(input: { id: "lib_${name}" name: "${name}" }) { __typename } }`);
    await api.data(
      `mutation { createDocument(input: { library: { name: "${name}" } id: "doc_${name}" title: "${name}"
        content: { chunks: [{ id: "chk_${name}" text: "what is ${name}" }, { text: "what else is ${name}" }] } }) { __typename } }`,
    );
    const source = { name: `${name}.txt`, contentType: null, bytes: 1, contentHash: SHA256, url: null };
    const { jobId = '' } = await api.context.writer.submit({
      command: {
        type: 'requestImport',
        library: { name },
        jobId: parseId('job', `job_${name}`),
        at: Date.now(),
        files: [source],
        options: { metadata: {}, whenEmbedderFails: 'FAIL', sourceBase: null },
      },
    });
    const [file] = api.context.jobs.importFiles(jobId, {}, {}).edges;
    const reindexed = await api.context.writer.submit({
      command: {
        type: 'requestReindex',
        library: { name },
        jobId: parseId('job', `job_index-${name}`),
        at: Date.now(),
        minRecall: null,
        trigger: 'REQUEST',
      },
    });
    made[name] = { job: jobId, index: reindexed.jobId ?? '', file: file?.node.id ?? '' };
  }
  const absent = (id: string) => id.replaceAll('theirs', 'absent');
  const { job, index, file } = made.theirs;
  made.absent = { job: absent(job), index: absent(index), file: `${file.slice(0, -3)}zzz` };
  for (const name of ['mine', 'theirs'] as const) {
    await until(() => api.context.jobs.job(made[name].index)?.state === 'SUCCEEDED');
  }
}, 60_000);
afterAll(() => api.close());

describe('every field of the root', () => {
  it('says what it takes, and is aimed at something by these tests', () => {
    const guarded = GUARDED_TYPES.flatMap(fieldsOf);
    expect(Object.keys(NEEDS).sort()).toEqual(guarded.sort());
    expect(Object.keys(AIMED).sort()).toEqual([...ROOT_FIELDS].sort());
  });

  it('changes something only for those who may write, and the whole server only for those who may govern it', () => {
    for (const name of fieldsOf('Mutation')) expect([name, NEEDS[name]?.role]).not.toEqual([name, 'READ']);
    const whole = Object.keys(NEEDS).filter((name) => NEEDS[name]?.everyLibrary);
    expect(whole.sort()).toEqual(OF_THE_WHOLE_SERVER);
    for (const name of whole) expect(NEEDS[name]?.role).toBe('ADMIN');
  });

  const cells = ROOT_FIELDS.flatMap((name) =>
    ROLES.flatMap((role) => (['ALL', 'mine'] as const).map((scope) => [name, role, scope] as const)),
  );
  it.each(cells)(
    '%s with the role %s for %s is refused just as far as it says',
    async (name, role, scope) => {
      const target = name.startsWith('Mutation.') ? 'absent' : 'mine';
      const answer = await ask(name, target, principal(role, scope), briefly(name));
      const need = NEEDS[name];
      const isOpen =
        ROLES.indexOf(role) >= ROLES.indexOf(need?.role ?? 'ADMIN') &&
        (scope === 'ALL' || !need?.everyLibrary);
      // Without ALCOVE_IMPORT_URLS that is what everybody is told.
      if (name === 'Mutation.importUrls' && isOpen) return;
      expect(isForbidden(answer)).toBe(!isOpen);
    },
  );

  it.each(fieldsOf('Server').flatMap((name) => ROLES.map((role) => [name, role] as const)))(
    '%s with the role %s is refused just as far as it says',
    async (name, role) => {
      const type = schema.getType('Server');
      const field = isObjectType(type) ? type.getFields()[name.slice('Server.'.length)] : undefined;
      const whole = new WholeSelection(schema, { nested: NESTED, left: new Set() });
      const selection = field ? `{ ${field.name} ${whole.of(field.type)} }` : '';
      for (const scope of ['ALL', 'mine'] as const) {
        const answer = await ask('Query.server', 'mine', principal(role, scope), selection);
        const isOpen = !NEEDS[name]?.everyLibrary || (role === 'ADMIN' && scope === 'ALL');
        expect([scope, isForbidden(answer)]).toEqual([scope, !isOpen]);
      }
    },
  );
});

describe('a key for one library', () => {
  it.each(ROOT_FIELDS.filter((name) => !name.startsWith('Mutation.')))(
    'sees its own by %s, and nothing of others',
    async (name) => {
      const answer = await ask(name, 'mine', principal('READ', 'mine'), wholly(name));
      expect(answer.errors).toEqual([]);
      const text = JSON.stringify(answer);
      expect(text).not.toContain('theirs');
      if (name !== 'Query.server') expect(text).toContain('mine');
    },
  );

  const aimed = ROOT_FIELDS.filter((name) => AIMED[name]?.('theirs') !== AIMED[name]?.('absent'));
  it.each(aimed)('is answered by %s for a library of others as for none at all', async (name) => {
    const revision = api.context.reader.library({ id: 'lib_theirs' })?.revision;
    const who = principal('ADMIN', 'mine');
    const theirs = await ask(name, 'theirs', who, wholly(name));
    const absent = await ask(name, 'absent', who, wholly(name));
    expect(JSON.parse(renamed(theirs))).toEqual(JSON.parse(JSON.stringify(absent)));
    expect(api.context.reader.library({ id: 'lib_theirs' })?.revision).toBe(revision);
  });

  it.each(aimed.filter((name) => !name.startsWith('Mutation.')))(
    'would see it by %s if it were for all',
    async (name) => {
      const all = principal('READ', 'ALL');
      const theirs = await ask(name, 'theirs', all, wholly(name));
      const absent = await ask(name, 'absent', all, wholly(name));
      expect(renamed(theirs)).not.toBe(JSON.stringify(absent));
    },
  );

  it('counts its own alone, and goes on from a cursor of others to its own alone', async () => {
    const mine = partsFor(principal('READ', 'mine'));
    const counted = await api.data(
      '{ server { libraryCount } libraries { totalCount edges { node { name } } } jobs { totalCount edges { node { id } } } }',
      {},
      mine,
    );
    expect(counted).toEqual({
      server: { libraryCount: 1 },
      libraries: { totalCount: 1, edges: [{ node: { name: 'mine' } }] },
      jobs: { totalCount: 2, edges: [{ node: { id: 'job_index-mine' } }, { node: { id: 'job_mine' } }] },
    });
    const all = await api.data(
      '{ libraries(first: 1) { edges { cursor } } jobs(first: 1) { edges { cursor } } }',
    );
    const { libraries, jobs } = all as Record<string, { edges: { cursor: string }[] }>;
    const after = await api.run(
      `{ libraries(after: "${libraries?.edges[0]?.cursor}") { edges { node { name } } }
         jobs(after: "${jobs?.edges[0]?.cursor}") { edges { node { id } } } }`,
      {},
      mine,
    );
    expect(after.errors).toEqual([]);
    expect(JSON.stringify(after)).not.toContain('theirs');
  });

  it('does not ask about chunks and documents of others by way of its own', async () => {
    const mine = partsFor(principal('READ', 'mine'));
    for (const query of ['chunk: "chk_theirs"', 'document: "doc_theirs"']) {
      const answer = await api.data(
        `{ knnSearch(input: { library: { name: "mine" } query: { ${query} } }) { __typename ... on Error { message } } }`,
        {},
        mine,
      );
      expect(answer).toMatchObject({ knnSearch: { __typename: 'NodeNotFoundError' } });
    }
  });

  it('may not name its library anew, nor cancel what takes more to begin', async () => {
    const write = partsFor(principal('WRITE', 'mine'));
    const admin = partsFor(principal('ADMIN', 'mine'));
    const rename =
      'mutation { updateLibrary(input: { library: { name: "mine" } name: "theirs" }) { __typename } }';
    expect(await api.data(rename, {}, admin)).toEqual({ updateLibrary: { __typename: 'ForbiddenError' } });
    const cancel = (id: string) => `mutation { cancelJob(input: { id: "${id}" }) { __typename } }`;
    expect(await api.data(cancel('job_index-mine'), {}, write)).toEqual({
      cancelJob: { __typename: 'ForbiddenError' },
    });
    expect(await api.data(cancel('job_index-theirs'), {}, write)).toEqual({
      cancelJob: { __typename: 'NodeNotFoundError' },
    });
  });

  it('is told of an id that is taken elsewhere that it is taken, and no more', async () => {
    const create = `mutation { upsertDocument(input: { library: { name: "mine" } id: "doc_theirs" title: "a" content: { text: "a" } }) {
      __typename ... on Error { message } } }`;
    const answer = JSON.stringify(await api.data(create, {}, partsFor(principal('WRITE', 'mine'))));
    expect(answer).toContain('IdTakenError');
    expect(answer.replaceAll('doc_theirs', '')).not.toContain('theirs');
  });
});

describe('the tests above', () => {
  it('select every field that the schema has', () => {
    const whole = new WholeSelection(schema, { nested: NESTED, left: new Set() });
    for (const name of ROOT_FIELDS) wholly(name, whole);
    const all = Object.keys(schema.getTypeMap())
      .filter((name) => !name.startsWith('__') && !ROOTS.includes(name as Root))
      .flatMap(fieldsOf);
    expect(all.filter((name) => !whole.visited.has(name))).toEqual([]);
  });
});
