/** What is known of a model before it has been asked anything. */
export interface KnownModel {
  /** Numbers in its vectors, as it makes them. */
  readonly dimension: number;
  /** Other dimensions that it can be asked for: those of a list, or all from 1 to `dimension`. Absent: none. */
  readonly otherDimensions?: readonly number[] | 'SMALLER';
  /** Tokens that it reads. */
  readonly maxTokens: number;
  /** The tokenizer that counts them exactly. Absent: they are estimated. */
  readonly tokenizer?: 'cl100k_base';
  readonly documentPrefix?: string;
  readonly queryPrefix?: string;
}

const ASK_FOR_PASSAGES = 'Represent this sentence for searching relevant passages: ';
const E5 = { maxTokens: 512, documentPrefix: 'passage: ', queryPrefix: 'query: ' } as const;
const NOMIC = {
  dimension: 768,
  maxTokens: 8_192,
  documentPrefix: 'search_document: ',
  queryPrefix: 'search_query: ',
} as const;
const OPENAI = { maxTokens: 8_191, tokenizer: 'cl100k_base' } as const;

/**
 * By the last part of the name, in lower case and without a tag: `nomic-embed-text` stands for `nomic-embed-text:latest`
 * and `bge-m3` for `BAAI/bge-m3`. Figures and prefixes are those of the models' own cards.
 */
const KNOWN_MODELS: Readonly<Record<string, KnownModel>> = {
  'text-embedding-3-small': { ...OPENAI, dimension: 1_536, otherDimensions: 'SMALLER' },
  'text-embedding-3-large': { ...OPENAI, dimension: 3_072, otherDimensions: 'SMALLER' },
  'text-embedding-ada-002': { ...OPENAI, dimension: 1_536 },

  'embed-v4.0': { dimension: 1_536, otherDimensions: [256, 512, 1_024], maxTokens: 128_000 },
  'embed-english-v3.0': { dimension: 1_024, maxTokens: 512 },
  'embed-multilingual-v3.0': { dimension: 1_024, maxTokens: 512 },
  'embed-english-light-v3.0': { dimension: 384, maxTokens: 512 },
  'embed-multilingual-light-v3.0': { dimension: 384, maxTokens: 512 },

  'all-minilm': { dimension: 384, maxTokens: 256 },
  'all-minilm-l6-v2': { dimension: 384, maxTokens: 256 },
  'all-minilm-l12-v2': { dimension: 384, maxTokens: 128 },
  'all-mpnet-base-v2': { dimension: 768, maxTokens: 384 },
  'nomic-embed-text': NOMIC,
  'nomic-embed-text-v1': NOMIC,
  'nomic-embed-text-v1.5': NOMIC,
  'mxbai-embed-large': { dimension: 1_024, maxTokens: 512, queryPrefix: ASK_FOR_PASSAGES },
  'mxbai-embed-large-v1': { dimension: 1_024, maxTokens: 512, queryPrefix: ASK_FOR_PASSAGES },
  'bge-small-en-v1.5': { dimension: 384, maxTokens: 512, queryPrefix: ASK_FOR_PASSAGES },
  'bge-base-en-v1.5': { dimension: 768, maxTokens: 512, queryPrefix: ASK_FOR_PASSAGES },
  'bge-large-en-v1.5': { dimension: 1_024, maxTokens: 512, queryPrefix: ASK_FOR_PASSAGES },
  'bge-m3': { dimension: 1_024, maxTokens: 8_192 },
  'e5-small-v2': { ...E5, dimension: 384 },
  'e5-base-v2': { ...E5, dimension: 768 },
  'e5-large-v2': { ...E5, dimension: 1_024 },
  'multilingual-e5-small': { ...E5, dimension: 384 },
  'multilingual-e5-base': { ...E5, dimension: 768 },
  'multilingual-e5-large': { ...E5, dimension: 1_024 },
};

/** What is known of a model by its name, whoever serves it; undefined where nothing is. */
export function knownModel(model: string): KnownModel | undefined {
  const name = model.toLowerCase().replace(/^.*\//, '').replace(/:.*$/, '');
  return Object.hasOwn(KNOWN_MODELS, name) ? KNOWN_MODELS[name] : undefined;
}

/** Whether a known model can make vectors of this dimension. */
export function hasDimension({ dimension, otherDimensions = [] }: KnownModel, wanted: number): boolean {
  if (wanted === dimension) return true;
  return otherDimensions === 'SMALLER' ? wanted >= 1 && wanted < dimension : otherDimensions.includes(wanted);
}
