/**
 * What the scenarios of counterexamples/ have in common: the mesh that they run on, the clients
 * that ask and release, and what must come of all claims in the end.
 */

import { type Lock, type LockRequest, NoQuorumError, type Peer } from '../../src/peer/index.ts';
import type { Sim, SimNode, SimOptions, SimSteps } from '../../src/sim/index.ts';

/** Long: but for the beats, all of a scenario takes no time of it. */
export const leaseMs = 60_000;

/** Nearly half a lease. */
export const beatMs = 28_800;

/** As patient as a peer may be. */
const prepareTimeoutMs = 29_000;

/** For sessions to expire one after another, and for whoever is not answered to be told. */
const endMs: number = 4 * leaseMs + 3 * prepareTimeoutMs;

/** The mesh: clocks that agree, connections that take no time, and only promises are checked. */
export function meshOf(ids: readonly string[], quorum: number, replicas?: number): SimOptions {
  const groups = replicas === undefined ? {} : { replicas };
  const times = { lease: leaseMs, prepareTimeout: prepareTimeoutMs };
  const peer = { ...times, allowSteal: true, quorum, ...groups };
  return {
    checks: 'promises',
    network: 0,
    nodes: ids.map((id) => ({ id, clock: { drift: 0, offset: 0 } })),
    peer: { ...peer, maxClockAhead: 3_600_000 },
    timeout: 100 * leaseMs,
  };
}

/**
 * - `linger`: it waits, and its round may stay for a lease.
 * - `hang`: it waits, and is released once all others are answered.
 * - `share`: the same, and before that it is downgraded.
 */
type How = 'wait' | 'try' | 'linger' | 'steal' | 'hang' | 'share';

/** One claim of a client. */
export class Claim {
  readonly what: string;
  readonly how: How;
  readonly #sim: Sim;
  readonly #node: SimNode;
  readonly #peer: Peer;
  readonly #patience = new AbortController();
  #lock: Lock | null = null;
  #isOver = false;
  #isUnwanted = false;

  constructor(sim: Sim, node: SimNode, { request, how }: { request: LockRequest; how: How }) {
    this.what = `what ${node.id} asked for`;
    this.how = how;
    this.#sim = sim;
    this.#node = node;
    this.#peer = node.peer;
    const { signal } = this.#patience;
    const linger = how === 'linger' ? leaseMs : 0;
    const asked =
      how === 'try'
        ? this.#peer.tryAcquire(request, { signal })
        : this.#peer.acquire(request, { signal, linger, steal: how === 'steal' });
    asked.then(
      (lock) => this.#granted(lock),
      () => this.#end(),
    );
  }

  /** Whether it is answered and done with, or its process is gone. */
  get isOver(): boolean {
    return this.#isOver || !this.#node.isUp || this.#node.peer !== this.#peer;
  }

  async release(): Promise<void> {
    this.#letGo();
    await this.#sim.sleep(0);
  }

  async downgrade(): Promise<void> {
    await this.#lock?.downgrade();
    await this.#sim.sleep(0);
  }

  async giveUp(): Promise<void> {
    this.#patience.abort();
    await this.#sim.sleep(0);
  }

  /** From now on it is released as soon as it is granted. */
  finish(): void {
    this.#isUnwanted = true;
    this.#letGo();
  }

  #granted(lock: Lock | null): void {
    this.#lock = lock;
    lock?.signal.addEventListener('abort', () => this.#end());
    if (lock === null || lock.signal.aborted) this.#end();
    else if (this.#isUnwanted) this.#letGo();
  }

  #letGo(): void {
    if (this.#lock === null) return;
    void this.#lock.release();
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
  }
}

/** A mesh in which nothing arrives but what the scenario lets arrive. */
export class Staging {
  readonly steps: SimSteps;
  readonly #sim: Sim;
  readonly #claims: Claim[] = [];

  private constructor(sim: Sim) {
    this.#sim = sim;
    this.steps = sim.stepwise();
  }

  /**
   * When all have met, and for so long that what breaks is dialled anew at once; and when the
   * hybrid clocks of all are equal, and not behind the wall clocks, as where a search begins.
   */
  static async begin(sim: Sim): Promise<Staging> {
    await sim.converge(leaseMs);
    await sim.sleep(2_000 - (sim.now % 1_000));
    for (let tick = 0; tick < 2; tick += 1) {
      const lock = await sim.node(0).peer.acquire('a name of its own');
      await lock.release();
      await sim.sleep(0);
    }
    return new Staging(sim);
  }

  async ask(node: string, request: LockRequest, how: How = 'wait'): Promise<Claim> {
    const claim = new Claim(this.#sim, this.#sim.node(node), { request, how });
    this.#claims.push(claim);
    await this.#sim.sleep(0);
    return claim;
  }

  /** A process dies, its memory with it, and starts again at once. */
  async restart(node: string): Promise<void> {
    this.#sim.node(node).crash({ network: 'reset' });
    await this.#sim.node(node).restart();
  }

  /** A process stands still. */
  async pause(node: string, ms: number): Promise<void> {
    this.#sim.node(node).pause(ms);
    await this.#sim.sleep(ms);
  }

  /** The same, and the monotonic clock of its machine with it. */
  async suspend(node: string, ms: number): Promise<void> {
    this.#sim.node(node).suspend(ms);
    await this.#sim.sleep(ms);
  }

  /**
   * Everything arrives again. Each claim must be granted, or fail, and nothing may be left over
   * that keeps others waiting.
   */
  async end(...names: readonly string[]): Promise<void> {
    this.steps.open();
    const kept = this.#claims.filter(({ how }) => how === 'hang' || how === 'share');
    for (const claim of kept) if (claim.how === 'share') await claim.downgrade();
    await this.#finish(this.#claims.filter((claim) => !kept.includes(claim)));
    await this.#finish(kept);
    for (const node of this.#sim.nodes) {
      if (!node.isUp) continue;
      const last = node.peer.acquire(names, { timeout: endMs }).then((lock) => lock.release());
      await last.catch((error: unknown) => {
        if (!(error instanceof NoQuorumError)) throw error;
      });
    }
  }

  async #finish(claims: readonly Claim[]): Promise<void> {
    for (const claim of claims) claim.finish();
    await this.#sim.until(() => claims.every(({ isOver }) => isOver), {
      timeout: endMs,
      what: 'every claim is answered',
    });
  }
}
