import { type Config, parseConfig } from '../config.ts';
import { startServer } from '../server/supervisor.ts';
import { withOwnKey } from './ownKey.ts';
import { loadSample, SAMPLE_LIBRARY } from './sample.ts';
import { stopOnSignal } from './stopOnSignal.ts';
import { refuseUnknownVariables } from './unknownVariables.ts';

/** Starts the server, loads the sample if asked to, says where to go, and runs until a signal stops it. */
export async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  refuseUnknownVariables(environment);
  const config = parseConfig(environment);
  const server = await startServer(config);
  const stopping = stopOnSignal(() => server.close());
  try {
    const isSampleThere =
      config.sample && (await withOwnKey(config, (key) => loadSample({ url: server.url, ...key })));
    process.stdout.write(greeting(server.url, config, isSampleThere));
  } catch (error) {
    await server.close();
    if (!stopping.aborted) throw error;
  }
}

function greeting(url: string, config: Config, isSampleThere: boolean): string {
  const websocket = url.replace(/^http/, 'ws');
  const addresses = `
  Alcove is serving.

  Start here   ${url}/
  GraphQL      ${url}/graphql    (HTTP, server-sent events)
  WebSocket    ${websocket}/graphql
  GraphiQL     ${config.graphiql ? `${url}/graphql    (open it in a browser)` : 'off (ALCOVE_GRAPHIQL)'}
  Data         ${config.dataPath}
  Keys         ${config.auth.isRequired ? 'needed: alcove keys create, docs/security.md' : 'not needed on this machine (ALCOVE_AUTH)'}
`;
  return isSampleThere ? `${addresses}${THREE_QUERIES}\n` : `${addresses}\n`;
}

const THREE_QUERIES = `
  Three to try in GraphiQL, on the sample library ${SAMPLE_LIBRARY}:

  query Search {
    knnSearch(input: { library: { name: "${SAMPLE_LIBRARY}" }, query: { text: "how do I filter by date?" }, k: 3 }) {
      ... on KnnConnection { edges { similarity node { text document { title } } } plan { strategy reason } }
      ... on Error { code message }
    }
  }

  mutation Reindex {
    reindex(input: { library: { name: "${SAMPLE_LIBRARY}" }, settings: { type: HNSW } }) {
      ... on JobResult { job { id state } }
      ... on Error { code message }
    }
  }

  subscription Follow { libraryEvents(library: { name: "${SAMPLE_LIBRARY}" }) { __typename at revision } }
`;
