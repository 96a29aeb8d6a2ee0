/**
 * Records the history of a real peer, or of a simulated one: a peer that does what it does, and
 * notes each call.
 */

import type { Election, ElectOptions } from '../../peer/election.ts';
import type { PeerEvents, PeerListener } from '../../peer/events.ts';
import type {
  AcquireAnyOptions,
  AcquireOptions,
  Alternatives,
  Lock,
  LockRequest,
  TryAcquireOptions,
} from '../../peer/lock.ts';
import type { CloseOptions, Peer, ReadyOptions } from '../../peer/peer.ts';
import { MeshSemaphore, type Semaphore } from '../../peer/semaphore.ts';
import type { RunCoordinator } from '../../peer/singleton.ts';
import type { PeerStatus } from '../../peer/status.ts';
import type { Locks, LocksSnapshot, QueryOptions } from '../../peer/web-locks.ts';
import type { HistoryName } from './operation.ts';
import { RecordedAny } from './record-any.ts';
import { type Asking, ask, resultOf } from './record-ask.ts';
import { RecordedLocks } from './record-locks.ts';
import { type HeldOf, RecordedLock } from './recorded-lock.ts';
import type { HistoryRecorder } from './recorder.ts';

/** How to record a peer. */
export interface RecordPeerOptions {
  /**
   * Who the operations are of. A peer that has been started again is another client: its locks are
   * not those of the one before.
   *
   * @default the id of the peer
   */
  readonly client?: string;
}

/**
 * A peer that passes all on to `peer`, and notes in `recorder` each call, each grant, each look at
 * `held`, and each end of a lock. When a lock is granted, the other recorded ones of its names are
 * looked at, too.
 */
export function recordPeer(
  peer: Peer,
  recorder: HistoryRecorder,
  { client = peer.id }: RecordPeerOptions = {},
): Peer {
  return new RecordedPeer(peer, { recorder, client });
}

class RecordedPeer implements Peer {
  readonly locks: Locks;
  readonly #peer: Peer;
  readonly #asking: Asking;

  constructor(peer: Peer, asking: Asking) {
    this.#peer = peer;
    this.#asking = asking;
    this.locks = new RecordedLocks(peer.locks, asking);
  }

  get id(): string {
    return this.#peer.id;
  }

  get url(): string | null {
    return this.#peer.url;
  }

  async acquire(request: LockRequest, options?: AcquireOptions): Promise<Lock> {
    const op = options?.timeout === 0 ? 'try' : 'acquire';
    const { asked, called } = ask(this.#asking, { op, names: namesIn(request, options) });
    try {
      const lock = await this.#peer.acquire(request, withOwnLocks(options));
      called.answer('ok', lock.token);
      return this.#hold(lock, asked);
    } catch (error) {
      if (error instanceof TypeError) called.cancel();
      else called.answer(resultOf(error));
      throw error;
    }
  }

  async tryAcquire(request: LockRequest, options?: TryAcquireOptions): Promise<Lock | null> {
    const { asked, called } = ask(this.#asking, { op: 'try', names: namesIn(request, options) });
    try {
      const lock = await this.#peer.tryAcquire(request, options);
      if (lock === null) {
        called.answer('busy');
        return null;
      }
      called.answer('ok', lock.token);
      return this.#hold(lock, asked);
    } catch (error) {
      if (error instanceof TypeError) called.cancel();
      else called.answer(resultOf(error));
      throw error;
    }
  }

  acquireAny(requests: Alternatives, options?: AcquireAnyOptions): Promise<Lock> {
    const op = options?.timeout === 0 ? 'try' : 'acquire';
    const any = new RecordedAny(this.#asking, op, namesIn(requests, options));
    return any.await(this.#peer.acquireAny(requests, options));
  }

  tryAcquireAny(requests: Alternatives, options?: TryAcquireOptions): Promise<Lock | null> {
    const any = new RecordedAny(this.#asking, 'try', namesIn(requests, options));
    return any.await(this.#peer.tryAcquireAny(requests, options));
  }

  semaphore(name: string, permits: number): Semaphore {
    return new MeshSemaphore(this, name, permits);
  }

  /** Who leads is not noted. */
  elect(name: string, options?: ElectOptions): Election {
    return this.#peer.elect(name, options);
  }

  /** Its fires, and when it runs, are not noted. */
  get singleton(): Peer['singleton'] {
    return this.#peer.singleton.bind(this.#peer) as Peer['singleton'];
  }

  /** What it decides is not noted. */
  runCoordinator(): RunCoordinator {
    return this.#peer.runCoordinator();
  }

  query(options?: QueryOptions): Promise<LocksSnapshot> {
    return this.#peer.query(options);
  }

  ready(options?: ReadyOptions): Promise<void> {
    return this.#peer.ready(options);
  }

  status(): PeerStatus {
    return this.#peer.status();
  }

  close(options?: CloseOptions): Promise<void> {
    return this.#peer.close(options);
  }

  on<Name extends keyof PeerEvents>(name: Name, listener: PeerListener<Name>): this {
    this.#peer.on(name, listener);
    return this;
  }

  once<Name extends keyof PeerEvents>(name: Name, listener: PeerListener<Name>): this {
    this.#peer.once(name, listener);
    return this;
  }

  off<Name extends keyof PeerEvents>(name: Name, listener: PeerListener<Name>): this {
    this.#peer.off(name, listener);
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #hold(lock: Lock, asked: HeldOf): Lock {
    return new RecordedLock(lock, asked, this.#asking.recorder);
  }
}

/** The peer knows its own locks only. */
function withOwnLocks(options: AcquireOptions | undefined): AcquireOptions | undefined {
  if (!Array.isArray(options?.holding)) return options;
  const holding = options.holding.map((lock: unknown) => {
    return (lock instanceof RecordedLock ? lock.recorded : lock) as Lock;
  });
  return { ...options, holding };
}

/** What a call asks for; nothing, where it is malformed, which the peer will say. */
function namesIn(request: LockRequest, options?: TryAcquireOptions): readonly HistoryName[] {
  const all = Array.isArray(request) ? request : [request];
  return all.flatMap((each: unknown): readonly HistoryName[] => {
    if (typeof each === 'string') return [named(each, options?.mode)];
    if (typeof each !== 'object' || each === null || !('name' in each)) return [];
    const mode = 'mode' in each && each.mode === 'shared' ? 'shared' : undefined;
    const isSaid = 'mode' in each && each.mode !== undefined;
    return [named(String(each.name), isSaid ? mode : options?.mode)];
  });
}

function named(name: string, mode: string | undefined): HistoryName {
  return mode === 'shared' ? { name, mode } : { name };
}
