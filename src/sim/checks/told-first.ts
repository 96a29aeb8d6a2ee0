/**
 * Loss is told first (docs/protocol.md, section 1): before a claim is granted, the older ones in
 * its way that were lost have been told so, unless their process could not run since. And what the
 * core tells, the application is told at once: the lock is not held, and its signal has aborted.
 */

import type { Lock } from '../../peer/lock.ts';
import type { Peer } from '../../peer/peer.ts';
import { type Stamp, stamp } from '../../protocol/ids.ts';
import type { CheckerSetup } from '../checker.ts';
import type { Host } from '../host.ts';
import type { SeenStep } from '../world.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim } from './core-view.ts';
import { describeClaim, describeClocks, msOf } from './wording.ts';

/** A peer, as far as its application is told of losses. */
export interface LossTeller {
  on(event: 'lost', listener: (lock: Lock) => void): unknown;
}

export class ToldFirst extends BookChecker {
  readonly name = 'told-first';
  readonly #tellerOf: (host: Host) => LossTeller | null;
  readonly #listened = new WeakSet<LossTeller>();
  /**
   * Lost as their cores have said, in this turn, of which the application is still to be told: by
   * token, as that is what it sees.
   */
  readonly #untold = new Map<Host, Map<Stamp, Claim>>();

  constructor(
    setup: CheckerSetup,
    books: Books,
    tellerOf: (host: Host) => LossTeller | null = peerOf,
  ) {
    super(setup, books);
    this.#tellerOf = tellerOf;
    books.granted.push((claim) => this.#onGranted(claim));
    books.lost.push((claim) => {
      if (tellerOf(claim.core.host) !== null) this.#expect(claim);
    });
  }

  override onStep(seen: SeenStep): void {
    super.onStep(seen);
    const { input } = seen.step;
    if (this.#untold.size === 0 || input.type !== 'release') return;
    // Its holder let it go in the same turn, before it could be told.
    const untold = this.#untold.get(seen.host);
    for (const [token, claim] of untold ?? nothing) {
      const isSame = claim.core.core === seen.core && claim.asked.claim === input.claim;
      if (isSame) untold?.delete(token);
    }
  }

  onTurn(): void {
    this.books.onTurn();
    if (this.#untold.size === 0) return;
    for (const untold of this.#untold.values()) {
      for (const claim of untold.values()) {
        if (!claim.core.process.isAlive) continue;
        this.violate(`${describeClaim(claim)}, was lost, and its application was not told`);
      }
    }
    this.#untold.clear();
  }

  #onGranted(claim: Claim): void {
    this.#listenAt(claim.core.host);
    for (const rival of this.books.claims.rivals(claim, 'held')) {
      // That would be worse, and is looked for elsewhere.
      if (rival.core.core.holds(rival.asked.claim)) continue;
      const { host, hamperedUs, steppedUs } = rival.core;
      if (hamperedUs >= steppedUs || !host.machine.isPrompt) continue;
      this.violate(
        `${describeClaim(claim)}; before it, ${describeClaim(rival)}, was lost and not told so, ` +
          `though its process has run ever since it last stepped, at ${msOf(steppedUs)} ms ` +
          `(${describeClocks(host)})`,
      );
    }
  }

  #listenAt(host: Host): void {
    const teller = this.#tellerOf(host);
    if (teller === null || this.#listened.has(teller)) return;
    this.#listened.add(teller);
    teller.on('lost', (lock) => this.#onTold(host, lock));
  }

  #onTold(host: Host, lock: Lock): void {
    const untold = this.#untold.get(host);
    const token = stamp(lock.token);
    const claim = untold?.get(token);
    if (claim === undefined) return;
    untold?.delete(token);
    if (!lock.held && lock.signal.aborted) return;
    const odd = lock.held ? 'its lock still says that it is held' : 'its signal has not aborted';
    this.violate(`${describeClaim(claim)}, was lost, and its application told so, but ${odd}`);
  }

  #expect(claim: Claim): void {
    const { core, grant } = claim;
    if (grant === null) return;
    const untold = this.#untold.get(core.host) ?? new Map();
    this.#untold.set(core.host, untold.set(grant.token, claim));
  }
}

const nothing: ReadonlyMap<Stamp, Claim> = new Map();

function peerOf(host: Host): Peer | null {
  return host.peer;
}
