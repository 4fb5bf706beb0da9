import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { IngesterThread } from '../../src/ingester/IngesterThread.ts';
import { ThreadHub } from '../../src/telemetry/ThreadHub.ts';
import { RunningWriter } from '../writer/RunningWriter.ts';

describe('the thread of the ingester', () => {
  it('is replaced when it dies, and the next one takes up what there is to do', async () => {
    const writer = await RunningWriter.start();
    const libraryId = await writer.createLibrary();
    await writer.client.submit({
      command: {
        type: 'requestImport',
        library: { id: libraryId },
        jobId: 'job_a',
        at: 1,
        files: [{ name: 'lost.txt', url: null, contentType: null, contentHash: 'hash', bytes: 1 }],
        options: { metadata: {}, whenEmbedderFails: 'FAIL', sourceBase: null },
      },
    });
    const troubles: string[] = [];
    let threads = 0;
    const config = parseConfig({ ALCOVE_DATA: writer.dataPath });
    const thread = new IngesterThread({
      config,
      connect: () => {
        threads += 1;
        if (threads > 1) return writer.thread.connect();
        // A writer that is not there: the first thread cannot live.
        const { port1, port2 } = new MessageChannel();
        port1.close();
        return port2;
      },
      seat: () => new ThreadHub('0.0.0', config.tracing).connect('INGESTER'),
      onTrouble: (message) => troubles.push(message),
    });
    try {
      await expect
        .poll(() => writer.jobs.job('job_a'), { timeout: 20_000 })
        .toMatchObject({ state: 'SUCCEEDED', counts: { failed: 1 } });
      expect(threads).toBe(2);
      expect(troubles.join('\n')).toContain('another one starts');
    } finally {
      await thread.close();
      await writer.stopAndRemove();
    }
  });
});
