import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { exposedProperty } from '../../graphql/exposed.ts';
import { argumentsOf, type FieldPlan } from './FieldPlan.ts';
import { leafWriter } from './leafJson.ts';
import type { OperationRun } from './OperationRun.ts';
import type { Conditions, Selections } from './selections.ts';
import {
  abstractObject,
  type Json,
  listOf,
  nonNull,
  nullable,
  type Writer,
  writeInTurn,
  writeObject,
} from './writers.ts';

/**
 * An operation with its fields gathered, its resolvers and writers looked up, for one outcome of its conditions: what
 * remains to be done for a request is to call resolvers and to write what they answer.
 */
export class OperationPlan {
  readonly #schema: GraphQLSchema;
  readonly #selections: Selections;
  readonly #conditions: Conditions;
  readonly #root: readonly FieldPlan[];

  constructor(
    schema: GraphQLSchema,
    selections: Selections,
    root: GraphQLObjectType,
    conditions: Conditions,
  ) {
    this.#schema = schema;
    this.#selections = selections;
    this.#conditions = conditions;
    this.#root = this.#fieldsOf(root, [selections.operation]);
  }

  /** The data that the operation answers, as JSON; its errors are in `run`. @throws Error when there is no data at all. */
  write(run: OperationRun, root?: object): Json {
    return this.#selections.operation.operation === 'mutation'
      ? writeInTurn(run, this.#root, root)
      : writeObject(run, this.#root, root, undefined);
  }

  #fieldsOf(
    type: GraphQLObjectType,
    around: readonly Pick<FieldNode, 'selectionSet'>[],
  ): readonly FieldPlan[] {
    const sets = around.map(({ selectionSet }) => selectionSet);
    const fields = this.#selections.fieldsOf(type, sets, this.#conditions);
    return [...fields].map(([key, nodes]) => this.#fieldOf(type, key, nodes));
  }

  #fieldOf(parentType: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): FieldPlan {
    const [node] = nodes as readonly [FieldNode];
    const name = node.name.value;
    const definition = this.#schema.getField(parentType, name);
    if (definition === undefined) throw new Error(`${parentType.name} has no field ${name}`);
    const quoted = `${JSON.stringify(key)}:`;
    const inner = innerType(definition.type);
    return {
      name,
      key,
      first: quoted,
      next: `,${quoted}`,
      nodes,
      definition,
      parentType,
      resolve: name === '__typename' ? () => parentType.name : definition.resolve,
      property: exposedProperty(definition.resolve),
      argumentsFor: argumentsOf(definition, node),
      write: this.#writerOf(definition.type, nodes),
      writeLeaf: isLeafType(inner) ? leafWriter(inner) : undefined,
      hasPlace: !isLeafType(inner),
      isNonNull: isNonNullType(definition.type),
    };
  }

  #writerOf(type: GraphQLOutputType, nodes: readonly FieldNode[]): Writer {
    return isNonNullType(type)
      ? nonNull(this.#innerWriter(type.ofType, nodes))
      : nullable(this.#innerWriter(type, nodes));
  }

  #innerWriter(type: GraphQLOutputType, nodes: readonly FieldNode[]): Writer {
    if (isListType(type)) return listOf(this.#writerOf(type.ofType, nodes), isNonNullType(type.ofType));
    if (isLeafType(type)) {
      const write = leafWriter(type);
      return (_run, value) => write(value);
    }
    const writers = new Map<GraphQLObjectType, Writer>();
    const writerFor = (object: GraphQLObjectType): Writer => {
      const known = writers.get(object);
      if (known !== undefined) return known;
      const fields = this.#fieldsOf(object, nodes);
      const writer: Writer = (run, value, place) => writeObject(run, fields, value, place);
      writers.set(object, writer);
      return writer;
    };
    if (isAbstractType(type)) return abstractObject(type, writerFor);
    return writerFor(type as GraphQLObjectType);
  }
}

/** Without what says that it may not be null. */
function innerType(type: GraphQLOutputType): GraphQLOutputType {
  return isNonNullType(type) ? type.ofType : type;
}
