import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, parse, print, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, type HttpCase } from './Case.ts';
import { CaseWriter } from './CaseWriter.ts';
import { Choice } from './Choice.ts';
import { Fuzzer } from './Fuzzer.ts';
import { codeIn, faultIn } from './judge.ts';
import { Known } from './Known.ts';
import { aboutNothing, isSame, MARK, OWN } from './LimitedKey.ts';
import { Load, type LoadThen } from './Load.ts';
import { OperationWriter } from './OperationWriter.ts';
import { shrink } from './shrink.ts';

/** The long form is `npm run fuzz -- --operations 1000000 --seed 7`. */
const OPERATIONS = 600;
const SEED = 20_260;
/** What indexes, caches and the heap of a server at work may come to hold beyond what it held when it was warm. */
const GROWTH_BYTES = 400_000_000;

const SDL = readFileSync(join(import.meta.dirname, '..', '..', 'schema.graphql'), 'utf8');

describe('operations that nobody should send', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-fuzz-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are answered, none with 5xx, while the server lives, serves others and keeps its memory', async () => {
    const report = await Fuzzer.run({ operations: OPERATIONS, seed: SEED, threads: 1, lanes: 8, folder });
    expect(report.faults).toEqual([]);
    expect(report.crashes).toBe(0);
    expect(report.operations).toBeGreaterThanOrEqual(OPERATIONS);
    expect(report.memory.end - report.memory.start).toBeLessThan(GROWTH_BYTES);
    // It is no test if nothing gets through, or nothing is refused.
    const answered = [...report.answers.keys()].map((key) => key.split(' ').slice(0, 2).join(' '));
    for (const way of ['HTTP 200', 'HTTP 400', 'BULK 200', 'SOCKET 101', 'RAW 400', 'HTTP+KEY 200'])
      expect(answered).toContain(way);
    expect(report.limited.rounds).toBeGreaterThan(0);
    expect(report.limited.compared).toBeGreaterThan(0);
  }, 120_000);
});

