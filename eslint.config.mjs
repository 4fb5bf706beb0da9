import graphql from '@graphql-eslint/eslint-plugin';

/** Every rule that there is for schemas, and Relay's; what is changed says why. */
export default [
  {
    files: ['schema.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: './schema.graphql' } },
    },
    rules: {
      ...graphql.configs['flat/schema-all'].rules,
      ...graphql.configs['flat/schema-relay'].rules,

      // The recommended set asks for descriptions of types and root fields; here everything has one.
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          rootField: true,
          DirectiveDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
        },
      ],

      // Nodes have ids. Errors, results, events and the values that nodes are made of are not nodes.
      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          exceptions: {
            suffixes: ['Error', 'Result', 'Connection', 'Edge', 'Event'],
            types: [
              ...['LibrarySnapshot', 'LibraryCreated', 'LibraryUpdated', 'LibraryDeleted', 'IndexSwapped'],
              ...['DocumentCreated', 'DocumentUpdated', 'DocumentDeleted', 'ChunksWritten', 'ChunksDeleted'],
              ...[
                'BatchItem',
                'EmbedderStatus',
                'EmbeddingCache',
                'EmbeddingContract',
                'ImportCounts',
                'JobProgress',
                'LibraryCounts',
                'MetadataField',
                'PageInfo',
              ],
              ...[
                'IndexEstimate',
                'IndexMemoryUse',
                'IndexSegment',
                'IndexSettings',
                'LibraryIndex',
                'RecallPoint',
              ],
              'ChunkingSettings',
              ...['ServerLoad', 'ServerMemory', 'ServerThread'],
              ...['SearchPhase', 'SearchPlan', 'Server'],
              ...['Highlight', 'HighlightRange', 'KeywordMatch', 'KeywordPlan', 'KeywordSettings'],
              ...[
                'Reranked',
                'RerankPlan',
                'SemanticMatch',
                'SimilarDocument',
                'TextSearchPhase',
                'TextSearchPlan',
              ],
            ],
          },
        },
      ],

      // Lists that are short by nature (the segments of an index, an error's path) are plain lists.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
      ],

      // Off: the file is printed sorted, by code points, and a test keeps it so; this rule sorts by another alphabet.
      '@graphql-eslint/alphabetize': 'off',
      // Off: it exists to forbid mutations and subscriptions.
      '@graphql-eslint/no-root-type': 'off',
      // Off: a payload is a union in which what can go wrong has a place, so null has nothing to say (docs/api-design.md).
      '@graphql-eslint/require-nullable-result-in-root': 'off',
      // Off: a result carries what was written; whoever wants to read more asks in a query of its own.
      '@graphql-eslint/require-field-of-type-query-in-mutation-result': 'off',
    },
  },
];
