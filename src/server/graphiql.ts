import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { EXAMPLE_OPERATIONS } from './exampleOperations.ts';
import { ICON } from './mark.ts';
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

let page: Page | undefined;

/** GraphiQL with one tab for each example; subscriptions run over WebSocket. Nine megabytes, rendered once. */
export function graphiqlPage(): Page {
  page ??= withGzip(render());
  return page;
}

function render(): string {
  return renderGraphiQL({
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
}

function withGzip(html: string): Page {
  let gzipped: Promise<Buffer> | undefined;
  return {
    html,
    policy: POLICY,
    gzipped: () => {
      gzipped ??= promisify(gzip)(html);
      return gzipped;
    },
  };
}
