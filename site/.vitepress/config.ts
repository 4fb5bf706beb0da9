import { cpSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { defineConfig } from 'vitepress';

const ROOT = resolve(import.meta.dirname, '..', '..');
/** Where pages point to besides pages: code, figures and files, which the repository's own test of links looks at. */
const NO_PAGE =
  /\.(ts|mjs|graphql|yml|yaml|json|sh|svg|png)$|\/(src|test|bench|examples|helm|scripts|observability)(\/|$)|LICENSE|Dockerfile|\.env\.example/;

/** The files beside pages that a page points to. */
function filesShown(page: string): string[] {
  const links = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\(([^)#\s:]+)/g)].map(
    ([, link]) => link as string,
  );
  return links
    .map((link) => resolve(ROOT, dirname(page), link))
    .filter(
      (path) =>
        !path.endsWith('.md') && path.startsWith(ROOT) && statSync(path, { throwIfNoEntry: false })?.isFile(),
    )
    .map((path) => relative(ROOT, path));
}

/** The documentation as a site: the pages are the ones of the repository, as they are. */
export default defineConfig({
  title: 'Alcove',
  description: 'A GraphQL-native vector database and retrieval server',
  srcDir: ROOT,
  srcExclude: ['**/node_modules/**', 'bench/**', 'site/**', 'src/**', 'test/**', 'helm/**', 'dist/**'],
  rewrites: { 'README.md': 'index.md', 'docs/decisions/README.md': 'docs/decisions/index.md' },
  outDir: join(ROOT, 'site', 'dist'),
  cacheDir: join(ROOT, 'site', '.vitepress', 'cache'),
  cleanUrls: true,
  lastUpdated: false,
  vite: { esbuild: { tsconfigRaw: {} } },
  ignoreDeadLinks: [NO_PAGE, /localhost|127\.0\.0\.1/],
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Getting started', link: '/docs/getting-started' },
      { text: 'The API', link: '/docs/api-guide' },
      { text: 'Operations', link: '/docs/operations' },
      { text: 'Benchmarks', link: '/docs/benchmarks' },
    ],
    sidebar: [
      {
        text: 'Begin',
        items: [
          { text: 'What it is', link: '/' },
          { text: 'Getting started', link: '/docs/getting-started' },
          { text: 'Concepts', link: '/docs/concepts' },
          { text: 'Moving from Weaviate', link: '/docs/migrating-from-weaviate' },
        ],
      },
      {
        text: 'Use',
        items: [
          { text: 'The API, operation by operation', link: '/docs/api-guide' },
          { text: 'Searching and filters', link: '/docs/searching' },
          { text: 'Choosing an index', link: '/docs/indexes' },
          { text: 'Embeddings', link: '/docs/embeddings' },
          { text: 'Models', link: '/docs/models' },
          { text: 'From files to chunks', link: '/docs/ingestion' },
          { text: 'Rows in and out', link: '/docs/bulk' },
          { text: 'Importing at scale', link: '/docs/importing-at-scale' },
          { text: 'Subscriptions', link: '/docs/subscriptions' },
        ],
      },
      {
        text: 'Run',
        items: [
          { text: 'Deployment', link: '/docs/deployment' },
          { text: 'Operations', link: '/docs/operations' },
          { text: 'Configuration', link: '/docs/configuration' },
          { text: 'Security', link: '/docs/security' },
          { text: 'Observability', link: '/docs/observability' },
          { text: 'Reliability', link: '/docs/reliability' },
        ],
      },
      {
        text: 'Understand',
        items: [
          { text: "The API's design", link: '/docs/api-design' },
          { text: 'Architecture', link: '/ARCHITECTURE' },
          { text: 'Concurrency', link: '/docs/concurrency' },
          { text: 'Performance', link: '/docs/performance' },
          { text: 'Benchmarks', link: '/docs/benchmarks' },
          { text: 'Decisions', link: '/docs/decisions/' },
          { text: 'Contributing', link: '/CONTRIBUTING' },
          { text: 'Changelog', link: '/CHANGELOG' },
        ],
      },
    ],
  },
  buildEnd: ({ outDir, pages }) => {
    for (const file of new Set(pages.flatMap(filesShown))) cpSync(join(ROOT, file), join(outDir, file));
  },
});
