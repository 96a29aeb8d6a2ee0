/**
 * The other end of the floor: answers every request at once, and keeps nothing. All the answers to
 * one frame are one frame.
 */

import { asks, kindAt, recordBytes } from '../record.ts';
import { serveWs } from '../ws-options.ts';

/** Returns the port. */
export function serveEcho(): Promise<number> {
  return serveWs((socket) => {
    socket.on('message', (data) => {
      if (!Buffer.isBuffer(data)) return;
      const answer = requestsIn(data);
      if (answer.length > 0) socket.send(answer);
    });
  });
}

function requestsIn(frame: Buffer): Buffer {
  if (frame.length === recordBytes) return kindAt(frame, 0) === asks ? frame : frame.subarray(0, 0);
  const answer = Buffer.allocUnsafe(frame.length);
  let length = 0;
  for (let at = 0; at < frame.length; at += recordBytes) {
    if (kindAt(frame, at) !== asks) continue;
    frame.copy(answer, length, at, at + recordBytes);
    length += recordBytes;
  }
  return answer.subarray(0, length);
}
