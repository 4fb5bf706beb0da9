import { ICON, MARK } from './mark.ts';
import type { Page } from './responses.ts';

/** Nothing but its own styles and images. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const STYLE = `
  :root { color-scheme: light dark; --ink: #22201c; --soft: #6d675d; --paper: #faf7f1; --card: #fff; --line: #e6dfd2;
    --accent: #b4552d; --code: #f3eee4; }
  @media (prefers-color-scheme: dark) { :root { --ink: #ece7de; --soft: #a39c8f; --paper: #191714; --card: #211e1a;
    --line: #38332c; --accent: #e58a5f; --code: #14120f; } }
  * { box-sizing: border-box; margin: 0; }
  body { background: var(--paper); color: var(--ink); font: 17px/1.6 ui-sans-serif, system-ui, sans-serif; }
  main { max-width: 62rem; margin: 0 auto; padding: clamp(2rem, 7vw, 5.5rem) 1.5rem 4rem; }
  header { display: flex; align-items: center; gap: .9rem; color: var(--accent); }
  header svg { width: 2.6rem; height: 2.6rem; }
  h1 { font: 600 2.1rem/1 ui-serif, Georgia, serif; letter-spacing: -.01em; color: var(--ink); }
  .lead { font: 1.45rem/1.45 ui-serif, Georgia, serif; max-width: 40rem; margin: 1.6rem 0 2.6rem; text-wrap: balance; }
  .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; }
  .card { display: block; background: var(--card); border: 1px solid var(--line); border-radius: .7rem; padding: 1.2rem 1.3rem;
    color: inherit; text-decoration: none; }
  a.card:hover, a.card:focus-visible { border-color: var(--accent); outline: none; }
  .card strong { display: block; color: var(--accent); font-weight: 600; }
  .card span, li span, footer { color: var(--soft); font-size: .93rem; }
  h2 { font: 600 1.15rem/1.3 ui-serif, Georgia, serif; margin: 3rem 0 .9rem; }
  pre { background: var(--code); border: 1px solid var(--line); border-radius: .7rem; padding: 1rem 1.2rem; overflow-x: auto; }
  code { font: .86rem/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
  ul { list-style: none; padding: 0; border-top: 1px solid var(--line); }
  li { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: .55rem 0; border-bottom: 1px solid var(--line); }
  li code { flex: 0 0 15rem; }
  a { color: var(--accent); }
  footer { margin-top: 3rem; }`;

/** What is at `/`: what this is and where to go. `host` is the request's own, so that the example can be pasted. */
export function landingPage(host = ''): Page {
  const origin = `http://${/^[\w.:[\]-]+$/.test(host) ? host : '127.0.0.1:4400'}`;
  return { policy: POLICY, html: render(origin) };
}

function render(origin: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Alcove</title>
<link rel="icon" href="${ICON}">
<style>${STYLE}
</style>
</head>
<body>
<main>
<header><svg viewBox="0 0 32 32" aria-hidden="true">${MARK}</svg><h1>Alcove</h1></header>
<p class="lead">A vector database that speaks GraphQL. Libraries, documents and chunks go in; nearest neighbours come out;
everything long-running tells its progress over a subscription.</p>
<nav class="cards">
<a class="card" href="/graphql"><strong>GraphiQL</strong><span>Run the examples in its tabs: search, add a document, filter,
reindex, and follow the job live.</span></a>
<a class="card" href="/graphql"><strong>The manual</strong><span>Every type, field and argument is described with an example in
GraphiQL&rsquo;s documentation pane: the book, top left.</span></a>
<a class="card" href="/health/ready"><strong>Health</strong><span>Whether this server is ready to serve. Beside it,
/health/live: whether it runs.</span></a>
</nav>
<h2>A first search</h2>
<pre><code>curl ${origin}/graphql --get --header 'accept: application/json' --data-urlencode 'query={
  knnSearch(input: { library: { name: "alcove-docs" }, query: { text: "how do filters work" }, k: 3 }) {
    ... on KnnConnection {
      edges { similarity node { text } }
      plan { strategy reason }
    }
    ... on Error { message }
  }
}'</code></pre>
<h2>Where everything is</h2>
<ul>
<li><code>POST /graphql</code><span>queries and mutations, as JSON</span></li>
<li><code>GET /graphql</code><span>queries, with the header <code>accept: application/json</code></span></li>
<li><code>WebSocket /graphql</code><span>subscriptions, by the graphql-transport-ws protocol</span></li>
<li><code>text/event-stream</code><span>the same subscriptions as server-sent events, for whoever accepts them</span></li>
<li><code>GET /health/live, /health/ready</code><span>for whatever watches over this process</span></li>
</ul>
<footer>This page and GraphiQL are served from here and ask nothing of the network.</footer>
</main>
</body>
</html>
`;
}
