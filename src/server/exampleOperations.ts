/** Something to try. */
export interface ExampleOperation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** What GraphiQL opens with: one tab each, for a server that has the sample library. */
export const EXAMPLE_OPERATIONS: readonly ExampleOperation[] = [
  {
    query: `# The chunks nearest to a text, and how they were found.
# Press the button, or Ctrl-Enter.
query SearchByText {
  knnSearch(input: {
    library: { name: "alcove-docs" }
    query: { text: "how does a filtered search stay exact?" }
    k: 5
  }) {
    ... on KnnConnection {
      edges {
        similarity
        node { text document { title } }
      }
      plan {
        strategy
        reason
        expectedRecall
        compared
        phases { name ms }
      }
      tookMs
    }
    ... on Error { code message path }
  }
}
`,
  },
  {
    query: `# By words and by meaning at once: what matched, and why
# each hit is one. A phrase is in quotes, a beginning ends in *.
query SearchByWordsAndMeaning {
  search(input: {
    library: { name: "alcove-docs" }
    query: { text: "\\"exact scan\\" of few vectors" }
    mode: HYBRID
    k: 5
  }) {
    ... on SearchConnection {
      edges {
        score
        matchedTerms
        highlights { text }
        keyword { rank }
        semantic { rank similarity }
        node { page headings document { title } }
      }
      tookMs
    }
    ... on Error { code message path }
  }
}
`,
  },
  {
    query: `# A document with its text: chunked, embedded, durable and
# searchable when the answer is there. Again: it is replaced.
mutation AddDocument {
  upsertDocument(input: {
    id: "doc_my-first"
    library: { name: "alcove-docs" }
    title: "My first document"
    author: "Me"
    content: {
      text: "An alcove is a recess in a wall, with room for books."
    }
  }) {
    ... on DocumentResult {
      revision
      document {
        id
        title
        chunks(first: 3) { totalCount edges { node { id text } } }
      }
    }
    ... on Error { code message path }
  }
}
`,
  },
  {
    query: `# The nearest among those that a filter lets through.
# Fewer than k hits means that fewer exist.
query SearchWithFilter($since: DateTime!) {
  knnSearch(input: {
    library: { name: "alcove-docs" }
    query: { text: "a place for books" }
    k: 3
    filter: {
      createdAt: { gt: $since }
      or: [
        { document: { title: { contains: "first" } } }
        { text: { contains: "index" } }
      ]
    }
    accuracy: { exact: true }
  }) {
    ... on KnnConnection {
      matchCount
      edges {
        similarity
        node { text createdAt document { title } }
      }
      plan { strategy reason selectivity }
    }
    ... on Error { code message path }
  }
}
`,
    variables: { since: '2026-01-01T00:00:00Z' },
  },
  {
    query: `# Builds a new index aside, verifies its recall, and swaps it
# in; the old one serves meanwhile. The next tab shows how far
# it is.
mutation Reindex {
  reindex(input: {
    library: { name: "alcove-docs" }
    settings: { type: HNSW }
  }) {
    ... on JobResult { job { id state } }
    ... on Error { code message path }
  }
}
`,
  },
  {
    query: `# The progress of a library's jobs as it happens, over
# WebSocket. To follow one job alone: indexJob(id: "job_…").
subscription FollowJobs {
  indexJobs(library: { name: "alcove-docs" }) {
    kind
    at
    job {
      id
      state
      progress { phase done total etaSeconds recallSoFar }
      error { message }
    }
  }
}
`,
  },
  {
    query: `# Everything that happens to a library from now on. Leave it
# running, and add a document in another window.
subscription LibraryEvents {
  libraryEvents(library: { name: "alcove-docs" }) {
    __typename
    at
    revision
    cursor
    ... on DocumentCreated { document { id title } }
    ... on DocumentUpdated { document { id title } }
    ... on ChunksWritten { chunkCount }
    ... on LibrarySnapshot {
      library {
        counts { documents chunks }
        index { type state generation }
      }
    }
  }
}
`,
  },
];
