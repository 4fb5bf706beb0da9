import type { ImportFile, Job } from '../jobs/types.ts';
import { checkWholeNumber } from '../library/checks.ts';
import { type IdKind, kindOfId } from '../library/ids.ts';
import type { Chunk, Document, Library } from '../library/types.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { jobType } from './job.ts';

type NodeShape = Library | Document | Chunk | Job | ImportFile;

/** Most ids that one `nodes` takes. */
const MAX_NODES = 1_000;

interface NodeKind {
  readonly typename: string | ((node: NodeShape) => string);
  readonly find: (id: string, context: Context) => NodeShape | undefined;
}

/** An id's prefix says its type, so no table is needed to find a node. */
const NODE_KINDS: Readonly<Record<IdKind, NodeKind>> = {
  library: { typename: 'Library', find: (id, { reader }) => reader.library({ id }) },
  document: { typename: 'Document', find: (id, { reader }) => reader.document(id) },
  chunk: { typename: 'Chunk', find: (id, { reader }) => reader.chunk(id) },
  file: { typename: 'ImportFile', find: (id, { jobs }) => jobs.importFile(id) },
  job: { typename: (node) => ('kind' in node ? jobType(node) : ''), find: (id, { jobs }) => jobs.job(id) },
};

function nodeKind(id: string): NodeKind | undefined {
  const kind = kindOfId(id);
  return kind && NODE_KINDS[kind];
}

export const Node = builder.interfaceRef<NodeShape>('Node').implement({
  description: 'Anything that has an id of its own, and can be fetched again by it.',
  resolveType: (node) => {
    const typename = nodeKind(node.id)?.typename;
    return typeof typename === 'function' ? typename(node) : typename;
  },
  fields: (t) => ({
    id: t.exposeID('id', {
      description:
        'Unique among everything here; its prefix says its type: `lib_`, `doc_`, `chk_`, `job_` or `fil_`. Example: `"doc_handbook"`',
    }),
  }),
});

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description:
      'Whatever has this id; null if nothing has. Example: `node(id: "doc_handbook") { ... on Document { title } }`',
    args: {
      id: t.arg.id({
        required: true,
        description: 'The id of a library, document, chunk, job or imported file. Example: `"doc_handbook"`',
      }),
    },
    resolve: (_root, { id }, context) => nodeKind(id)?.find(id, context),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: 'Whatever has these ids, in their order, with null where nothing has.',
    args: {
      ids: t.arg.idList({
        required: true,
        description: 'Up to 1,000 ids. Example: `["doc_handbook", "chk_sku-4711"]`',
      }),
    },
    resolve: (_root, { ids }, context) => {
      checkWholeNumber('the number of ids', ids.length, { min: 0, max: MAX_NODES }, ['ids']);
      return ids.map((id) => nodeKind(id)?.find(id, context));
    },
  }),
}));
