import { parse, validate } from 'graphql';
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

  const operations = blocks.filter(({ language, text }) => language === 'graphql' && !isFragment(text));
  it.each(operations)('$place fits the schema', ({ text }) => {
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
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
