import type { InterfaceRef, ObjectRef } from '@pothos/core';
import type { Page, PageRequest } from '../library/LibraryReader.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../library/limits.ts';
import { builder } from './builder.ts';
import { given } from './given.ts';

type SchemaTypes = typeof builder.$inferSchemaTypes;

/** A page and how to count all that it is a page of; counting waits until somebody asks. */
export interface Connection<T> extends Page<T> {
  readonly totalCount: () => number;
}

interface PageInfoShape {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description: 'Where a page lies, and how to go on from it.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether there is more after this page.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether there is something before this page.',
    }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description:
        'The first edge\'s cursor: give it as `before` for the page before. Null on an empty page. Example: `"WyJtYW51YWxzIl0"`',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description:
        'The last edge\'s cursor: give it as `after` for the next page. Null on an empty page. Example: `"WyJtYW51YWxzIl0"`',
    }),
  }),
});

/** What `pageInfo` says of a page. */
export function pageInfoOf(page: {
  readonly edges: readonly { readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}): PageInfoShape {
  return {
    hasNextPage: page.hasNextPage,
    hasPreviousPage: page.hasPreviousPage,
    startCursor: page.edges[0]?.cursor ?? null,
    endCursor: page.edges.at(-1)?.cursor ?? null,
  };
}

/** The Relay connection of a noun, and its edge. `noun` is how descriptions call several of it: "documents". */
export function connection<T extends object>(
  node: ObjectRef<SchemaTypes, T> | InterfaceRef<SchemaTypes, T>,
  noun: string,
) {
  const edge = builder.objectRef<Page<T>['edges'][number]>(`${node.name}Edge`).implement({
    description: `One of a page of ${noun}.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', {
        description:
          'Names this position; it holds while others come and go around it. Example: `"WyJtYW51YWxzIl0"`',
      }),
      node: t.field({ type: node, description: 'What is there.', resolve: (parent) => parent.node as never }),
    }),
  });
  return builder.objectRef<Connection<T>>(`${node.name}Connection`).implement({
    description: `A page of ${noun}, in order.`,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: `The ${noun} of this page.`,
        resolve: (page) => [...page.edges],
      }),
      pageInfo: t.field({ type: PageInfo, description: 'Where this page lies.', resolve: pageInfoOf }),
      totalCount: t.int({
        description: `How many ${noun} there are on all pages together. Counted only when selected. Example: \`120\``,
        resolve: (page) => page.totalCount(),
      }),
    }),
  });
}

/** The arguments of every connection: forwards, or backwards. */
export const pageArgs = builder.args((t) => ({
  first: t.int({
    description: `How many to answer, from the start or from \`after\`; 1 to ${MAX_PAGE_SIZE.toLocaleString('en')}, ${DEFAULT_PAGE_SIZE} if left out. Example: \`10\``,
  }),
  after: t.string({
    description: 'Answer what comes after this cursor. Example: `pageInfo.endCursor`',
  }),
  last: t.int({
    description: `How many to answer, up to the end or to \`before\`, instead of \`first\`; 1 to ${MAX_PAGE_SIZE.toLocaleString('en')}. Example: \`10\``,
  }),
  before: t.string({
    description: 'Answer what comes before this cursor. Example: `pageInfo.startCursor`',
  }),
}));

/** Those arguments, as they come in. */
export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** The page that those arguments ask for. */
export function pageRequest({ first, after, last, before }: PageArgs): PageRequest {
  return given({ first, after, last, before });
}
