// What `helm test` runs in the image: makes a library, adds a document, finds it by its words and meaning, and removes it all.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createClient, orThrow } from '/app/dist/client/index.js';

const client = createClient({ url: process.env.ALCOVE_URL, apiKey: process.env.ALCOVE_API_KEY });
const library = { name: `helm-test-${randomUUID()}` };
orThrow(await client.createLibrary({ ...library, description: 'Made by helm test, and removed by it.' }));
try {
  const text = 'The reading room closes at nine. Books go back to their alcove.';
  orThrow(
    await client.upsertDocument({
      library,
      id: `doc_${randomUUID()}`,
      title: 'The reading room',
      content: { text },
    }),
  );
  const { edges } = orThrow(
    await client.search({ library, query: { text: 'when does the reading room close?' }, k: 1 }),
  );
  assert.match(edges[0]?.node.text ?? '', /closes at nine/);
  console.log(`found: ${edges[0].node.text}`);
} finally {
  orThrow(await client.deleteLibrary({ library }));
  await client.close();
}
