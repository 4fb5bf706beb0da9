/**
 * Imports a few texts, searches them with a filter, and follows a reindex job to its end.
 *
 *   npm start                                  (in one terminal)
 *   npx node examples/quickstart.ts            (in another; ALCOVE_URL names another server)
 *
 * In a program of your own, import from 'alcove/client'.
 */
import { createClient, orThrow } from '../src/client/index.ts';

const alcove = createClient({ url: process.env.ALCOVE_URL ?? 'http://127.0.0.1:4400' });
const library = { name: `quickstart-${process.pid}` };

const TEXTS = [
  {
    title: 'Bread',
    year: 2024,
    text: 'Mix flour, water, salt and yeast. Let the dough rise overnight, then bake it hot.',
  },
  {
    title: 'Beer',
    year: 2025,
    text: 'Boil malt and hops in water, let it cool, and add yeast. It ferments for two weeks.',
  },
  {
    title: 'Bicycle',
    year: 2025,
    text: 'Oil the chain when it squeaks, and check the brakes before every long ride.',
  },
];

// A library: its texts are embedded by the server, and chunks may be filtered by year.
orThrow(await alcove.createLibrary({ ...library, metadataFields: [{ name: 'year', type: 'NUMBER' }] }));

// Documents, each with its chunks, in one transaction each. What is answered is durable and searchable.
for (const { title, year, text } of TEXTS) {
  orThrow(
    await alcove.createDocument({ library, title, content: { chunks: [{ text, metadata: { year } }] } }),
  );
}

// The nearest chunks among those of 2025, and how they were found.
const { edges, plan } = orThrow(
  await alcove.knnSearch({
    library,
    query: { text: 'what do I do with yeast?' },
    k: 2,
    filter: { metadata: [{ field: 'year', is: { number: { gte: 2025 } } }] },
  }),
);
for (const { node, similarity } of edges)
  console.log(`${similarity.toFixed(2)}  ${node.document.title}: ${node.text}`);
console.log(`${plan.strategy}: ${plan.reason}`);

// A new index is built aside while the old one serves; its progress arrives as it happens.
const { job } = orThrow(await alcove.reindex({ library, settings: { type: 'HNSW' } }));
for await (const event of alcove.followJob(job.id)) {
  const { phase, done, total } = event.job.progress;
  console.log(`${event.kind} ${event.job.state} ${phase} ${done}/${total}`);
}

orThrow(await alcove.deleteLibrary({ library }));
await alcove.close();
