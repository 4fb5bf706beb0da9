import { Kind, type OperationDefinitionNode, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { blocksOf, pages } from './Page.ts';

/** Blocks that show something and command nothing: figures, files, answers. */
const SHOWN = [
  '',
  'text',
  'json',
  'ndjson',
  'yaml',
  'ini',
  'nginx',
  'html',
  'xml',
  'toml',
  'promql',
  'python',
];
/** Blocks that are run, page by page, with the slower checks. */
const RUN = ['graphql', 'sh', 'ts', 'js'];

/** Queries that are shown beside ours. */
const OF_ANOTHER = "another system's query";

const blocks = pages().flatMap(({ path, blocks }) =>
  blocks.map((block) => ({ ...block, place: `${path}:${block.line}` })),
);

describe('a block of the documentation', () => {
  it('is in a language that is run, or that is only shown', () => {
    const other = blocks.filter(({ language }) => !SHOWN.includes(language) && !RUN.includes(language));
    expect(other.map(({ place, language }) => `${place} ${language}`)).toEqual([]);
  });

  it('says why, if it is not run', () => {
    const silent = blocks.filter(({ notRun }) => notRun !== undefined && notRun.trim().length < 10);
    expect(silent.map(({ place }) => place)).toEqual([]);
  });

  const operations = blocks.filter(
    ({ language, text, notRun }) => language === 'graphql' && !isFragment(text) && notRun !== OF_ANOTHER,
  );
  it.each(operations)('$place fits the schema', ({ text }) => {
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
  });
});

describe('the API guide', () => {
  const guide = blocks.filter(({ place }) => place.startsWith('docs/api-guide.md'));
  const worked = new Set(
    guide
      .filter(({ language }) => language === 'graphql')
      .flatMap(({ text }) => parse(text).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION))
      .flatMap((definition) => (definition as OperationDefinitionNode).selectionSet.selections)
      .flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : [])),
  );
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];

  it.each(roots.flatMap((root) => Object.keys(root?.getFields() ?? {})))('has an example of %s', (field) => {
    expect(worked).toContain(field);
  });
});

describe('the blocks of a page', () => {
  it('have what comments say before them, and hidden ones are in their places', () => {
    const page = [
      'Text',
      '<!-- run sh',
      'echo before',
      '-->',
      '<!-- variables: {"id": "$job"} -->',
      '',
      '```graphql',
      'query A($id: ID!) { job(id: $id) { id } }',
      '```',
      '<!-- not run: it needs a cluster -->',
      'Text between',
      '```sh',
      'helm install',
      '```',
    ].join('\n');
    expect(blocksOf(page)).toMatchObject([
      { line: 2, language: 'sh', text: 'echo before' },
      { line: 7, language: 'graphql', variables: { id: '$job' } },
      { line: 12, language: 'sh', notRun: undefined },
    ]);
  });

  it('are whole', () => {
    expect(() => blocksOf('```sh\necho')).toThrow('line 1');
  });
});

/** A part of an operation, as api-design.md shows it. */
function isFragment(text: string): boolean {
  return text.startsWith('...');
}
