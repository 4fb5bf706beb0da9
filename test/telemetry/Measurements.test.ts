import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { operationIn, operationLabel } from '../../src/server/operationLabel.ts';
import { exposition } from '../../src/telemetry/exposition.ts';
import { Measurements } from '../../src/telemetry/Measurements.ts';
import { RateMeter } from '../../src/telemetry/RateMeter.ts';
import { RetiredMetrics } from '../../src/telemetry/RetiredMetrics.ts';
import { Scrape } from './ObservedServer.ts';

describe('measurements', () => {
  it('of several threads add up to what all of them have counted', async () => {
    const counts = fc.array(fc.array(fc.tuple(fc.constantFrom('GET', 'PUT'), fc.nat(9)), { maxLength: 20 }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(counts, async (threads) => {
        const snapshots = threads.map((counted) => {
          const own = new Measurements();
          for (const [route, by] of counted) own.count('alcove_http_responses_total', [route, '200'], by);
          return own.snapshot();
        });
        const scrape = new Scrape(await exposition(snapshots));
        for (const route of ['GET', 'PUT']) {
          const all = threads.flat().filter(([of]) => of === route);
          const wanted = all.length === 0 ? undefined : all.reduce((sum, [, by]) => sum + by, 0);
          expect(scrape.value('alcove_http_responses_total', { route })).toBe(wanted);
        }
      }),
      { seed: 26, numRuns: 50 },
    );
  });

  it('put each observation into every bucket that it is not above', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { minLength: 1, maxLength: 50 }),
        async (values) => {
          const own = new Measurements();
          for (const value of values) own.observe('alcove_commit_duration_seconds', [], value);
          const scrape = new Scrape(await exposition([own.snapshot()]));
          const buckets = scrape.samples.filter(
            ({ name }) => name === 'alcove_commit_duration_seconds_bucket',
          );
          for (const { labels, value } of buckets) {
            const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
            expect(value).toBe(values.filter((each) => each <= bound).length);
          }
          expect(scrape.value('alcove_commit_duration_seconds_count')).toBe(values.length);
        },
      ),
      { seed: 26, numRuns: 50 },
    );
  });

  it('have no more sets of labels than a limit, however many come', () => {
    const own = new Measurements();
    for (let at = 0; at < 5_000; at++) own.count('alcove_errors_total', [`kind ${at}`]);
    const [{ values = [] } = {}] = own.snapshot();
    expect(values.length).toBeLessThanOrEqual(501);
    expect(values.reduce((sum, { value }) => sum + value, 0)).toBe(5_000);
    expect(values.find(({ labels }) => labels.kind === '(others)')?.value).toBe(4_500);
  });

  it('tell gauges as they are now, and forget what is gone', () => {
    const own = new Measurements();
    const forget = own.onSnapshot((set) => set('alcove_libraries', [], 3));
    expect(own.snapshot()[0]?.values).toEqual([{ labels: {}, value: 3 }]);
    forget();
    expect(own.snapshot()).toEqual([]);
  });

  it('of threads that have ended are kept where they count, and not where they are gauges', async () => {
    const retired = new RetiredMetrics();
    for (const by of [2, 5]) {
      const own = new Measurements();
      own.count('alcove_search_compared_total', [], by);
      own.observe('alcove_commit_commands', [], by);
      own.onSnapshot((set) => set('alcove_libraries', [], by));
      retired.add(own.snapshot());
    }
    const scrape = new Scrape(await exposition([retired.metrics()]));
    expect(scrape.value('alcove_search_compared_total')).toBe(7);
    expect(scrape.value('alcove_commit_commands_count')).toBe(2);
    expect(scrape.value('alcove_libraries')).toBeUndefined();
  });
});

describe('a rate', () => {
  it('is that of the last thirty seconds, without the one that is under way', () => {
    let now = 0;
    const meter = new RateMeter(() => now);
    for (; now < 60_000; now += 100) meter.mark();
    expect(meter.perSecond).toBe(10);
    now += 31_000;
    expect(meter.perSecond).toBe(0);
  });
});

describe('the label of an operation', () => {
  const labelOf = (text: string, name?: string): string => {
    const document = parse(text);
    const operation = operationIn(document, name);
    if (operation === undefined) throw new Error('none');
    return operationLabel(document, operation);
  };
  it.each([
    ['{ library(by: {}) { name } }', 'library'],
    ['query OfACaller { alias: library { name } __typename }', 'library'],
    ['{ a: library { name } b: library { name } }', 'library'],
    ['{ library { name } server { version } }', '(several)'],
    ['{ ...F } fragment F on Query { ... { server { version } } }', 'server'],
    ['{ __typename }', '__typename'],
  ])('%s is %s', (text, label) => expect(labelOf(text)).toBe(label));

  it('is that of the operation which is run', () => {
    expect(labelOf('query A { library { name } } query B { server { version } }', 'B')).toBe('server');
    expect(() => labelOf('query A { x } query B { y }')).toThrow('none');
  });
});
