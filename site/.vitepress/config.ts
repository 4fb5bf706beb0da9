import { cpSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig } from 'vitepress';

const ROOT = resolve(import.meta.dirname, '..', '..');
/** Files that pages point to, and that are no pages. */
const SHOWN = ['schema.graphql', 'codegen.ts', 'LICENSE', '.env.example', 'docker-compose.yml'];

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
  // Pages point into the code as well, which a site has no pages of.
  ignoreDeadLinks: [
    /\.(ts|mjs|graphql|yml|yaml|json|sh)$/,
    /\/(src|test|bench|examples|helm|scripts)(\/|$)/,
    /LICENSE/,
    /localhost|127\.0\.0\.1/,
  ],
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
  buildEnd: ({ outDir }) => {
    for (const file of SHOWN.filter((name) => existsSync(join(ROOT, name))))
      cpSync(join(ROOT, file), join(outDir, file));
  },
});
