/**
 * Where the trace of a peer goes: a function of the application's, a stream of its, or a file. None
 * of them may hold the peer up or bring it down: what a sink cannot take is left out, which shows
 * in the sequence of the records.
 */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { ConfigError } from './errors.ts';
import type { TraceLimits } from './trace-limits.ts';
import type { TraceListener, TraceRecord } from './trace-record.ts';
import type { TraceSink } from './tracer.ts';

/**
 * The sink that an option asks for.
 *
 * @throws {ConfigError} when the file cannot be opened
 */
export async function openSink(
  to: string | Writable | TraceListener,
  limits: TraceLimits,
): Promise<TraceSink> {
  if (typeof to === 'function') return new FunctionSink(to);
  if (typeof to !== 'string') return new StreamSink(to, limits);
  return await openFile(to, limits);
}

async function openFile(path: string, limits: TraceLimits): Promise<TraceSink> {
  // It tells names and who holds them: nobody else's business.
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  try {
    await once(file, 'open');
    const { size } = await stat(path);
    // A line that an earlier process could not finish is ended, and marked by an empty one.
    if (size > 0) file.write('\n\n');
    return new StreamSink(file, limits, limits.traceFileBytesMax - size);
  } catch (error) {
    file.destroy();
    const why = error instanceof Error ? error.message : String(error);
    const message = `Cannot create peer: trace must be a file that can be written: ${why}`;
    throw new ConfigError(message, { field: 'trace', cause: error });
  }
}

class FunctionSink implements TraceSink {
  onTrouble: (error: unknown) => void = () => {};
  readonly #listener: (record: TraceRecord) => unknown;

  constructor(listener: TraceListener) {
    this.#listener = listener;
  }

  take(record: TraceRecord): void {
    try {
      const result = this.#listener(record);
      // An async function: nobody else looks at its promise.
      if (result instanceof Promise) result.catch((error: unknown) => this.onTrouble(error));
    } catch (error) {
      this.onTrouble(error);
    }
  }

  async close(): Promise<void> {}
}

/** Lines of JSON. A stream that fails is given up for good. */
class StreamSink implements TraceSink {
  onTrouble: (error: unknown) => void = () => {};
  readonly #stream: Writable;
  readonly #backlogBytesMax: number;
  /** Whether it is ours to end. */
  readonly #isOwn: boolean;
  #bytesLeft: number;
  #isOpen = true;
  #isBehind = false;

  /** @param bytesLeft how much a file of ours may still grow */
  constructor(stream: Writable, limits: TraceLimits, bytesLeft?: number) {
    this.#stream = stream;
    this.#backlogBytesMax = limits.traceBacklogBytesMax;
    this.#isOwn = bytesLeft !== undefined;
    this.#bytesLeft = bytesLeft ?? Number.POSITIVE_INFINITY;
    // Also when closed: an error that nobody listens for would end the process.
    stream.on('error', (error) => this.#giveUp(error));
  }

  take(record: TraceRecord): void {
    if (!this.#isOpen || this.#isFull()) return;
    const line = `${JSON.stringify(record)}\n`;
    // No character of a string takes more than 3 bytes, and most take one.
    this.#bytesLeft -= line.length;
    if (this.#bytesLeft < 0) {
      this.#giveUp(new RangeError('it has grown to limits.traceFileBytesMax'));
      return;
    }
    if (!this.#stream.writable)
      this.#giveUp(this.#stream.errored ?? new Error('the stream has ended'));
    else this.#stream.write(line);
  }

  async close(): Promise<void> {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    if (!this.#isOwn) return;
    // A file that has failed is closed already.
    if (!wasOpen && this.#stream.destroyed) return;
    await new Promise<void>((resolve) => {
      this.#stream.once('close', () => resolve());
      this.#stream.end();
    });
  }

  #isFull(): boolean {
    const isBehind = this.#stream.writableLength > this.#backlogBytesMax;
    if (isBehind && !this.#isBehind)
      this.onTrouble(new RangeError('it is behind, steps are missing'));
    this.#isBehind = isBehind;
    return isBehind;
  }

  #giveUp(error: unknown): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.onTrouble(error);
  }
}
