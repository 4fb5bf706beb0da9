import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';

type Resolver = GraphQLFieldResolver<unknown, unknown>;

const properties = new WeakMap<Resolver, string>();

/**
 * Notes of the fields that were declared by `expose`, under another name than their property's, which property that is: nothing need be called for
 * it. (Those of the same name have no resolver at all.) What is put around a resolver later, a guard above all, is another resolver, of which nothing is noted.
 */
export function withExposedProperties(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const { resolve, extensions } of Object.values(type.getFields())) {
      const { pothosExposedField: property } = extensions;
      if (resolve && typeof property === 'string') properties.set(resolve, property);
    }
  }
  return schema;
}

/** The property that a resolver answers, if it does nothing else. */
export function exposedProperty(resolve: Resolver | undefined): string | undefined {
  return resolve && properties.get(resolve);
}

/** `outer`, which differs from `inner` only in what it makes of errors: of it the same is noted. */
export function exposingAs(inner: Resolver, outer: Resolver): Resolver {
  const property = properties.get(inner);
  if (property !== undefined) properties.set(outer, property);
  return outer;
}
