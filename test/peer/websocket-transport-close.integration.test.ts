/**
 * A closed WebSocket transport lets the process end.
 */

import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Connection } from '../../src/peer/transport.ts';
import { WebSocketTransport } from '../../src/peer/websocket-transport.ts';
import { Recorder } from '../harness/transport-suite.ts';

// In a file of its own, since files run apart: what other tests leave for Node to collect would
// count.
test('closed, it leaves nothing that keeps the process alive', async () => {
  const before = handleCount();
  const accepted: { connection: Connection; events: Recorder }[] = [];
  const listener = await new WebSocketTransport({ listen: { host: '127.0.0.1', port: 0 } }).listen(
    (connection) => {
      const events = new Recorder();
      connection.attach(events);
      accepted.push({ connection, events });
    },
  );
  const connection = new WebSocketTransport({}).dial(listener.url);
  const events = new Recorder();
  connection.attach(events);
  await events.until('open');
  expect(handleCount()).toBeGreaterThan(before);

  connection.close('Enough');
  await events.until('close');
  await accepted[0]?.events.until('close');
  await listener.close();
  while (handleCount() > before) await setImmediate();
});

function handleCount(): number {
  const kinds = process.getActiveResourcesInfo();
  return kinds.filter((kind) => /^(TCP|TLS|Timeout|GetAddrInfo)/.test(kind)).length;
}
