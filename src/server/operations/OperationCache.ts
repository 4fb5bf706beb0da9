import type { DocumentNode, GraphQLError, GraphQLSchema, Source } from 'graphql';
import { withSpan } from '../../telemetry/spans.ts';
import { labelRegistered } from '../operationLabel.ts';
import { BoundedCache } from './BoundedCache.ts';
import { DOCUMENT_LIMITS, type DocumentLimits, parseWithinLimits } from './documentLimits.ts';
import { PreparedOperation } from './PreparedOperation.ts';

/** Operations that one thread remembers, however small they are. */
const MAX_OPERATIONS = 2_000;
/**
 * What an operation takes in memory, parsed and planned, for each of its characters: 40 as people write them, up to 250
 * in the densest. The limit is kept for the densest.
 */
const BYTES_PER_CHARACTER = 256;
/** An operation's names for which plans are kept; documents have one operation, as a rule. */
const MAX_NAMES = 16;

/** A document as it was when its text first came. */
interface KnownDocument {
  readonly document: DocumentNode;
  /** By operation name; null for what Yoga executes. */
  readonly prepared: Map<string | undefined, PreparedOperation | null>;
}

/** What is known of operation texts: each is parsed, validated and planned once, as long as it is remembered. */
export class OperationCache {
  readonly #schema: GraphQLSchema;
  readonly #limits: DocumentLimits;
  readonly #registered: ReadonlySet<string>;
  readonly #documents: BoundedCache<KnownDocument>;
  /** What was wrong with each document that has been validated. */
  readonly #errors = new WeakMap<DocumentNode, readonly GraphQLError[]>();

  /** @param registered the texts whose operations the operator has named */
  constructor(
    schema: GraphQLSchema,
    limitBytes: number,
    limits: Partial<DocumentLimits> = {},
    registered: ReadonlySet<string> = new Set(),
  ) {
    this.#registered = registered;
    this.#limits = { ...DOCUMENT_LIMITS, ...limits };
    this.#schema = schema;
    this.#documents = new BoundedCache({ entries: MAX_OPERATIONS, bytes: limitBytes });
  }

  /** graphql's `parse` within the limits. @throws GraphQLError */
  parse(source: string | Source): DocumentNode {
    const text = typeof source === 'string' ? source : source.body;
    const known = this.#documents.get(text);
    if (known !== undefined) return known.document;
    const document = withSpan('graphql parse', {}, () => parseWithinLimits(text, this.#limits));
    if (this.#registered.has(text)) labelRegistered(document);
    this.#documents.set(text, { document, prepared: new Map() }, text.length * BYTES_PER_CHARACTER);
    return document;
  }

  /** What was wrong with a document, or undefined if it has not been validated. */
  errorsOf(document: DocumentNode): readonly GraphQLError[] | undefined {
    return this.#errors.get(document);
  }

  validated(document: DocumentNode, errors: readonly GraphQLError[]): void {
    this.#errors.set(document, errors);
  }

  /** An operation that has come before and was valid, ready to be executed, unless it is one of Yoga's. */
  prepared(text: string, operationName: string | undefined): ReadyOperation | undefined {
    const known = this.#documents.get(text);
    if (known === undefined || this.#errors.get(known.document)?.length !== 0) return undefined;
    const { document, prepared } = known;
    let operation = prepared.get(operationName);
    if (operation === undefined) {
      operation = PreparedOperation.of(this.#schema, document, operationName) ?? null;
      if (prepared.size < MAX_NAMES) prepared.set(operationName, operation);
    }
    return operation === null ? undefined : { document, operation };
  }
}

export interface ReadyOperation {
  readonly document: DocumentNode;
  readonly operation: PreparedOperation;
}
