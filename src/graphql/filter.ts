import type { MetadataField } from '../library/types.ts';
import type {
  ChunkFilterInput,
  DateTimeFilterInput,
  DocumentFilterInput,
  IdFilterInput,
  ListFilterInput,
  MetadataFilterInput,
  MetadataPredicateInput,
  NumberFilterInput,
  StringFilterInput,
} from '../search/filter/input.ts';
import { parseChunkFilter, parseDocumentFilter } from '../search/filter/parse.ts';
import type { Predicate } from '../store/predicate.ts';
import { builder } from './builder.ts';
import { placed } from './placed.ts';

/** Pothos says what it parses with arrays that may be written to. */
type Writable<T> = T extends readonly (infer Item)[]
  ? Writable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Writable<T[Key]> }
    : T;

const IdFilter = builder.inputRef<Writable<IdFilterInput>>('IdFilter').implement({
  description: 'A condition on an id. Example: `{ in: ["doc_handbook", "doc_faq"] }`',
  isOneOf: true,
  fields: (t) => ({
    eq: t.id({ description: 'It is this id. Example: `"doc_handbook"`' }),
    in: t.idList({ description: 'It is one of these ids. Example: `["doc_handbook", "doc_faq"]`' }),
  }),
});

const StringFilter = builder.inputRef<Writable<StringFilterInput>>('StringFilter').implement({
  description: `A condition on a text. \`eq\`, \`ne\` and \`in\` compare exactly; \`contains\`, \`startsWith\` and \`endsWith\` do not care about case.
Nothing in a text has a special meaning: it is never a pattern. Example: \`{ contains: "vector" }\``,
  isOneOf: true,
  fields: (t) => ({
    eq: t.string({ description: 'It is exactly this. Example: `"en"`' }),
    ne: t.string({ description: 'It is there, and something else. Example: `"en"`' }),
    in: t.stringList({ description: 'It is exactly one of these. Example: `["en", "de"]`' }),
    contains: t.string({ description: 'This is somewhere in it, in any case. Example: `"vector"`' }),
    startsWith: t.string({ description: 'It begins with this, in any case. Example: `"https://"`' }),
    endsWith: t.string({ description: 'It ends with this, in any case. Example: `".pdf"`' }),
  }),
});

const NumberFilter = builder.inputRef<Writable<NumberFilterInput>>('NumberFilter').implement({
  description: 'Conditions on a number; all that are given must hold. Example: `{ gte: 2020, lt: 2026 }`',
  fields: (t) => ({
    eq: t.float({ description: 'It equals this. Example: `2026`' }),
    ne: t.float({ description: 'It is there, and another number. Example: `0`' }),
    in: t.floatList({ description: 'It is one of these. Example: `[2024, 2026]`' }),
    gt: t.float({ description: 'It is greater. Example: `2020`' }),
    gte: t.float({ description: 'It is greater or equal. Example: `2020`' }),
    lt: t.float({ description: 'It is less. Example: `2026`' }),
    lte: t.float({ description: 'It is less or equal. Example: `2026`' }),
  }),
});

const DateTimeFilter = builder.inputRef<Writable<DateTimeFilterInput>>('DateTimeFilter').implement({
  description:
    'Conditions on a moment; all that are given must hold. Example: `{ gte: "2026-01-01T00:00:00Z", lt: "2026-02-01T00:00:00Z" }`',
  fields: (t) => ({
    eq: t.field({ type: 'DateTime', description: 'It is this moment. Example: `"2026-01-31T08:30:00Z"`' }),
    gt: t.field({ type: 'DateTime', description: 'It is later. Example: `"2026-01-31T08:30:00Z"`' }),
    gte: t.field({ type: 'DateTime', description: 'It is then or later. Example: `"2026-01-31T08:30:00Z"`' }),
    lt: t.field({ type: 'DateTime', description: 'It is earlier. Example: `"2026-01-31T08:30:00Z"`' }),
    lte: t.field({
      type: 'DateTime',
      description: 'It is then or earlier. Example: `"2026-01-31T08:30:00Z"`',
    }),
  }),
});

const ListFilter = builder.inputRef<Writable<ListFilterInput>>('ListFilter').implement({
  description:
    'A condition on a list of strings, compared exactly. Example: `{ containsAny: ["search", "vectors"] }`',
  isOneOf: true,
  fields: (t) => ({
    containsAny: t.stringList({
      description: 'At least one of these is in it. Example: `["search", "vectors"]`',
    }),
    containsAll: t.stringList({
      description: 'Every one of these is in it. Example: `["search", "vectors"]`',
    }),
  }),
});

const MetadataPredicate = builder.inputRef<Writable<MetadataPredicateInput>>('MetadataPredicate').implement({
  description: `A condition on a metadata value, under the key of its field's type. Example: \`{ number: { gte: 2020 } }\``,
  isOneOf: true,
  fields: (t) => ({
    string: t.field({ type: StringFilter, description: 'On a STRING. Example: `{ eq: "en" }`' }),
    number: t.field({ type: NumberFilter, description: 'On a NUMBER. Example: `{ gte: 2020 }`' }),
    boolean: t.boolean({ description: 'On a BOOLEAN: it is this. Example: `true`' }),
    dateTime: t.field({
      type: DateTimeFilter,
      description: 'On a DATE_TIME. Example: `{ lt: "2026-01-31T08:30:00Z" }`',
    }),
    list: t.field({
      type: ListFilter,
      description: 'On a STRING_LIST. Example: `{ containsAny: ["search"] }`',
    }),
    exists: t.boolean({ description: 'On any type: whether there is a value. Example: `false`' }),
  }),
});

