/**
 * What the applications of a mesh do about elections in a run: they campaign and lead, run what is
 * to run always, and look who leads. Those who watch are told of it all.
 */

import type { Election, Leader } from '../peer/election.ts';
import type { Lock } from '../peer/lock.ts';
import type { Peer } from '../peer/peer.ts';
import type { Claim } from './client-claim.ts';
import type { Host } from './host.ts';
import type { Operation } from './plan.ts';
import type { World } from './world.ts';

/** One time of leading, while its work is under way. */
export interface Term {
  readonly claim: Claim;
  readonly process: Host['process'];
  readonly name: string;
  readonly lock: Lock;
  readonly signal: AbortSignal;
}

/** One who looks who leads. */
export interface View {
  readonly host: Host;
  readonly peer: Peer;
  readonly election: Election;
}

/** What a work is given. */
type Given = Pick<Term, 'lock' | 'signal'>;

/** Work up to this is not worth a look at the signal, as in many an application. */
const briefMs = 25;

export class Elections {
  /** Those under way in processes that live. */
  readonly terms: Set<Term> = new Set();
  readonly views: Set<View> = new Set();
  /** A work begins. */
  readonly began: ((term: Term) => void)[] = [];
  /** Somebody sees another lead, or nobody; also at its first look. */
  readonly shown: ((view: View, leader: Leader | null) => void)[] = [];
  readonly #world: World;
  #campaigns = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** The process of a host has ended. */
  onDeath(host: Host): void {
    for (const term of this.terms) if (term.claim.host === host) this.terms.delete(term);
    for (const view of this.views) if (view.host === host) this.views.delete(view);
  }

  /** Begins to look, with what it wants to be known by when it leads. @throws as `peer.elect` */
  look(host: Host, peer: Peer, { name, value }: { name: string; value?: string }): View {
    const election = peer.elect(name, value === undefined ? {} : { value });
    const view = { host, peer, election };
    this.views.add(view);
    const tell = (leader: Leader | null): void => {
      for (const each of this.shown) each(view, leader);
    };
    tell(election.current);
    election.on('change', tell);
    return view;
  }

  async close(view: View): Promise<void> {
    this.views.delete(view);
    await view.election.close();
  }

  /** Observes for its time; for good if that is 0. @throws as `peer.elect` */
  async observe(host: Host, peer: Peer, { names, holdMs }: Operation): Promise<void> {
    const view = this.look(host, peer, { name: names[0] ?? '' });
    if (holdMs === 0) return;
    await sleep(host, holdMs);
    await this.close(view);
  }

  /**
   * Leads, once or several times, for its time in all.
   *
   * @throws as `Election.run`
   */
  async campaign(claim: Claim, peer: Peer, signal?: AbortSignal): Promise<void> {
    const { host, operation } = claim;
    this.#campaigns += 1;
    const value = `${this.#campaigns} of ${host.name}`;
    const view = this.look(host, peer, { name: operation.names[0] ?? '', value });
    const { election } = view;
    let leftMs = operation.holdMs;
    let resigns = operation.patience === 'resign';
    const work = async (given: Given): Promise<void> => {
      const resigned = resigns ? resignAfter(host, election, leftMs >> 1) : null;
      resigns = false;
      leftMs -= await this.#lead(claim, { ...given, forMs: Math.max(0, leftMs) });
      resigned?.cancel();
    };
    try {
      const options = signal === undefined ? {} : { signal };
      await election.run((ends, lock) => work({ signal: ends, lock }), options);
    } finally {
      await this.close(view);
    }
  }

  /** Runs always, until it has run for its time in all, or is to end. @throws `PeerClosedError` */
  async runAlways(claim: Claim, peer: Peer, ends?: AbortSignal): Promise<void> {
    const { host, operation } = claim;
    const [name = ''] = operation.names;
    const half = Math.ceil(operation.holdMs / 2);
    let leftMs = operation.holdMs;
    const over = new AbortController();
    const work = async (given: Given): Promise<void> => {
      leftMs -= await this.#lead(claim, { ...given, forMs: Math.min(leftMs, half) });
      if (leftMs > 0) throw new Error('What runs always fails now and then');
      host.process.sleep(0, () => over.abort());
    };
    const singleton = peer.singleton(name, (signal, lock) => work({ signal, lock }), {
      per: 'always',
    });
    await Promise.race([aborted(over.signal), ...(ends === undefined ? [] : [aborted(ends)])]);
    await singleton.stop();
    ends?.throwIfAborted();
  }

  /** Works for so long, or until it leads no more. @returns for how long, in true time */
  async #lead(
    claim: Claim,
    { lock, signal, forMs }: Given & { readonly forMs: number },
  ): Promise<number> {
    const { host } = claim;
    const startedMs = this.#world.nowMs;
    const term: Term = { claim, process: host.process, name: lock.name, lock, signal };
    claim.state = 'held';
    claim.locks = [lock];
    for (const tell of this.began) tell(term);
    this.terms.add(term);
    await sleep(host, forMs, forMs > briefMs ? signal : undefined);
    this.terms.delete(term);
    // Its lock is released when the work has settled.
    claim.state = 'waiting';
    return Math.ceil(this.#world.nowMs - startedMs);
  }
}

function resignAfter(host: Host, election: Election, ms: number): { cancel(): void } {
  return host.process.sleep(ms, () => void election.resign());
}

/** For so long, or until a signal aborts. */
function sleep(host: Host, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = host.process.sleep(ms, () => resolve());
    signal?.addEventListener('abort', () => {
      timer.cancel();
      resolve();
    });
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
}
