import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { EXAMPLE_OPERATIONS } from './exampleOperations.ts';
import type { Page } from './responses.ts';

/** Everything is in the page; it may talk to its own server and to nobody else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval'",
  "style-src 'unsafe-inline'",
  'font-src data:',
  'img-src data:',
  'worker-src blob:',
  "connect-src 'self' ws: wss: blob: data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

let rendered: Page | undefined;

/** GraphiQL with one tab for each example; subscriptions run over WebSocket. A few megabytes, rendered once. */
export function graphiqlPage(): Page {
  rendered ??= {
    policy: POLICY,
    html: renderGraphiQL({
      title: 'Alcove GraphiQL',
      subscriptionsProtocol: 'WS',
      defaultTabs: EXAMPLE_OPERATIONS.map(({ query, variables }) => ({
        query,
        ...(variables ? { variables: JSON.stringify(variables, null, 2) } : {}),
      })),
      inputValueDeprecation: true,
      schemaDescription: true,
    }),
  };
  return rendered;
}
