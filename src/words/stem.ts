/** Stems that are remembered, twice: of the words seen lately, and of those seen before them. Texts repeat their words. */
const MAX_REMEMBERED = 50_000;

let lately = new Map<string, string>();
let before = new Map<string, string>();

/** Endings of step 2 and of step 3, longest first, and what takes their place where the measure before them is above 0. */
const STEP_2 = endings(
  'ational ate|ization ize|iveness ive|fulness ful|ousness ous|tional tion|biliti ble|entli ent|ousli ous|ation ate|alism al|aliti al|iviti ive|enci ence|anci ance|izer ize|abli able|alli al|ator ate|eli e|logi log',
);
const STEP_3 = endings('icate ic|ative |alize al|iciti ic|ical ic|ness |ful ');
/** Endings of step 4, which go where the measure before them is above 1. */
const STEP_4 = endings(
  'ement |ance |ence |able |ible |ment |ant |ent |ism |ate |iti |ous |ive |ize |ion |al |er |ic |ou ',
);

function endings(list: string): readonly (readonly [ending: string, instead: string])[] {
  return list.split('|').map((pair) => {
    const [ending = '', instead = ''] = pair.split(' ');
    return [ending, instead];
  });
}

/**
 * The stem of an English word in lower case (M. F. Porter, "An algorithm for suffix stripping", Program 14, 1980, with the
 * author's later changes of `abli` and `logi`). Words of two letters, and what is not letters alone, stay as they are.
 */
export function stem(word: string): string {
  if (word.length < 3) return word;
  const known = lately.get(word);
  if (known !== undefined) return known;
  const stemmed = before.get(word) ?? (/^[a-z]+$/.test(word) ? stripped(word) : word);
  if (lately.size >= MAX_REMEMBERED) {
    before = lately;
    lately = new Map();
  }
  lately.set(word, stemmed);
  return stemmed;
}

function stripped(word: string): string {
  let stem = withoutPast(withoutPlural(word));
  if (stem.endsWith('y') && hasVowel(stem.slice(0, -1))) stem = `${stem.slice(0, -1)}i`;
  stem = replaced(stem, STEP_2, 0);
  stem = replaced(stem, STEP_3, 0);
  stem = withoutSuffix(stem);
  return withoutLastLetter(stem);
}

/** Step 1a. */
function withoutPlural(word: string): string {
  if (word.endsWith('sses') || word.endsWith('ies')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

/** Step 1b. */
function withoutPast(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const ending = word.endsWith('ed') ? 2 : word.endsWith('ing') ? 3 : 0;
  const rest = word.slice(0, word.length - ending);
  if (ending === 0 || !hasVowel(rest)) return word;
  if (/(?:at|bl|iz)$/.test(rest)) return `${rest}e`;
  if (endsDouble(rest) && !/[lsz]$/.test(rest)) return rest.slice(0, -1);
  return measure(rest) === 1 && endsShort(rest) ? `${rest}e` : rest;
}

/** Of the first ending that the word has: what stands instead, if the measure before it is above `above`. */
function replaced(word: string, list: typeof STEP_2, above: number): string {
  const found = list.find(([ending]) => word.endsWith(ending));
  if (found === undefined) return word;
  const rest = word.slice(0, -found[0].length);
  return measure(rest) > above ? rest + found[1] : word;
}

/** Step 4. */
function withoutSuffix(word: string): string {
  const isBareIon = word.endsWith('ion') && !/[st]ion$/.test(word);
  return isBareIon ? word : replaced(word, STEP_4, 1);
}

/** Step 5. */
function withoutLastLetter(word: string): string {
  let stem = word;
  if (stem.endsWith('e')) {
    const rest = stem.slice(0, -1);
    const size = measure(rest);
    if (size > 1 || (size === 1 && !endsShort(rest))) stem = rest;
  }
  return stem.endsWith('ll') && measure(stem) > 1 ? stem.slice(0, -1) : stem;
}

function isConsonant(word: string, at: number): boolean {
  switch (word[at]) {
    case 'a':
    case 'e':
    case 'i':
    case 'o':
    case 'u':
      return false;
    case 'y':
      return at === 0 || !isConsonant(word, at - 1);
    default:
      return true;
  }
}

/** Porter's m: how often a vowel is followed by a consonant. */
function measure(word: string): number {
  let count = 0;
  for (let at = 1; at < word.length; at++) if (isConsonant(word, at) && !isConsonant(word, at - 1)) count++;
  return count;
}

function hasVowel(word: string): boolean {
  for (let at = 0; at < word.length; at++) if (!isConsonant(word, at)) return true;
  return false;
}

function endsDouble(word: string): boolean {
  return word.length > 1 && word.at(-1) === word.at(-2) && isConsonant(word, word.length - 1);
}

/** Consonant, vowel, consonant, the last of which is not w, x or y. */
function endsShort(word: string): boolean {
  const last = word.length - 1;
  return (
    last >= 2 &&
    isConsonant(word, last) &&
    !isConsonant(word, last - 1) &&
    isConsonant(word, last - 2) &&
    !/[wxy]$/.test(word)
  );
}
