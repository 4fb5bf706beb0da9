import { describe, expect, it } from 'vitest';
import { TextMatcher } from '../../src/words/matches.ts';

const partsOf = (part: string, text: string): string[] =>
  new TextMatcher([{ kind: 'SUBSTRING', text: part }], 'NONE')
    .find(text)
    .matches.map(({ start, end }) => text.slice(start, end));

describe('a part of a text', () => {
  it('is found where it stands, in any case', () => {
    expect(partsOf('umpet', 'Crumpets, TRUMPETS.')).toEqual(['umpet', 'UMPET']);
  });

  it('is found where it stands also beside a letter whose lower case is longer', () => {
    expect(partsOf('umpet', 'İstanbul has crumpets; İ𝐀😀 TRUMPETS too')).toEqual(['umpet', 'UMPET']);
  });
});
