import { describe, expect, it } from 'vitest';
import type { LibraryEvent } from '../../src/library/commands.ts';
import { LibraryEventHub } from '../../src/writer/LibraryEventHub.ts';

const event = (
  revision: number,
  kind: LibraryEvent['kind'] = 'CHUNKS_WRITTEN',
  libraryId = 'lib_a',
): LibraryEvent => ({ libraryId, revision, at: revision, kind });

describe('the events of libraries in one thread', () => {
  const take = async (
    events: AsyncIterableIterator<{ cursor: string; event: LibraryEvent }>,
    count: number,
  ) => {
    const taken: { cursor: string; event: LibraryEvent }[] = [];
    while (taken.length < count) taken.push((await events.next()).value);
    return taken;
  };

  it('are those of the library, from now on', async () => {
    const hub = new LibraryEventHub(5);
    hub.receive([event(6)]);
    const events = hub.subscribe('lib_a', undefined);
    hub.receive([event(7), event(8, 'CHUNKS_WRITTEN', 'lib_b'), event(9, 'LIBRARY_UPDATED')]);
    expect((await take(events, 2)).map((item) => item.event.revision)).toEqual([7, 9]);
  });

  it('can be followed on from a cursor, also from within a commit', async () => {
    const hub = new LibraryEventHub(5);
    const first = hub.subscribe('lib_a', undefined);
    hub.receive([event(6, 'DOCUMENT_CREATED'), event(6, 'CHUNKS_WRITTEN'), event(7)]);
    const [created] = await take(first, 3);
    const rest = await take(hub.subscribe('lib_a', created?.cursor), 2);
    expect(rest.map((item) => [item.event.revision, item.event.kind])).toEqual([
      [6, 'CHUNKS_WRITTEN'],
      [7, 'CHUNKS_WRITTEN'],
    ]);
  });

  it('are never passed over in silence, when a cursor stands in the middle of a commit', async () => {
    const before = new LibraryEventHub(5);
    const first = before.subscribe('lib_a', undefined);
    before.receive([event(6, 'DOCUMENT_CREATED'), event(6, 'CHUNKS_WRITTEN')]);
    const [created, written] = await take(first, 2);

    const anew = new LibraryEventHub(6);
    expect(() => anew.subscribe('lib_a', created?.cursor)).toThrow('no longer remembered');
    const rest = anew.subscribe('lib_a', written?.cursor);
    anew.receive([event(7)]);
    expect((await rest.next()).value.event.revision).toBe(7);
  });

  it('come once, also to a subscriber who has seen them on a thread that was quicker', async () => {
    const [quick, slow] = [new LibraryEventHub(5), new LibraryEventHub(5)];
    const first = quick.subscribe('lib_a', undefined);
    quick.receive([event(6), event(7)]);
    const seen = await take(first, 2);
    const rest = slow.subscribe('lib_a', seen.at(-1)?.cursor);
    slow.receive([event(6), event(7), event(8)]);
    expect((await rest.next()).value.event.revision).toBe(8);
  });

  it('are refused after a cursor that is older than what is remembered, or is none', () => {
    const hub = new LibraryEventHub(5);
    const invalid = expect.objectContaining({ kind: 'InvalidArgumentError', path: ['after'] });
    expect(() => hub.subscribe('lib_a', '4.0')).toThrow(invalid);
    expect(() => hub.subscribe('lib_a', 'x')).toThrow(invalid);
    hub.subscribe('lib_a', '5.0');

    for (let revision = 6; revision <= 11_000; revision++) hub.receive([event(revision)]);
    expect(() => hub.subscribe('lib_a', '100.0')).toThrow(invalid);
    hub.subscribe('lib_a', '9000.0');
  });

  it('end with the deletion of the library', async () => {
    const hub = new LibraryEventHub(5);
    const events = hub.subscribe('lib_a', undefined);
    hub.receive([event(6, 'LIBRARY_DELETED'), event(7, 'LIBRARY_CREATED')]);
    expect((await events.next()).value.event.kind).toBe('LIBRARY_DELETED');
    expect((await events.next()).done).toBe(true);
  });

  it('end with an error and a cursor for a reader that stalls', async () => {
    const hub = new LibraryEventHub(5);
    const events = hub.subscribe('lib_a', undefined);
    for (let revision = 6; revision < 2_000; revision++) hub.receive([event(revision)]);
    const taken = await take(events, 1_000);
    await expect(events.next()).rejects.toMatchObject({
      kind: 'OverloadedError',
      detail: { cursor: taken.at(-1)?.cursor },
    });
  });

  it('are remembered by how much they hold, too: many ids of chunks make room for fewer events', () => {
    const hub = new LibraryEventHub(0);
    const chunkIds = Array.from({ length: 100 }, (_, chunk) => `chk_${chunk}`);
    for (let revision = 1; revision <= 2_000; revision++) hub.receive([{ ...event(revision), chunkIds }]);
    expect(() => hub.subscribe('lib_a', '999.0')).toThrow('no longer remembered');
    expect(() => hub.subscribe('lib_a', '1000.0')).not.toThrow();
    for (let revision = 2_001; revision <= 5_000; revision++) hub.receive([event(revision)]);
    expect(() => hub.subscribe('lib_a', '1000.0')).not.toThrow();
  });
});
