import { parentPort } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { EXAMPLE_OPERATIONS } from './exampleOperations.ts';
import { ICON } from './mark.ts';

/** The entry of a thread that renders GraphiQL, answers with the compressed page, and ends. */

const html = renderGraphiQL({
  title: 'Alcove GraphiQL',
  logo: `<img src="${ICON}" alt="" width="32" height="32">`,
  favicon: ICON,
  subscriptionsProtocol: 'WS',
  defaultTabs: EXAMPLE_OPERATIONS.map(({ query, variables }) => ({
    query,
    ...(variables ? { variables: JSON.stringify(variables, null, 2) } : {}),
  })),
  inputValueDeprecation: true,
  schemaDescription: true,
});
parentPort?.postMessage(gzipSync(html));
