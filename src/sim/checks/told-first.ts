/**
 * Loss is told first (docs/protocol.md, section 1): before a claim is granted, the older ones in
 * its way that were lost have been told so, unless their process could not run since. And what the
 * core tells, the application is told at once: the lock is not held, and its signal has aborted.
 */

import type { Lock } from '../../peer/lock.ts';
import type { Peer } from '../../peer/peer.ts';
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
  /** Lost as their cores have said, in this turn, of which the application is still to be told. */
  readonly #untold = new Set<Claim>();

  constructor(
    setup: CheckerSetup,
    books: Books,
    tellerOf: (host: Host) => LossTeller | null = peerOf,
  ) {
    super(setup, books);
    this.#tellerOf = tellerOf;
    books.granted.push((claim) => this.#onGranted(claim));
    books.lost.push((claim) => {
      if (tellerOf(claim.core.host) !== null) this.#untold.add(claim);
    });
  }

  override onStep(seen: SeenStep): void {
    super.onStep(seen);
    const { input } = seen.step;
    if (this.#untold.size === 0 || input.type !== 'release') return;
    // Its holder let it go in the same turn, before it could be told.
    for (const claim of this.#untold) {
      const isSame = claim.core.core === seen.core && claim.asked.claim === input.claim;
      if (isSame) this.#untold.delete(claim);
    }
  }

  onTurn(): void {
    this.books.onTurn();
    if (this.#untold.size === 0) return;
    for (const claim of this.#untold) {
      if (!claim.core.process.isAlive) continue;
      this.violate(`${describeClaim(claim)}, was lost, and its application was not told`);
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
    for (const claim of this.#untold) {
      if (claim.core.host !== host || claim.grant?.token !== lock.token) continue;
      this.#untold.delete(claim);
      if (!lock.held && lock.signal.aborted) continue;
      const odd = lock.held ? 'its lock still says that it is held' : 'its signal has not aborted';
      this.violate(`${describeClaim(claim)}, was lost, and its application told so, but ${odd}`);
    }
  }
}

function peerOf(host: Host): Peer | null {
  return host.peer;
}
