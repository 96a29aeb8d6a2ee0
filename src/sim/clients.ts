/**
 * What the applications of a mesh do in a run: claims, each from its call to its end, as a plan's
 * operations say.
 */

import type { Lock } from '../peer/lock.ts';
import type { Peer } from '../peer/peer.ts';
import { isElection } from './acts.ts';
import type { Claim } from './client-claim.ts';
import { Elections } from './elections.ts';
import type { Host } from './host.ts';
import { circlesMsOf, laterOf, partsOf, share, unsaidMsOf } from './nesting.ts';
import type { Looking, Operation } from './plan.ts';
import type { World } from './world.ts';

/** How claims came out. */
export interface Tally {
  asked: number;
  granted: number;
  /** Tries that found it taken. */
  taken: number;
  /** By the code of the error, or `aborted`. */
  readonly failed: Map<string, number>;
}

export interface ClientsSetup {
  readonly world: World;
  /** Told of a grant. */
  onGranted(claim: Claim): void;
  /** Told of an error that no caller should ever see. */
  onOddError(host: Host, error: unknown): void;
}

/** What a call may end with, in a world where anything may fail. */
const lawful: ReadonlySet<string> = new Set([
  'ERR_LOCK_TIMEOUT',
  'ERR_NO_QUORUM',
  'ERR_OVERLOADED',
  'ERR_PEER_CLOSED',
]);

/** The same of those who have said that they hold something meanwhile. */
const lawfulNested: ReadonlySet<string> = new Set([...lawful, 'ERR_DEADLOCK']);

/** Holds up to this are not worth a look at the signal, as in many an application. */
const briefMs = 25;

export class Clients {
  readonly tally: Tally = { asked: 0, granted: 0, taken: 0, failed: new Map() };
  readonly elections: Elections;
  readonly #setup: ClientsSetup;
  readonly #open = new Set<Claim>();
  /** Operations that wait in line on a machine that stands still, by host. */
  readonly #inLine = new Map<Operation, Host>();

  constructor(setup: ClientsSetup) {
    this.#setup = setup;
    this.elections = new Elections(setup.world);
    this.elections.began.push(({ claim }) => {
      this.tally.granted += 1;
      setup.onGranted(claim);
    });
  }

