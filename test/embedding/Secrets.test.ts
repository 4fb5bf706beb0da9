import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secrets } from '../../src/embedding/remote/Secrets.ts';

const KEY = 'sk-proj-Abc123+/=XyZ987654321';

describe('secrets', () => {
  const secrets = new Secrets([KEY, undefined, '', 'pw"1']);

  it.each([
    `Incorrect API key provided: ${KEY}. See the docs.`,
    `https://example.com/?key=${encodeURIComponent(KEY)}`,
    `Basic ${Buffer.from(KEY).toString('base64')}`,
    `Incorrect API key provided: ${KEY.slice(0, 8)}***************${KEY.slice(-4)}.`,
    `It began with ${KEY.slice(0, 12)}`,
    `It ended in ${KEY.slice(-9)}`,
    `The password was ${JSON.stringify('pw"1')}`,
    'authorization: Bearer somebody-elses-token-123',
  ])('are taken out of: %s', (text) => {
    const redacted = secrets.redact(text);
    expect(redacted).toContain('[secret]');
    expect(redacted).not.toMatch(/Abc123|987654|XyZ9|pw.?"1|elses|c2stcHJv/);
    expect(redacted.slice(0, 5)).toBe(text.slice(0, 5));
  });

  it('are not found where there are none', () => {
    const text = 'The model does not exist: some-model. Use text-embedding-3-small (3,072 numbers).';
    expect(secrets.redact(text)).toBe(text);
  });

  it('do not get through in any place, whole or cut', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.nat(KEY.length - 6),
        fc.integer({ min: 6, max: 40 }),
        (before, after, at, length) => {
          const part = KEY.slice(at, at + length);
          expect(secrets.redact(before + part + after)).not.toContain(part);
        },
      ),
      { seed: 1 },
    );
  });
});
