/**
 * When all faults are over and all claims have ended, nothing is left over: no entries, rounds or
 * waiting at any core, one timer for each process, one connection for each pair; and all agree on
 * who votes.
 */

import type { PeerId } from '../../protocol/ids.ts';
import type { CheckerSetup } from '../checker.ts';
import type { Host } from '../host.ts';
import type { World } from '../world.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { CoreView } from './core-view.ts';
import { describeClaim, describeCore } from './wording.ts';

export class AtRest extends BookChecker {
  readonly name = 'rest';
  readonly #world: World;
  /** By core: when it last gave up its link to a peer for silence, in true time. */
  readonly #silent = new WeakMap<CoreView, Map<PeerId, number>>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    this.#world = setup.world;
    books.unlinked.push((core, { peer, reason }) => {
      if (reason !== 'silent') return;
      const silent = this.#silent.get(core) ?? new Map<PeerId, number>();
      this.#silent.set(core, silent.set(peer, this.#world.nowMs));
    });
  }

  atRest(): void {
    const cores: CoreView[] = [];
    for (const host of this.#world.hosts.values()) {
      const core = this.books.present.get(host);
      if (!host.isUp || core === undefined) continue;
      cores.push(core);
      this.#checkSizes(core);
      this.#checkProcess(host);
    }
    this.#checkLinks(cores);
  }

  #checkSizes(core: CoreView): void {
    const { entries, rounds, awaiting } = core.core.sizes;
    const left = Object.entries({ entries, rounds, awaiting }).filter(([, count]) => count > 0);
    for (const [what, count] of left) {
      this.violate(`at rest, ${describeCore(core)} keeps ${count} ${what}`);
    }
    for (const claim of core.claims.values()) {
      const is = claim.state === 'held' ? 'is held' : 'waits';
      this.violate(`at rest, ${describeClaim(claim)}, still ${is}`);
    }
  }

  #checkProcess(host: Host): void {
    const { timerCount } = host.process;
    if (timerCount > 1) this.violate(`at rest, ${host.name} has ${timerCount} timers set`);
    const status = host.peer?.status();
    if (status === undefined || status.held + status.pending === 0) return;
    const { held, pending } = status;
    this.violate(`at rest, the peer of ${host.name} says: ${held} held, ${pending} pending`);
  }

  /** What one end takes for a link the other does, too; and nothing else is connected. */
  #checkLinks(cores: readonly CoreView[]): void {
    let links = 0;
    let isComplete = true;
    for (const core of cores) {
      if (core.isVoter && !core.isVoting) {
        this.violate(`at rest, ${describeCore(core)} does not vote`);
      }
      for (const other of cores) {
        if (other === core || !(core.isVoter || other.isVoter)) continue;
        if (this.#isLinked(core, other)) links += 1;
        else isComplete = false;
      }
    }
    const { openCount } = this.#world.network;
    // Where a pair is not linked, it may be trying to.
    if (openCount === links / 2 || (openCount > links / 2 && !isComplete)) return;
    this.violate(`at rest, ${openCount} connections stand between ${links / 2} linked pairs`);
  }

  #isLinked(core: CoreView, other: CoreView): boolean {
    const link = core.links.get(other.core.peer);
    // Nothing has been heard on it: it is only just being made.
    if (link === undefined || link.greetedIn > core.steps) return false;
    if (!other.links.has(core.core.peer) && this.#hasJustLeft(other, core)) return false;
    const who = `at rest, ${describeCore(core)}`;
    if (link.incarnation !== other.core.incarnation) {
      this.violate(`${who} is linked with an older incarnation of ${describeCore(other)}`);
    } else if (link.recovers) {
      this.violate(`${who} believes ${describeCore(other)} to be in recovery`);
    } else if (!other.links.has(core.core.peer)) {
      this.violate(`${who} believes to be linked with ${describeCore(other)}, which is not`);
    }
    return true;
  }

  /**
   * Whether it has given up its link to another for silence so lately that the other end need not
   * have seen it yet: where messages take as long as a tenth of a lease, a pair may be silent for
   * half of one now and then, though nothing is wrong.
   */
  #hasJustLeft(core: CoreView, other: CoreView): boolean {
    const leftAtMs = this.#silent.get(core)?.get(other.core.peer);
    return leftAtMs !== undefined && this.#world.nowMs - leftAtMs < core.mesh.leaseMs / 4;
  }
}
