import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** An operation that asks for several fields of the schema's root. */
const SEVERAL = '(several)';

const labels = new WeakMap<OperationDefinitionNode, string>();

/** The operation of a document that is to be run; undefined where none is, or which is not said. */
export function operationIn(
  document: DocumentNode,
  name: string | null | undefined,
): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (name === null || name === undefined || name === '')
    return operations.length === 1 ? operations[0] : undefined;
  return operations.find((operation) => operation.name?.value === name);
}

/** Has the operations of a document that the operator has registered called by their own names, where they have some. */
export function labelRegistered({ definitions }: DocumentNode): void {
  for (const definition of definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION && definition.name !== undefined)
      labels.set(definition, definition.name.value);
}

/**
 * What a valid operation is called in metrics: the field of the schema's root that it asks for, if it is not registered. Names that callers give to their
 * operations are not used, since nobody says how many there are, or what they contain.
 */
export function operationLabel(document: DocumentNode, operation: OperationDefinitionNode): string {
  let label = labels.get(operation);
  if (label === undefined) {
    const fields = rootFields(document, operation.selectionSet, new Set());
    fields.delete('__typename');
    const [only = '__typename', ...others] = fields;
    label = others.length === 0 ? only : SEVERAL;
    labels.set(operation, label);
  }
  return label;
}

function rootFields(
  document: DocumentNode,
  selectionSet: SelectionSetNode,
  visited: Set<string>,
): Set<string> {
  const fields = new Set<string>();
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) fields.add(selection.name.value);
    else if (selection.kind === Kind.INLINE_FRAGMENT) {
      for (const field of rootFields(document, selection.selectionSet, visited)) fields.add(field);
    } else if (!visited.has(selection.name.value)) {
      visited.add(selection.name.value);
      const fragment = document.definitions.find(
        (definition) =>
          definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
      );
      if (fragment?.kind === Kind.FRAGMENT_DEFINITION)
        for (const field of rootFields(document, fragment.selectionSet, visited)) fields.add(field);
    }
  }
  return fields;
}
