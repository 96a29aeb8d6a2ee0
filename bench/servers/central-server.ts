/**
 * A central lock server over WebSockets: first come, first served, for each key. A message is a
 * frame. It tolerates nothing: the locks of a client that goes stay locked.
 */

import type { WebSocket } from 'ws';
import { asks, keyIn, kindAt } from '../record.ts';
import { serveWs } from '../ws-options.ts';

/** Who waits for a key, or holds it: the request itself, which is also the answer. */
interface Claim {
  readonly socket: WebSocket;
  readonly request: Buffer;
  next: Claim | undefined;
}

/** The claims for a key, in order; the first of them holds it. */
interface Queue {
  first: Claim;
  last: Claim;
}

/** Returns the port. */
export function serveCentral(): Promise<number> {
  const queues = new Map<string, Queue>();
  return serveWs((socket) => {
    socket.on('message', (data) => {
      if (!Buffer.isBuffer(data)) return;
      const key = keyIn(data, 0);
      if (kindAt(data, 0) === asks)
        enqueue(queues, key, { socket, request: data, next: undefined });
      else dequeue(queues, key);
    });
  });
}

function enqueue(queues: Map<string, Queue>, key: string, claim: Claim): void {
  const queue = queues.get(key);
  if (queue === undefined) {
    queues.set(key, { first: claim, last: claim });
    claim.socket.send(claim.request);
    return;
  }
  // What waits for long must not keep alive the larger chunk that it came in.
  const waiting = { ...claim, request: Buffer.from(claim.request) };
  queue.last.next = waiting;
  queue.last = waiting;
}

function dequeue(queues: Map<string, Queue>, key: string): void {
  const queue = queues.get(key);
  const next = queue?.first.next;
  if (queue === undefined || next === undefined) {
    queues.delete(key);
    return;
  }
  queue.first = next;
  next.socket.send(next.request);
}
