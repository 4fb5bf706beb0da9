import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { GUARDED_TYPES, NEEDS } from '../access/needs.ts';
import { type Need, refusalOf } from '../access/Principal.ts';
import type { Context } from './Context.ts';

type Resolver = GraphQLFieldResolver<unknown, Context>;

/**
 * Has every field of the root types, and of `Server`, refuse whoever may not have it, before anything of it is done: a mutation by an
 * error of its payload, other fields by throwing. A field that does not say what it takes is a bug, and keeps the server from
 * starting.
 */
export function guarded(schema: GraphQLSchema): GraphQLSchema {
  for (const typename of GUARDED_TYPES) {
    const type = schema.getType(typename);
    if (!isObjectType(type)) throw new Error(`the schema has no type ${typename}`);
    for (const [name, field] of Object.entries(type.getFields())) {
      const need = NEEDS[`${typename}.${name}`];
      if (!need)
        throw new Error(`${typename}.${name} does not say what it takes: add it to src/access/needs.ts`);
      if (typename === 'Subscription' && field.subscribe)
        field.subscribe = guard(field.subscribe, need, name);
      else field.resolve = guard(field.resolve ?? defaultFieldResolver, need, name, typename === 'Mutation');
    }
  }
  return schema;
}

function guard(resolve: Resolver, need: Need, name: string, isMutation = false): Resolver {
  return (source, args, context, info) => {
    const refusal = refusalOf(context.principal, need, name);
    if (!refusal) return resolve(source, args, context, info);
    if (isMutation) return refusal.toRecord();
    throw refusal;
  };
}