  /** Those that wait or hold, in the order asked, where a process lives that could go on. */
  open(): readonly Claim[] {
    return [...this.#open];
  }

  /** For how long all that is held, waited for or still to be asked for will be held, in ms. */
  get holdMs(): number {
    let ms = 0;
    for (const { operation } of this.#open) ms += operation.holdMs;
    for (const { holdMs } of this.#inLine.keys()) ms += holdMs;
    return ms;
  }

  /** For how long those who nest may wait in circles, of which each stands for so long, in ms. */
  circlesMs(standsMs: number): number {
    let ms = 0;
    for (const { operation } of this.#open) ms += circlesMsOf(operation, standsMs);
    for (const operation of this.#inLine.keys()) ms += circlesMsOf(operation, standsMs);
    return ms;
  }

  /** How many of them campaign, or run always: those pause when they fail. */
  get campaigns(): number {
    let count = 0;
    for (const { operation } of this.#open) if (isElection(operation)) count += 1;
    for (const operation of this.#inLine.keys()) if (isElection(operation)) count += 1;
    return count;
  }

  /** Begins an operation once the host runs; not at all if its process does not live. */
  begin(host: Host, operation: Operation): void {
    const { kernel } = this.#setup.world;
    const detail = `${host.name} ${operation.patience} ${operation.names.join(' ')}`;
    this.#inLine.set(operation, host);
    const run = (): void => {
      this.#inLine.delete(operation);
      kernel.noteMicrotasks();
      void this.perform(host, operation);
    };
    kernel.after(0, { kind: 'operation', actor: host.process, detail, run });
  }

  /** Asks, once the host runs, what voters keep. */
  look(host: Host, { name }: Looking): void {
    const { kernel } = this.#setup.world;
    const run = (): void => {
      kernel.noteMicrotasks();
      const of = name === null ? {} : { name };
      const asked = host.peer?.query({ scope: 'mesh', ...of });
      asked?.catch((error: unknown) => this.#onError(host, error));
    };
    kernel.after(0, { kind: 'operation', actor: host.process, detail: `${host.name} look`, run });
  }

  /** The process of a host has ended, and what it waited for with it. */
  onDeath(host: Host): void {
    this.elections.onDeath(host);
    for (const claim of this.#open) if (claim.host === host) this.#open.delete(claim);
    for (const [operation, on] of this.#inLine) if (on === host) this.#inLine.delete(operation);
  }

  /**
   * Resolves when the claim is over: with whether it was granted. Never if its process dies.
   *
   * @param ends ends a campaign
   */
  async perform(host: Host, operation: Operation, ends?: AbortSignal): Promise<boolean> {
    const { peer } = host;
    if (peer === null) return false;
    if (operation.patience === 'observe') return await this.#observe(host, peer, operation);
    const askedAtMs = this.#setup.world.nowMs;
    const claim: Claim = { operation, host, askedAtMs, state: 'waiting', locks: [] };
    this.#open.add(claim);
    try {
      if (!isElection(operation)) return await this.#takeEach(claim, peer);
      this.tally.asked += 1;
      await this.#takePart(claim, peer, ends);
      return true;
    } catch (error) {
      this.#onError(host, error);
      return false;
    } finally {
      this.#open.delete(claim);
    }
  }

  /** @returns whether all was granted */
  async #takeEach(claim: Claim, peer: Peer): Promise<boolean> {
    const { host, operation } = claim;
    const { tally } = this;
    try {
      for (const part of partsOf(operation)) {
        tally.asked += 1;
        claim.state = 'waiting';
        const lock = await this.#ask(claim, part, peer);
        if (lock === null) {
          tally.taken += 1;
          return false;
        }
        tally.granted += 1;
        claim.state = 'held';
        claim.locks = [...claim.locks, lock];
        this.#setup.onGranted(claim);
        await this.#hold(host, lock, part);
        if (part.holdMs > briefMs && hasLost(claim)) return false;
      }
      return true;
    } catch (error) {
      const isBound = claim.locks.length > 0 && operation.patience !== 'nest unsaid';
      this.#onError(host, error, isBound ? lawfulNested : lawful);
      // What it has is good for something, too.
      if (claim.locks.length > 0) await this.#keep(claim);
      return false;
    } finally {
      for (const lock of claim.locks.toReversed()) await lock.release();
    }
  }

  async #observe(host: Host, peer: Peer, operation: Operation): Promise<boolean> {
    try {
      await this.elections.observe(host, peer, operation);
      return true;
    } catch (error) {
      this.#onError(host, error);
      return false;
    }
  }

  #takePart(claim: Claim, peer: Peer, ends: AbortSignal | undefined): Promise<void> {
    const { giveUpMs, patience } = claim.operation;
    const signal = giveUpMs > 0 ? signalAfter(giveUpMs, claim.host) : ends;
    if (patience === 'always') return this.elections.runAlways(claim, peer, signal);
    return this.elections.campaign(claim, peer, signal);
  }

  #ask({ host, locks }: Claim, part: Operation, peer: Peer): Promise<Lock | null> {
    const { mode, patience, timeoutMs, giveUpMs, maxHoldMs, lingerMs } = part;
    const names = [...part.names];
    const shared = {
      mode,
      ...(giveUpMs > 0 ? { signal: signalAfter(giveUpMs, host) } : {}),
      ...(maxHoldMs > 0 ? { maxHold: maxHoldMs } : {}),
      ...(lingerMs > 0 ? { linger: lingerMs } : {}),
    };
    const patient = { ...shared, ...(timeoutMs > 0 ? { timeout: timeoutMs } : {}) };
    switch (patience) {
      case 'wait':
      case 'polite':
      case 'share':
        return peer.acquire(names, patient);
      case 'steal':
        return peer.acquire(names, { ...patient, mode: 'exclusive', steal: true });
      case 'nest':
      case 'nest and share':
      case 'nest and let go':
        return peer.acquire(names, { ...patient, holding: locks });
      case 'nest unsaid':
        return peer.acquire(names, { ...patient, timeout: unsaidMsOf(part) });
      case 'try':
        return peer.tryAcquire(names, shared);
      case 'any':
        return peer.acquireAny(names, patient);
      case 'try any':
        return peer.tryAcquireAny(names, shared);
      default:
        throw new RangeError(`Cannot ask: ${patience} is about an election`);
    }
  }

  /** For so long, or until the lock is lost; who holds it briefly does not look. */
  #hold(host: Host, lock: Lock, { holdMs, patience }: Operation): Promise<void> {
    return new Promise((resolve) => {
      const timer = host.process.sleep(holdMs, () => resolve());
      if (patience === 'share') host.process.sleep(Math.floor(holdMs / 2), () => void share(lock));
      const later = laterOf[patience];
      if (later !== undefined) host.process.sleep(2 * holdMs, () => void later(lock));
      const stop = (): void => {
        timer.cancel();
        resolve();
      };
      if (holdMs > briefMs) lock.signal.addEventListener('abort', stop);
      if (patience !== 'polite') return;
      if (lock.contended.aborted) stop();
      else lock.contended.addEventListener('abort', stop);
    });
  }

  /** Goes on with what it holds, for as long as it would have held the next. */
  #keep(claim: Claim): Promise<void> {
    const { host, operation } = claim;
    claim.state = 'held';
    return new Promise((resolve) => {
      host.process.sleep(partsOf(operation)[0]?.holdMs ?? 0, () => resolve());
    });
  }

  #onError(host: Host, error: unknown, expected: ReadonlySet<string> = lawful): void {
    const code = error === gaveUp ? 'aborted' : codeOf(error);
    this.tally.failed.set(code, (this.tally.failed.get(code) ?? 0) + 1);
    if (code !== 'aborted' && !expected.has(code)) this.#setup.onOddError(host, error);
  }
}

/** Whether what it should hold is gone. */
function hasLost({ operation: { patience }, locks }: Claim): boolean {
  return patience !== 'nest and let go' && locks.some(({ held }) => !held);
}

/** The reason of a caller that gives up. */
export const gaveUp: Error = new Error('The client gave up');

function signalAfter(ms: number, host: Host): AbortSignal {
  const abort = new AbortController();
  host.process.sleep(ms, () => abort.abort(gaveUp));
  return abort.signal;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return String(error);
  return String(error.code);
}
