import type { LibraryReader } from '../library/LibraryReader.ts';
import { nodeNotFound } from '../library/lookup.ts';
import type { Library } from '../library/types.ts';
import { type QueryTerm, readQuestion } from '../words/question.ts';
import { wordsOf } from '../words/tokens.ts';
import type { TextSearchRequest } from './TextSearch.ts';

/** Words of a chunk or document that others are looked for by: those that it has most often. */
const MAX_LIKE_WORDS = 64;
/** Chunks of a document whose words are counted. */
const MAX_LIKE_CHUNKS = 200;

/** A question in words. */
export interface TextQuestion {
  /** The text that it is asked by. */
  readonly text: string;
  readonly terms: readonly QueryTerm[];
  /** Whether a chunk of the library is the question itself, and so no answer. */
  isAsked(chunk: { readonly id: string; readonly documentId: string }): boolean;
}

/**
 * What a question is in words: as typed, or the most frequent words of the chunk or document that others are to be like.
 * @throws AlcoveError NodeNotFoundError for a chunk or document that is not in the library.
 */
export function textQuestion(
  query: TextSearchRequest['query'],
  library: Library,
  reader: LibraryReader,
): TextQuestion {
  const { language } = library.keywords;
  if ('text' in query) {
    return { text: query.text, terms: readQuestion(query.text, language), isAsked: () => false };
  }
  if ('chunk' in query) {
    const chunk = reader.chunk(query.chunk);
    if (chunk?.libraryId !== library.id) {
      throw nodeNotFound('chunk of this library', query.chunk, ['query', 'chunk']);
    }
    const terms = frequentWords([chunk.text], library);
    return { text: chunk.text, terms, isAsked: ({ id }) => id === chunk.id };
  }
  const document = reader.document(query.document);
  if (document?.libraryId !== library.id) {
    throw nodeNotFound('document of this library', query.document, ['query', 'document']);
  }
  const page = reader.chunks({ documentId: document.id }, { first: MAX_LIKE_CHUNKS }, {});
  const texts = page.edges.map(({ node }) => node.text);
  return {
    text: [document.title, ...texts].join('\n'),
    terms: frequentWords([document.title, ...texts], library),
    isAsked: ({ documentId }) => documentId === document.id,
  };
}

function frequentWords(texts: readonly string[], { keywords }: Library): QueryTerm[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of wordsOf(text, keywords.language)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_LIKE_WORDS)
    .map(([word]) => ({ kind: 'WORD', word }));
}
