import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  Lexer,
  parse,
  type SelectionSetNode,
  Source,
  TokenKind,
} from 'graphql';

/** How large and how deep a GraphQL document may be. Anything a person writes is far below. */
export const DOCUMENT_LIMITS = {
  /** Characters, comments and all. Vectors and texts belong into variables. */
  characters: 262_144,
  tokens: 10_000,
  /** Brackets of any kind inside one another. */
  nesting: 128,
  /** Fields inside one another, fragments followed. Introspection as GraphiQL asks for it is 15 deep. */
  depth: 16,
  /** Fields and spreads, each counted as often as fragments repeat it. */
  selections: 2_000,
  /** Fields asked for again in the same place. GraphQL compares each with all before it. */
  repeats: 500,
  aliases: 128,
  directives: 64,
} as const;

/** Each of {@link DOCUMENT_LIMITS}, as a server sets it. */
export type DocumentLimits = Readonly<Record<keyof typeof DOCUMENT_LIMITS, number>>;

/**
 * graphql's `parse` with limits: no document costs more than a few milliseconds to refuse.
 * @throws GraphQLError with status 400, saying which limit was passed.
 */
export function parseWithinLimits(
  source: string | Source,
  limits: DocumentLimits = DOCUMENT_LIMITS,
): DocumentNode {
  const text = typeof source === 'string' ? new Source(source) : source;
  if (text.body.length > limits.characters) refuse(limits, 'characters', text.body.length);
  scan(text, limits);
  const document = parse(text);
  measure(document, limits);
  return document;
}

/** The parser recurses, so tokens and nesting are counted before it starts. */
function scan(source: Source, limits: DocumentLimits): void {
  const lexer = new Lexer(source);
  let nesting = 0;
  for (let tokens = 0; ; tokens += 1) {
    if (tokens > limits.tokens) refuse(limits, 'tokens', tokens);
    const { kind, value } = lexer.advance();
    switch (kind) {
      case TokenKind.BRACE_L:
      case TokenKind.BRACKET_L:
      case TokenKind.PAREN_L:
        nesting += 1;
        if (nesting > limits.nesting) refuse(limits, 'nesting', nesting);
        break;
      case TokenKind.BRACE_R:
      case TokenKind.BRACKET_R:
      case TokenKind.PAREN_R:
        nesting -= 1;
        break;
      case TokenKind.INT:
      case TokenKind.FLOAT:
        if (!Number.isFinite(Number(value))) refuseNumber(value);
        break;
      case TokenKind.EOF:
        return;
    }
  }
}

/** GraphQL reads a number that is too large for any type of it as Infinity. */
function refuseNumber(number: string): never {
  throw new GraphQLError(`got the number ${number.slice(0, 40)}, expected one of at most 1.797e308`, {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });
}

/** What an answer has in one place: the fields there, by the names that they are answered under, and what is in each. */
type Place = Map<string, Place>;

/** Walks every operation with its fragments spread out, as validation and execution will. */
function measure(document: DocumentNode, limits: DocumentLimits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const spent = { selections: 0, repeats: 0, aliases: 0, directives: 0 };
  const spend = (limit: keyof typeof spent, amount: number) => {
    spent[limit] += amount;
    if (spent[limit] > limits[limit]) refuse(limits, limit, spent[limit]);
  };

  const walk = (set: SelectionSetNode, depth: number, within: readonly string[], place: Place): void => {
    for (const selection of set.selections) {
      spend('selections', 1);
      spend('directives', selection.directives?.length ?? 0);
      if (selection.kind === Kind.FIELD) {
        if (depth > limits.depth) refuse(limits, 'depth', depth);
        if (selection.alias) spend('aliases', 1);
        const name = (selection.alias ?? selection.name).value;
        const known = place.get(name);
        if (known) spend('repeats', 1);
        const inside = known ?? new Map();
        place.set(name, inside);
        if (selection.selectionSet) walk(selection.selectionSet, depth + 1, within, inside);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, depth, within, place);
      } else {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        // A cycle is left to validation, which names it.
        if (fragment && !within.includes(name)) walk(fragment.selectionSet, depth, [...within, name], place);
      }
    }
  };
  for (const definition of document.definitions) {
    if ('directives' in definition) spend('directives', definition.directives?.length ?? 0);
    if (definition.kind === Kind.OPERATION_DEFINITION) walk(definition.selectionSet, 1, [], new Map());
  }
}

function refuse(limits: DocumentLimits, limit: keyof DocumentLimits, got: number): never {
  throw new GraphQLError(
    `the document passes the limit of ${limits[limit]} for its ${limit} (${got} so far); split it up, or move values into variables`,
    { extensions: { code: 'BAD_USER_INPUT', got, expected: limits[limit], http: { status: 400 } } },
  );
}
