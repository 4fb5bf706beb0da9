import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import './chunkBatch.ts';
import './chunkDeletion.ts';
import './documentWrites.ts';
import './importJob.ts';
import './indexJob.ts';
import './indexMemory.ts';
import './jobEvents.ts';
import { withMappedErrors } from './errorMapping.ts';
import { withExposedProperties } from './exposed.ts';
import { guarded } from './guarded.ts';
import './knnSearch.ts';
import './search.ts';
import './similarDocuments.ts';
import './libraryDeletion.ts';
import './libraryEvents.ts';
import './node.ts';
import './reembedJob.ts';
import './scalars.ts';
import './server.ts';
import './serverLoad.ts';
import './unchangedFiles.ts';

/** Alcove's schema: every noun of this folder, gathered. */
export const schema: GraphQLSchema = withMappedErrors(guarded(withExposedProperties(builder.toSchema())));
