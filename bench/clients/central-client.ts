/**
 * A client of the central lock server: a message is a frame, and a release needs no answer.
 */

import { asks, idAt, recordBytes, releases, writeRecord } from '../record.ts';
import { dialWs } from '../ws-options.ts';
import type { Held, LockClient } from './lock-client.ts';

export async function connectCentral(port: number): Promise<LockClient> {
  const socket = await dialWs(port);
  const waiting = new Map<number, () => void>();
  let nextId = 1;
  const send = (kind: typeof asks | typeof releases, id: number, key: string): void => {
    const frame = Buffer.allocUnsafe(recordBytes);
    writeRecord(frame, 0, { kind, id, key });
    socket.send(frame);
  };
  socket.on('message', (data) => {
    if (!Buffer.isBuffer(data)) return;
    const id = idAt(data, 0);
    const resolve = waiting.get(id);
    waiting.delete(id);
    resolve?.();
  });
  return {
    acquire: (key): Promise<Held> =>
      new Promise((resolve) => {
        const id = nextId;
        nextId += 1;
        waiting.set(id, () => resolve({ release: async () => send(releases, id, key) }));
        send(asks, id, key);
      }),
    close: async () => socket.terminate(),
  };
}
