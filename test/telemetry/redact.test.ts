import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatKey, newKey } from '../../src/access/keyText.ts';
import { AlcoveError } from '../../src/errors.ts';
import { createLogger } from '../../src/telemetry/Logger.ts';
import { redactorOf } from '../../src/telemetry/redact.ts';

const SECRET = 'sesame-0451-open';
const redact = redactorOf([SECRET]);
const shown = (value: unknown): string => JSON.stringify(redact(value));

describe('what is logged', () => {
  it('never has a known secret in it, however deep and in whatever it stands', () => {
    const holding = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.tuple(fc.string(), fc.string()).map(([before, after]) => `${before} ${SECRET} ${after}`),
        fc.string().map((text) => new Error(`${text}${SECRET}`)),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(holding, (value) => {
        expect(shown({ value })).not.toContain(SECRET);
      }),
      { seed: 26, numRuns: 300 },
    );
  });

  it('never has a vector in it, as a list, as bytes or as text', () => {
    const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(vector, (numbers) => {
        expect(shown({ numbers })).toBe(`{"numbers":"[${numbers.length} numbers]"}`);
        expect(shown(Float32Array.from(numbers))).toBe(`"[${numbers.length * 4} bytes]"`);
        expect(shown(new Error(`got [${numbers.join(', ')}]`))).toContain('got [[numbers]]');
      }),
      { seed: 26, numRuns: 100 },
    );
    const bytes = Buffer.from(new Float32Array(32).fill(0.25).buffer).toString('base64');
    expect(shown(`got ${bytes}`)).toBe('"got [bytes]"');
  });

  it('has no headers of authorization, keys, or passwords of URLs in it', () => {
    expect(shown({ authorization: 'anything' })).toBe('{"authorization":"[secret]"}');
    expect(shown({ apiKey: 'anything', keyId: 'key_1' })).toBe('{"apiKey":"[secret]","keyId":"key_1"}');
    expect(shown('said Bearer abcdef123456')).toBe('"said [secret]"');
    expect(shown('at http://ann:pass@host/path')).toBe('"at http://[secret]@host/path"');
  });

  it('has keys of ours by their ids alone, wherever they stand, and metrics and files as they are', () => {
    const place = fc.tuple(fc.string(), fc.string({ maxLength: 1_200 }), fc.string());
    fc.assert(
      fc.property(place, ([before, padding, after]) => {
        const { id, secret } = newKey();
        const text = `${before}${padding}${formatKey({ id, secret })} ${after}`;
        expect(shown(text)).not.toContain(secret.slice(0, 8));
        expect(shown(new Error(text))).not.toContain(secret.slice(0, 8));
      }),
      { seed: 26, numRuns: 300 },
    );
    const { id, secret } = newKey();
    expect(redact(`key ${formatKey({ id, secret })}.`)).toBe(`key alcove_${id}_[secret].`);
    expect(redact('alcove_requests_total of alcove_data_folder')).toBe(
      'alcove_requests_total of alcove_data_folder',
    );
  });

  it('has the names of errors that quote what was sent, and not their messages', () => {
    const error = new AlcoveError('InvalidArgumentError', 'Got "somebody’s text"; expected less.');
    expect(redact(error)).toMatchObject({ kind: 'InvalidArgumentError', stack: expect.any(String) });
    expect(shown(error)).not.toContain('somebody');
    const broken = (() => {
      try {
        return JSON.parse('{"a": somebody}');
      } catch (caught) {
        return caught;
      }
    })();
    expect(shown(broken)).not.toContain('somebody');
    expect(shown(new Error('failed', { cause: broken }))).toContain('"name":"SyntaxError"');
  });

  it('is cut where it is long, and keeps names, ids and numbers as they are', () => {
    expect(shown('a '.repeat(5_000)).length).toBeLessThan(1_100);
    const fields = {
      requestId: '0b54c1de-5d2f-4a8e-9d0c-0a4f0d2c7f11',
      ms: 12.5,
      url: 'http://127.0.0.1:4400',
      ok: true,
    };
    expect(redact(fields)).toEqual(fields);
  });
});

describe('a logger', () => {
  it('writes one line of JSON for each event of its level or below', () => {
    const lines: string[] = [];
    const logger = createLogger('info', {
      common: { thread: 'server-1' },
      secrets: [SECRET],
      write: (line) => lines.push(line),
    });
    logger.debug('left out');
    logger.info('started', { port: 4400, note: `with ${SECRET}` });
    logger.error('failed', { error: new Error('by a bug') });
    expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
    const [started, failed] = lines.map((line) => JSON.parse(line));
    expect(lines).toHaveLength(2);
    expect(started).toMatchObject({
      level: 'info',
      event: 'started',
      thread: 'server-1',
      port: 4400,
      note: 'with [secret]',
    });
    expect(Date.parse(started.time)).toBeGreaterThan(0);
    expect(failed.error).toMatchObject({
      name: 'Error',
      message: 'by a bug',
      stack: expect.stringContaining('redact.test.ts'),
    });
  });
});