describe('what writes them', () => {
  it('writes the same for the same seed, and operations that the schema mostly allows', () => {
    const schema = buildSchema(SDL);
    const write = (index: number) =>
      OperationWriter.write(schema, Choice.ofOperation(SEED, index), new Known());
    const written = Array.from({ length: 300 }, (_, index) => write(index));
    expect(written).toEqual(Array.from({ length: 300 }, (_, index) => write(index)));
    const valid = written.filter(({ query }) => {
      try {
        return validate(schema, parse(query)).length === 0;
      } catch (error) {
        // A strange text may be one that no document can hold: half of a pair of surrogates.
        expect(String(error)).toContain('Syntax Error');
        return false;
      }
    });
    expect(valid.length).toBeGreaterThan(200);
    const roots = new Set(
      written.flatMap(({ query }) => [...query.matchAll(/[{ ](\w+)\(?/g)].map(([, name]) => name)),
    );
    for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
      for (const name of Object.keys(type?.getFields() ?? {}))
        if (name !== 'reembed') expect(roots).toContain(name);
  });

  it('writes every way there is', () => {
    const writer = new CaseWriter(SDL);
    const ways = Array.from(
      { length: 300 },
      (_, index) => writer.write(Choice.ofOperation(1, index), new Known()).way,
    );
    expect(new Set(ways)).toEqual(new Set(['HTTP', 'BULK', 'RAW', 'SOCKET']));
  });
});

describe('what judges answers', () => {
  const sent: HttpCase = { way: 'HTTP', method: 'POST', path: '/graphql', headers: {}, body: '' };
  const IDLE: LoadThen = { operations: 1, ms: 5, slowestMs: 5 };
  const answer = (text: string, status = 200) => faultIn(sent, { status, text }, IDLE);

  it.each([
    ['a status of 5xx', answer('{}', 503), 'HTTP: the status 503'],
    [
      'an internal error',
      answer('{"errors":[{"extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}'),
      'HTTP: an internal error',
    ],
    ['a stack trace', answer('{"message":"x\\n    at run (file:///a.js:1:2)"}'), 'HTTP: a stack trace'],
    ['what is no JSON', answer('<html>'), 'HTTP: an answer that is no JSON'],
    ['silence', faultIn(sent, { status: 0, text: '', silence: 'gone' }, IDLE), 'HTTP: no answer: gone'],
    [
      'a close code of its own fault',
      faultIn({ way: 'SOCKET', messages: [] }, { status: 1011, text: '' }, IDLE),
      'SOCKET: the status 1011',
    ],
  ])('finds %s', (_what, found, fault) => expect(found).toBe(fault));

  it('finds nothing in an error that is the sender’s, nor in the name of one', () => {
    expect(
      answer('{"errors":[{"message":"no","extensions":{"code":"BAD_USER_INPUT"}}]}', 400),
    ).toBeUndefined();
    expect(answer('{"data":{"__type":{"enumValues":[{"name":"INTERNAL_SERVER_ERROR"}]}}}')).toBeUndefined();
    expect(codeIn('{"errors":[{"extensions":{"code":"NOT_FOUND"}}]}')).toBe('NOT_FOUND');
  });

  describe('of being turned away', () => {
    const BUSY: LoadThen = { operations: 40, ms: 30, slowestMs: 900 };
    const error = {
      code: 'RESOURCE_EXHAUSTED',
      kind: 'OverloadedError',
      retryAfterMs: 1_200,
      retryable: true,
    };
    const refused = (extensions: object, { waiting = 20, retryAfter = '2', load = BUSY } = {}) => {
      const message = `The server has more to do than it can: 3 requests are running and ${waiting} wait. Try again in 1200 ms, and less often.`;
      const text = JSON.stringify({ errors: [{ message, extensions }] });
      return faultIn(sent, { status: 503, text, ...(retryAfter && { retryAfter }) }, load);
    };

    it('finds nothing where there is too much to do', () => {
      expect(refused(error)).toBeUndefined();
      expect(refused(error, { waiting: 0, load: { ...BUSY, ms: 1_010 } })).toBeUndefined();
    });

    it.each<[string, string | undefined]>([
      ['without an error of ours', answer('<html>', 503)],
      ['for another cause', refused({ ...error, code: 'UNAVAILABLE', kind: 'StoreUnavailableError' })],
      [
        'for more than a server holds',
        refused({ ...error, kind: 'CapacityExceededError', retryable: false }),
      ],
      ['without saying that it can be tried again', refused({ ...error, retryable: false })],
      ['without saying when', refused(error, { retryAfter: '' })],
      ['with a header that says another time', refused(error, { retryAfter: '1' })],
    ])('finds one %s', (_what, found) => expect(found).toBe('HTTP: the status 503'));

    it.each<[string, string | undefined]>([
      ['for more than was sent', refused(error, { load: { ...BUSY, operations: 22 } })],
      ['before it waited, with next to nothing before it', refused(error, { waiting: 10 })],
      ['while everything was answered at once', refused(error, { load: { ...BUSY, slowestMs: 40 } })],
    ])('finds one %s', (what, found) => expect(found).toBe(`HTTP: turned away ${what}`));

    it('counts what was left unanswered for a while, and how long others take', () => {
      let now = 0;
      const load = new Load(() => now);
      const left = load.begin(10);
      now = 500;
      expect(left({ status: 101, text: '', isLeft: true })).toEqual({
        operations: 10,
        ms: 500,
        slowestMs: 0,
      });
      const first = load.begin(1);
      const second = load.begin(2);
      now = 700;
      expect(first({ status: 200, text: '' })).toEqual({ operations: 13, ms: 200, slowestMs: 500 });
      now = 9_000;
      expect(load.begin(1)({ status: 200, text: '' })).toEqual({ operations: 3, ms: 0, slowestMs: 8_500 });
      expect(second({ status: 200, text: '' }).operations).toBe(13);
    });
  });

  describe('of what is shown to a key for one library', () => {
    const asked: HttpCase = {
      ...sent,
      hasLimitedKey: true,
      body: bytesOf('{ node(id: "chk_fuzz-12") { id } }'),
    };
    const shown = (text: string, by = asked) => faultIn(by, { status: 200, text }, IDLE);
    const LEAK = 'HTTP: a limited key was shown what is not its';

    it('finds ids, names and texts of the other libraries', () => {
      for (const text of [
        '"id":"chk_fuzz-13"',
        '"name":"fuzz-3"',
        '"id":"job_01m7"',
        `"text":"alpha ${MARK}"`,
      ])
        expect(shown(`{"data":{${text}}}`)).toBe(LEAK);
    });

    it('finds nothing in what is its own, nor in what it named itself, nor without such a key', () => {
      expect(shown(`{"data":{"id":"${OWN.libraryId}","name":"${OWN.name}"}}`)).toBeUndefined();
      expect(shown('{"errors":[{"message":"there is no chk_fuzz-12"}]}')).toBeUndefined();
      expect(shown('{"data":{"id":"chk_fuzz-13"}}', sent)).toBeUndefined();
    });

    it('asks again about what there is not, and tells answers apart that should be one', () => {
      const twin = aboutNothing(asked);
      expect(twin?.body).toBe('{ node(id: "chk_none-12") { id } }');
      expect(aboutNothing({ ...asked, body: '{ server { version } }' })).toBeUndefined();
      const told = (text: string, status = 200) => ({ status, text });
      expect(isSame(told('no chk_fuzz-12'), told('no chk_none-12'))).toBe(true);
      expect(isSame(told('not JSON: ...{"id":"lib_fu"...'), told('not JSON: ...{"id":"lib_no"...'))).toBe(
        true,
      );
      expect(isSame(told('{"id":"chk_fuzz-12"}'), told('null'))).toBe(false);
      expect(isSame(told('{"totalCount":12}'), told('{"totalCount":10}'))).toBe(false);
      expect(isSame(told('no', 403), told('no', 404))).toBe(false);
    });
  });
});

describe('what makes a case smaller', () => {
  it('leaves what the fault needs, and nothing else', async () => {
    const query = 'query A($v: Int, $w: Int) { one(a: $v) { two three } four ... on Query { bad(x: 1) } }';
    const body = JSON.stringify({
      query,
      variables: { v: { deep: [1, 2, { culprit: 'x'.repeat(50) }] }, w: 3 },
    });
    const found: HttpCase = {
      way: 'HTTP',
      method: 'POST',
      path: '/graphql',
      headers: {},
      body: bytesOf(body),
    };
    const smallest = await shrink(found, async (sent) => {
      try {
        const asked = JSON.parse('body' in sent ? sent.body : '');
        const isBad = print(parse(asked.query)).includes('bad');
        return isBad && JSON.stringify(asked.variables).includes('"culprit":');
      } catch {
        return false;
      }
    });
    const { query: left, variables } = JSON.parse((smallest as HttpCase).body);
    expect(left).not.toMatch(/one|two|three|four|[$:]/);
    expect(JSON.stringify(variables).length).toBeLessThan('{"v":{"deep":[{"culprit":""}]}}'.length + 1);
  });
});
