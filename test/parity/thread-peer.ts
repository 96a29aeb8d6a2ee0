/**
 * Speaks for a peer that runs in a thread of its own (peer-thread.ts), so that it can be made to
 * stand still, and be killed with all its memory, while others go on.
 */

import { Worker } from 'node:worker_threads';
import type { Election } from '../../src/peer/election.ts';
import { type ErrorCode, LockLostError, LockmeshError } from '../../src/peer/errors.ts';
import type { AcquireOptions, Lock, LockRequest, TryAcquireOptions } from '../../src/peer/lock.ts';
import type { PeerOptions } from '../../src/peer/options.ts';
import type { CloseOptions, Peer } from '../../src/peer/peer.ts';
import type { Semaphore } from '../../src/peer/semaphore.ts';
import type { RunCoordinator } from '../../src/peer/singleton.ts';
import type { PeerStatus } from '../../src/peer/status.ts';
import type { Locks, LocksSnapshot } from '../../src/peer/web-locks.ts';
import { cannot } from './net.ts';
import { ThreadLock } from './thread-lock.ts';
import type { Call, ErrorFacts, Told } from './thread-messages.ts';

/** A call that has not been answered. */
interface Asking {
  readonly resolve: (lock: Lock) => void;
  readonly reject: (error: unknown) => void;
}

/** How often a status that was asked for is looked at. */
const lookMs = 5;

export class ThreadPeer implements Peer {
  readonly id: string;
  readonly #worker: Worker;
  readonly #asking = new Map<number, Asking>();
  readonly #locks = new Map<number, ThreadLock>();
  readonly #ended: Promise<void>;
  #status: PeerStatus | null = null;
  #url: string | null = null;
  #flag: Int32Array | null = null;
  #calls = 0;

  private constructor(id: string, worker: Worker) {
    this.id = id;
    this.#worker = worker;
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => resolve());
    });
  }

  /** @throws `Error` when the peer could not be created */
  static async open(options: PeerOptions): Promise<ThreadPeer> {
    const worker = new Worker(new URL('./peer-thread.js', import.meta.url), {
      workerData: options,
    });
    const peer = new ThreadPeer(options.id ?? 'local', worker);
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.on('message', (told: Told) => {
        if (told.tell === 'not open') reject(errorOf(told.error));
        peer.#onTold(told);
        if (told.tell === 'open') resolve();
      });
    });
    return peer;
  }

  get locks(): Locks {
    return cannot('use the callback form', 'a callback does not cross to another thread');
  }

  get url(): string | null {
    return this.#url;
  }

  acquire(request: LockRequest, options: AcquireOptions = {}): Promise<Lock> {
    this.#calls += 1;
    const id = this.#calls;
    const { signal, ...rest } = options;
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const failed = (error: unknown): void => {
        reject(signal?.aborted === true ? signal.reason : error);
      };
      this.#asking.set(id, { resolve, reject: failed });
      this.#call({ call: 'acquire', id, request, options: rest });
      signal?.addEventListener('abort', () => this.#call({ call: 'abort', id }), { once: true });
    });
  }

  acquireAny(): Promise<Lock> {
    return cannot('acquire any of several', 'no scenario does');
  }

  tryAcquireAny(): Promise<Lock | null> {
    return cannot('acquire any of several', 'no scenario does');
  }

  semaphore(): Semaphore {
    return cannot('make a semaphore', 'no scenario does');
  }

  elect(): Election {
    return cannot('take part in an election', 'no scenario does');
  }

  singleton(): never {
    return cannot('make a singleton', 'no scenario does');
  }

  runCoordinator(): RunCoordinator {
    return cannot('make a run coordinator', 'no scenario does');
  }

  query(): Promise<LocksSnapshot> {
    return cannot('query', 'no scenario does');
  }

  async tryAcquire(request: LockRequest, options: TryAcquireOptions = {}): Promise<Lock | null> {
    try {
      return await this.acquire(request, { ...options, timeout: 0 });
    } catch (error) {
      if (error instanceof LockmeshError && error.code === 'ERR_LOCK_TIMEOUT') return null;
      throw error;
    }
  }

  async ready(): Promise<void> {
    while (this.status().state !== 'ready') {
      await new Promise((resolve) => {
        setTimeout(resolve, lookMs);
      });
    }
  }

  status(): PeerStatus {
    return this.#status ?? cannot(`ask ${this.id} for its status`, 'it has told none yet');
  }

  async close({ drain = 0 }: CloseOptions = {}): Promise<void> {
    this.resume();
    this.#call({ call: 'close', drain });
    await this.#ended;
  }

  on(): this {
    return cannot('listen for events', 'they do not cross to another thread');
  }

  once(): this {
    return this.on();
  }

  off(): this {
    return this.on();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Stands still from now on. */
  pause(): void {
    if (this.#flag !== null) return;
    this.#flag = new Int32Array(new SharedArrayBuffer(4));
    this.#call({ call: 'pause', flag: this.#flag });
  }

  resume(): void {
    if (this.#flag === null) return;
    Atomics.store(this.#flag, 0, 1);
    Atomics.notify(this.#flag, 0);
    this.#flag = null;
  }

  /** Ends without a word: its memory is gone. */
  async kill(): Promise<void> {
    this.resume();
    await this.#worker.terminate();
  }

  #call(call: Call): void {
    this.#worker.postMessage(call);
  }

  #onTold(told: Told): void {
    if (told.tell === 'open') this.#url = told.url;
    else if (told.tell === 'status') this.#onStatus(told);
    else if (told.tell === 'granted') this.#onGranted(told);
    else if (told.tell === 'failed') this.#take(told.id)?.reject(errorOf(told.error));
    else if (told.tell === 'lost') this.#onLost(told);
  }

  #onStatus({ status, deadlines }: Told & { readonly tell: 'status' }): void {
    this.#status = status;
    for (const [id, deadline] of deadlines) {
      const lock = this.#locks.get(id);
      if (lock !== undefined) lock.deadline = deadline;
    }
  }

  #onGranted({ id, lock: facts }: Told & { readonly tell: 'granted' }): void {
    const lock = new ThreadLock(facts, () => this.#call({ call: 'release', id }));
    this.#locks.set(id, lock);
    this.#take(id)?.resolve(lock);
  }

  #onLost({ id, error }: Told & { readonly tell: 'lost' }): void {
    const lock = this.#locks.get(id);
    if (lock === undefined) return;
    const { message, reason } = error;
    const { names, token } = lock;
    const lost = reason === undefined ? null : new LockLostError(message, { names, token, reason });
    lock.lost(lost ?? errorOf(error));
  }

  #take(id: number): Asking | undefined {
    const asking = this.#asking.get(id);
    this.#asking.delete(id);
    return asking;
  }
}

/** An error of the library that another thread has told of. */
class ThreadError extends LockmeshError {
  override readonly name = 'ThreadError';
  readonly code: ErrorCode;

  constructor({ code, message }: ErrorFacts) {
    super(message);
    this.code = code ?? 'ERR_INTERNAL';
  }
}

function errorOf(facts: ErrorFacts): ThreadError {
  return new ThreadError(facts);
}
