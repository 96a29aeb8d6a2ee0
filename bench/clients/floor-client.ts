/**
 * The floor: sends each request to all servers, and goes on at the first answer. With two, that is
 * what any majority of three that includes oneself must do, and nothing else. Nothing is locked.
 *
 *     acquire ──▶ all ──▶ first answer; others are ignored
 *     release ──▶ all, no answer
 */

import type { WebSocket } from 'ws';
import { asks, type BenchRecord, idAt, recordBytes, releases, writeRecord } from '../record.ts';
import { dialWs } from '../ws-options.ts';
import type { Held, LockClient } from './lock-client.ts';
import type { FloorSetup } from './setup.ts';

export async function connectFloor(setup: FloorSetup): Promise<LockClient> {
  const sockets = await Promise.all(setup.ports.map(dialWs));
  return new FloorClient(sockets, setup);
}

class FloorClient implements LockClient {
  readonly #sockets: readonly WebSocket[];
  readonly #batched: boolean;
  readonly #releases: boolean;
  readonly #waiting = new Map<number, (held: Held) => void>();
  #batch = Buffer.allocUnsafe(1_024 * recordBytes);
  #batchBytes = 0;
  #nextId = 1;

  constructor(sockets: readonly WebSocket[], { batched, releases }: FloorSetup) {
    this.#sockets = sockets;
    this.#batched = batched;
    this.#releases = releases;
    for (const socket of sockets) {
      socket.on('message', (data) => {
        if (Buffer.isBuffer(data)) this.#onAnswers(data);
      });
    }
  }

  acquire(key: string): Promise<Held> {
    return new Promise((resolve) => {
      const id = this.#nextId;
      this.#nextId += 1;
      this.#waiting.set(id, resolve);
      this.#send({ kind: asks, id, key });
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
  }

  #onAnswers(frame: Buffer): void {
    for (let at = 0; at < frame.length; at += recordBytes) {
      const id = idAt(frame, at);
      const resolve = this.#waiting.get(id);
      if (resolve === undefined) continue;
      this.#waiting.delete(id);
      resolve({ release: async () => this.#release(id) });
    }
  }

  #release(id: number): void {
    if (this.#releases) this.#send({ kind: releases, id, key: '' });
  }

  #send(record: BenchRecord): void {
    if (this.#batched) {
      this.#gather(record);
      return;
    }
    const frame = Buffer.allocUnsafe(recordBytes);
    writeRecord(frame, 0, record);
    for (const socket of this.#sockets) socket.send(frame);
  }

  #gather(record: BenchRecord): void {
    if (this.#batchBytes === 0) setImmediate(() => this.#flush());
    if (this.#batchBytes === this.#batch.length) this.#flush();
    writeRecord(this.#batch, this.#batchBytes, record);
    this.#batchBytes += recordBytes;
  }

  #flush(): void {
    if (this.#batchBytes === 0) return;
    const frame = Buffer.from(this.#batch.subarray(0, this.#batchBytes));
    this.#batchBytes = 0;
    for (const socket of this.#sockets) socket.send(frame);
  }
}
