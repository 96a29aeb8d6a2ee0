/**
 * What a peer remembers across restarts: its incarnation and, as a voter, the high-water mark of
 * its tokens (rule 7.5). Without storage it remembers nothing, and rests on the wall clock.
 */

import { type Incarnation, incarnation, type Stamp, stamp } from '../protocol/ids.ts';
import { decode, encode } from './codec.ts';
import { ConfigError } from './errors.ts';
import { isRecord } from './option-checks.ts';
import type { Storage } from './runtime.ts';

/** The form of the content; another one is refused rather than guessed at. */
const contentVersion = 1;

export class DurableState {
  readonly #storage: Storage | null;
  #incarnation: Incarnation;
  #mark: Stamp;
  #last: Promise<void> = Promise.resolve();

  private constructor(storage: Storage | null, last: Content) {
    this.#storage = storage;
    this.#incarnation = last.incarnation;
    this.#mark = last.mark;
  }

  /**
   * Reads what an earlier start has left.
   *
   * @throws {ConfigError} when it cannot be read, or is not ours: to start without it could let
   * tokens go back
   */
  static async load(storage: Storage | null): Promise<DurableState> {
    return new DurableState(storage, storage === null ? nothing : await read(storage));
  }

  /** Of the last start; 0 when that is not known. */
  get incarnation(): Incarnation {
    return this.#incarnation;
  }

  /** The mark that is durable; `null` without storage. */
  get mark(): Stamp | null {
    return this.#storage === null ? null : this.#mark;
  }

  /** Makes a new start durable. Resolves once it is; rejects when it cannot be. */
  begin(next: Incarnation): Promise<void> {
    return this.#enqueue(async () => {
      await this.#save({ incarnation: next, mark: this.#mark });
      this.#incarnation = next;
    });
  }

  /** Makes a greater mark durable. Resolves once it is; rejects when it cannot be. */
  raise(mark: Stamp): Promise<void> {
    return this.#enqueue(async () => {
      await this.#save({ incarnation: this.#incarnation, mark });
      this.#mark = mark;
    });
  }

  /** One after another: each save writes both values, and must not bring back an older one. */
  #enqueue(change: () => Promise<void>): Promise<void> {
    const done = this.#last.then(change);
    this.#last = done.catch(() => {});
    return done;
  }

  async #save(content: Content): Promise<void> {
    await this.#storage?.save(encode({ version: contentVersion, ...content }));
  }
}

interface Content {
  readonly incarnation: Incarnation;
  readonly mark: Stamp;
}

const nothing: Content = { incarnation: incarnation(0), mark: stamp(0) };

async function read(storage: Storage): Promise<Content> {
  const bytes = await storage.load().catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`Cannot create peer: ${why}`, { field: 'stateFile', cause: error });
  });
  if (bytes === undefined) return nothing;
  const decoded = decode(bytes);
  const content = decoded.ok ? contentOf(decoded.value) : undefined;
  if (content !== undefined) return content;
  const message =
    'Cannot create peer: stateFile must be absent or one that this version of lockmesh wrote, ' +
    `received ${decoded.ok ? 'another content' : `damaged content (${decoded.error})`}`;
  throw new ConfigError(message, { field: 'stateFile' });
}

function contentOf(value: unknown): Content | undefined {
  if (!isRecord(value) || value.version !== contentVersion) return undefined;
  if (!isCount(value.incarnation) || !isCount(value.mark)) return undefined;
  return { incarnation: incarnation(value.incarnation), mark: stamp(value.mark) };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= 0;
}
