import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stem } from '../../src/words/stem.ts';
import { tokensOf, wordsOf } from '../../src/words/tokens.ts';

describe('the words of a text', () => {
  it('are runs of letters and digits in lower case without accents', () => {
    expect(wordsOf('The chunk_key of v1.2, naïve Cafés & Árvíztűrő-FÚRÓGÉP', 'NONE')).toEqual([
      ...['the', 'chunk', 'key', 'of', 'v1', '2', 'naive', 'cafes', 'arvizturo', 'furogep'],
    ]);
  });

  it('are the same however accents are written', () => {
    expect(wordsOf('Cafe\u0301', 'NONE')).toEqual(wordsOf('Café', 'NONE'));
    expect(wordsOf('ﬁne', 'NONE')).toEqual(['fine']);
  });

  it('are single characters where nothing stands between words', () => {
    expect(wordsOf('東京タワーに行く', 'NONE')).toEqual(['東', '京', 'タ', 'ワ', 'ー', 'に', '行', 'く']);
  });

  it('have the places where they stand in the text', () => {
    expect(tokensOf('é: naïve', 'NONE')).toEqual([
      { word: 'e', start: 0, end: 1 },
      { word: 'naive', start: 3, end: 8 },
    ]);
  });

  it('hold nothing that separates or quotes them in the index, whatever the text, and lie where they are said to', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const tokens = tokensOf(text, 'NONE');
        for (const { word, start, end } of tokens) {
          expect(word).toMatch(/^[^\p{Lu}\s"'*._()^:+-]+$/u);
          expect(wordsOf(text.slice(start, end), 'NONE')).toEqual([word]);
        }
        expect(wordsOf(text, 'NONE')).toEqual(tokens.map(({ word }) => word));
      }),
      { seed: 7 },
    );
  });

  it('are cut where data goes on without end', () => {
    expect(wordsOf('a'.repeat(10_000), 'NONE')).toEqual(['a'.repeat(64)]);
  });
});

describe('stems', () => {
  it.each([
    // From the paper.
    ['caresses', 'caress'],
    ['ponies', 'poni'],
    ['cats', 'cat'],
    ['agreed', 'agre'],
    ['plastered', 'plaster'],
    ['motoring', 'motor'],
    ['conflated', 'conflat'],
    ['hopping', 'hop'],
    ['falling', 'fall'],
    ['filing', 'file'],
    ['happy', 'happi'],
    ['sky', 'sky'],
    ['relational', 'relat'],
    ['conditional', 'condit'],
    ['vietnamization', 'vietnam'],
    ['hopefulness', 'hope'],
    ['electrical', 'electr'],
    ['adjustment', 'adjust'],
    ['adoption', 'adopt'],
    ['probate', 'probat'],
    ['rate', 'rate'],
    ['controll', 'control'],
    ['generalizations', 'gener'],
    ['oscillators', 'oscil'],
  ])('of %s is %s', (word, expected) => {
    expect(stem(word)).toBe(expected);
  });

  it('bring the forms of a word together, and leave what is no word alone', () => {
    expect(new Set(['index', 'indexes', 'indexed', 'indexing'].map(stem)).size).toBe(1);
    expect(['is', 'v12ing', 'café'].map(stem)).toEqual(['is', 'v12ing', 'café']);
  });
});
