import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { tokenCount, wordTokenCount } from '../../src/ingest/tokenCount.ts';

const DOCS = resolve(import.meta.dirname, '../../docs');

describe('counting tokens', () => {
  it('is within a few hundredths of what the tokenizer itself says of pages like these', () => {
    const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md'));
    const text = pages
      .map((name) => readFileSync(join(DOCS, name), 'utf8').replace(/^\|.*$/gm, ''))
      .join('\n');
    expect(Math.abs(tokenCount(text) / countTokens(text) - 1)).toBeLessThan(0.05);
  });

  it('adds up over white space, so that sizes of chunks follow from those of their words', () => {
    const word = fc.oneof(
      fc.stringMatching(/^\S{1,40}$/u),
      fc.constantFrom('the', '<|endoftext|>', 'x'.repeat(500), '漢字'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.constantFrom(' ', '\n\n', '  '))), (words) => {
        const text = words.map(([one, gap]) => one + gap).join('');
        const sum = words.reduce((count, [one, gap]) => count + tokenCount(one) + tokenCount(gap), 0);
        expect(tokenCount(text)).toBe(sum);
        for (const [one] of words) expect(wordTokenCount(one)).toBe(tokenCount(one));
      }),
      { numRuns: 200, seed: 3 },
    );
  });
});