const MetadataFilter = builder.inputRef<Writable<MetadataFilterInput>>('MetadataFilter').implement({
  description:
    'A condition on one metadata field. Example: `{ field: "year", is: { number: { gte: 2020 } } }`',
  fields: (t) => ({
    field: t.string({
      required: true,
      description: 'A field that the library declares as filterable. Example: `"year"`',
    }),
    is: t.field({
      type: MetadataPredicate,
      required: true,
      description: 'What must hold. Example: `{ number: { gte: 2020 } }`',
    }),
  }),
});

export const DocumentFilter = builder.inputRef<Writable<DocumentFilterInput>>('DocumentFilter').implement({
  description:
    'Conditions on documents; all that are given must hold. Example: `{ title: { contains: "guide" } }`',
  fields: (t) => ({
    and: t.field({
      type: [DocumentFilter],
      description: 'All of these hold. Example: `[{ author: { eq: "Ada" } }]`',
    }),
    or: t.field({
      type: [DocumentFilter],
      description:
        'At least one of these holds. Example: `[{ author: { eq: "Ada" } }, { author: { eq: "Grace" } }]`',
    }),
    not: t.field({
      type: DocumentFilter,
      description: 'This does not hold. Example: `{ author: { eq: "Ada" } }`',
    }),
    id: t.field({ type: IdFilter, description: 'On its id. Example: `{ eq: "doc_handbook" }`' }),
    title: t.field({ type: StringFilter, description: 'On its title. Example: `{ contains: "guide" }`' }),
    author: t.field({ type: StringFilter, description: 'On its author. Example: `{ eq: "Ada Lovelace" }`' }),
    sourceUrl: t.field({
      type: StringFilter,
      description: 'On where it is from. Example: `{ startsWith: "https://example.com/" }`',
    }),
    contentType: t.field({
      type: StringFilter,
      description: 'On its media type. Example: `{ eq: "text/markdown" }`',
    }),
    createdAt: t.field({
      type: DateTimeFilter,
      description: 'On when it was created. Example: `{ gt: "2026-01-01T00:00:00Z" }`',
    }),
    updatedAt: t.field({
      type: DateTimeFilter,
      description: 'On when it last changed. Example: `{ gt: "2026-01-01T00:00:00Z" }`',
    }),
    metadata: t.field({
      type: [MetadataFilter],
      description:
        'On its metadata; all of them hold. Example: `[{ field: "year", is: { number: { eq: 2026 } } }]`',
    }),
  }),
});

export const ChunkFilter = builder.inputRef<Writable<ChunkFilterInput>>('ChunkFilter').implement({
  description: `Conditions on chunks; all that are given must hold. Example, chunks created in 2026 in documents whose title says "guide":
\`{ createdAt: { gte: "2026-01-01T00:00:00Z" }, document: { title: { contains: "guide" } } }\``,
  fields: (t) => ({
    and: t.field({
      type: [ChunkFilter],
      description: 'All of these hold. Example: `[{ position: { lt: 3 } }]`',
    }),
    or: t.field({
      type: [ChunkFilter],
      description:
        'At least one of these holds. Example: `[{ position: { eq: 0 } }, { text: { contains: "summary" } }]`',
    }),
    not: t.field({
      type: ChunkFilter,
      description: 'This does not hold. Example: `{ text: { contains: "draft" } }`',
    }),
    id: t.field({ type: IdFilter, description: 'On its id. Example: `{ in: ["chk_a", "chk_b"] }`' }),
    document: t.field({
      type: DocumentFilter,
      description: 'On the document that it belongs to. Example: `{ title: { contains: "guide" } }`',
    }),
    text: t.field({ type: StringFilter, description: 'On its text. Example: `{ contains: "recall" }`' }),
    position: t.field({
      type: NumberFilter,
      description: 'On its place in its document, from 0. Example: `{ lt: 3 }`',
    }),
    page: t.field({
      type: NumberFilter,
      description:
        'On the page that it begins on, from 1; false where there are no pages. Example: `{ gte: 10, lt: 20 }`',
    }),
    headings: t.field({
      type: ListFilter,
      description: 'On the headings that it stands under. Example: `{ containsAny: ["Safety"] }`',
    }),
    createdAt: t.field({
      type: DateTimeFilter,
      description: 'On when it was created. Example: `{ gt: "2026-01-01T00:00:00Z" }`',
    }),
    updatedAt: t.field({
      type: DateTimeFilter,
      description: 'On when it last changed. Example: `{ gt: "2026-01-01T00:00:00Z" }`',
    }),
    metadata: t.field({
      type: [MetadataFilter],
      description:
        'On its own metadata; all of them hold. Example: `[{ field: "year", is: { number: { eq: 2026 } } }]`',
    }),
  }),
});

/** What a filter over chunks means in a library of these fields. @throws AlcoveError InvalidFilterError below `filter` */
export function chunkPredicate(
  filter: typeof ChunkFilter.$inferInput,
  fields: readonly MetadataField[],
): Predicate {
  return placed(['filter'], () => parseChunkFilter(filter as ChunkFilterInput, fields));
}

/** The same over documents. */
export function documentPredicate(
  filter: typeof DocumentFilter.$inferInput,
  fields: readonly MetadataField[],
): Predicate {
  return placed(['filter'], () => parseDocumentFilter(filter as DocumentFilterInput, fields));
}
