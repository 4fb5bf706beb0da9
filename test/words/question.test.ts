import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fragmentsOf } from '../../src/words/fragments.ts';
import { TextMatcher } from '../../src/words/matches.ts';
import { readQuestion } from '../../src/words/question.ts';

const read = (text: string) => readQuestion(text, 'ENGLISH');
const word = (one: string) => ({ kind: 'WORD', word: one });

describe('what a user types', () => {
  it('is words, each once', () => {
    expect(read('Stopping the machine, the MACHINE!')).toEqual([word('stop'), word('the'), word('machin')]);
  });

  it('holds a phrase in quotes, a beginning before a star, and a part between stars', () => {
    expect(read('"red buttons"')).toEqual([
      word('red'),
      word('button'),
      { kind: 'PHRASE', words: ['red', 'button'], isRequired: true },
    ]);
    expect(read('butt*')).toEqual([{ kind: 'PREFIX', prefix: 'butt' }]);
    expect(read('*utto*')).toEqual([{ kind: 'SUBSTRING', text: 'utto' }]);
  });

  it('takes a beginning back to where all forms of the word begin', () => {
    expect(read('conditional*')).toEqual([{ kind: 'PREFIX', prefix: 'condit' }]);
  });

  it('counts the order of an identifier in its favour', () => {
    expect(read('chunk_key')).toEqual([
      word('chunk'),
      word('kei'),
      { kind: 'PHRASE', words: ['chunk', 'kei'], isRequired: false },
    ]);
  });

  it('is words where it is no form of ours: FTS syntax, a quote without a partner, lone stars', () => {
    for (const text of [
      'NEAR(a b)',
      'a AND NOT b',
      'words:x',
      '^a + -b',
      '"open',
      '*',
      '**',
      '""',
      'a*b',
      '*ab*',
    ]) {
      expect(read(text).every(({ kind }) => kind === 'WORD' || kind === 'PHRASE')).toBe(true);
    }
    expect(read('"open')).toEqual([word('open')]);
  });

  it('is read whatever it is, within bounds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(read(text).length).toBeLessThanOrEqual(128);
      }),
      { seed: 7 },
    );
    expect(read(Array.from({ length: 5_000 }, (_, at) => `word${at}`).join(' '))).toHaveLength(128);
  });
});

describe('matches in a text', () => {
  const find = (question: string, text: string) => {
    const { matches, counts } = new TextMatcher(read(question), 'ENGLISH').find(text);
    return { found: matches.map(({ start, end }) => text.slice(start, end)), counts };
  };

  it('are words in all forms, beginnings, parts, and phrases as one', () => {
    expect(find('button', 'Buttons: one Button')).toEqual({ found: ['Buttons', 'Button'], counts: [2] });
    expect(find('butt*', 'a buttress')).toEqual({ found: ['buttress'], counts: [1] });
    expect(find('*TTO*', 'a button')).toEqual({ found: ['tto'], counts: [1] });
    expect(find('"red button"', 'A red button, button red').found).toEqual(['red button', 'button', 'red']);
  });
});

describe('fragments', () => {
  const text = `${'Nothing here. '.repeat(40)}Press the red button now. ${'More of it. '.repeat(40)}`;
  const { matches } = new TextMatcher(read('red button'), 'ENGLISH').find(text);

  it('hold the matches as offsets and no markup', () => {
    const [fragment, ...others] = fragmentsOf(text, matches, { count: 3, length: 80 });
    expect(others).toEqual([]);
    expect(text.slice(fragment?.start, fragment?.end)).toBe(fragment?.text);
    expect(fragment?.text.length).toBeLessThan(120);
    const marked = fragment?.matches.map(({ start, end }) => fragment.text.slice(start, end));
    expect(marked).toEqual(['red', 'button']);
  });

  it('never lose a match or overlap, whatever the text', () => {
    const texts = fc.array(fc.constantFrom('red', 'button', 'tea', '😀', '\n', 'wordless'), {
      maxLength: 80,
    });
    const sizes = fc.record({
      count: fc.integer({ min: 1, max: 5 }),
      length: fc.integer({ min: 20, max: 90 }),
    });
    fc.assert(
      fc.property(texts, sizes, (parts, options) => {
        const whole = parts.join(' ');
        const found = new TextMatcher(read('red button 😀'), 'ENGLISH').find(whole).matches;
        const fragments = fragmentsOf(whole, found, options);
        expect(fragments.length).toBeLessThanOrEqual(options.count);
        expect(fragments.length > 0).toBe(found.length > 0);
        let last = 0;
        for (const fragment of fragments) {
          expect(fragment.start).toBeGreaterThanOrEqual(last);
          expect(whole.slice(fragment.start, fragment.end)).toBe(fragment.text);
          expect(fragment.text.isWellFormed()).toBe(true);
          for (const { start, end } of fragment.matches) {
            expect(fragment.text.slice(start, end)).toMatch(/^(red|button)$/);
          }
          last = fragment.end;
        }
      }),
      { seed: 7 },
    );
  });
});
