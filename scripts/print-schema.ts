import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from '../src/graphql/schema.ts';

/** Prints the schema, sorted, to schema.graphql. */
const path = join(import.meta.dirname, '..', 'schema.graphql');
writeFileSync(path, `${printSchema(lexicographicSortSchema(schema))}\n`);
