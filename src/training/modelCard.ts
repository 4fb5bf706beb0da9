import { FINGERPRINT_MARK } from '../embedding/modelFolder.ts';
import type { Retrieval } from './evaluate.ts';
import type { LearnedModel } from './learnModel.ts';

/** What a card says besides what was learned. */
export interface CardFacts {
  readonly name: string;
  readonly seed: number;
  /** What the corpus was read from. */
  readonly sources: readonly string[];
  readonly files: number;
  readonly builtAt: Date;
  /** Milliseconds. */
  readonly tookMs: number;
}

/** A model's card in Markdown: what it is made of, and how good it is at what it was made for. */
export function modelCard(model: LearnedModel, facts: CardFacts): string {
  const { learned, corpus, evaluation } = model;
  const number = (value: number) => value.toLocaleString('en');
  const row = (name: string, trained: Retrieval, builtin: Retrieval) =>
    `| ${name} | ${trained.questions} | ${figures(trained)} | ${figures(builtin)} |`;
  const cutOff = corpus.isCutOff ? '; the rest was not read' : '';
  const heldOut = evaluation.isHeldOut
    ? 'Passages that were kept from the model'
    : 'The corpus is too small to keep passages from the model, so it has seen those that it is asked about. They';
  return `# ${facts.name}

A model for embeddings that \`alcove model build\` learned from texts. Name it as provider TRAINED, model \`${facts.name}\`.

| | |
|---|---|
| Fingerprint | \`${facts.name}${FINGERPRINT_MARK}${model.fingerprint}\` |
| Dimension | ${learned.meaning + learned.spelling} (${learned.meaning} of meaning, ${learned.spelling} of spelling) |
| Corpus | ${number(facts.files)} files, ${number(corpus.passages)} passages, ${number(corpus.words)} words without function words${cutOff} |
| Read from | ${facts.sources.map((source) => `\`${source}\``).join(', ')} |
| Vocabulary | ${number(learned.words.length)} words; others are guessed by their n-grams |
| Size | ${number(model.file.length)} bytes |
| Seed | ${facts.seed} |
| Built | ${facts.builtAt.toISOString()}, in ${(facts.tookMs / 1_000).toFixed(1)} s |

## How good it is

${heldOut} had a sentence taken out of each; by the sentence the passage is to be found among ${evaluation.passages}. In the second row the sentence
is without the words that the passage has too. Recall is the part that is found among the first ten; nDCG counts how far ahead.

| Asked by | Questions | This model: recall@10, nDCG@10 | Built-in embedder |
|---|---|---|---|
${row('a sentence', evaluation.sentences.trained, evaluation.sentences.builtin)}
${row('its other words alone', evaluation.otherWords.trained, evaluation.otherWords.builtin)}

It knows what its corpus says, in the languages of its corpus, and words that the corpus never had by their spelling only. It reads the first
32,768 characters of a text.
`;
}

function figures({ recall, ndcg }: Retrieval): string {
  return `${recall.toFixed(3)}, ${ndcg.toFixed(3)}`;
}
