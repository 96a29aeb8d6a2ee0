/**
 * Whatever can grow is bounded: what a core keeps, by its limits; what a vote waits for, by the
 * look-ahead; frames that only renew leases, by the time between two; and what happens at one
 * instant of true time, by reason.
 */

import type { NodeSizes } from '../../protocol/node.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { CoreView, LinkView } from './core-view.ts';
import { describeCore } from './wording.ts';

/** At every so many steps the sizes of the core that steps are looked at. */
const lookSteps = 64;

/** Steps at one instant of true time: more than any burst, and so a circle. */
const stepsAtOnceMax = 500_000;

export class Bounds extends BookChecker {
  readonly name = 'bounds';
  #steps = 0;
  #instantUs = -1;
  #stepsAtOnce = 0;

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.stepped.push((core) => this.#onStepped(core));
    books.keptAlive.push((core, link) => this.#onKeptAlive(core, link));
    books.said.push((core, link, message) => {
      if (message.type !== 'vote' || message.after.length <= core.mesh.limits.lookAhead) return;
      const after = `a vote after ${message.after.length} rounds`;
      const { lookAhead } = core.mesh.limits;
      this.violate(`${describeCore(core)} casts ${after} for ${link.peer}, at most ${lookAhead}`);
    });
  }

  #onStepped(core: CoreView): void {
    const { nowUs } = this.books.world.kernel;
    if (nowUs !== this.#instantUs) {
      this.#instantUs = nowUs;
      this.#stepsAtOnce = 0;
    }
    this.#stepsAtOnce += 1;
    if (this.#stepsAtOnce === stepsAtOnceMax) {
      this.violate(`${stepsAtOnceMax} steps at one instant, the last by ${describeCore(core)}`);
    }
    this.#steps += 1;
    if (this.#steps % lookSteps === 0) this.#checkSizes(core, core.core.sizes);
  }

  #checkSizes(core: CoreView, sizes: NodeSizes): void {
    const { entries, tracked, rounds, endings, awaiting } = sizes;
    const { limits, voters } = core.mesh;
    this.#check(core, 'rounds', { size: rounds, most: limits.claimsMax });
    this.#check(core, 'endings', { size: endings, most: limits.endingsMax });
    this.#check(core, 'ended tokens', { size: tracked, most: limits.idleResourcesMax });
    const awaitingMost = rounds * voters.length * limits.lookAhead;
    this.#check(core, 'endings awaited', { size: awaiting, most: awaitingMost });
    if (entries <= limits.entriesMax) return;
    // What is committed is kept whether or not there is room.
    const committed = core.entries.committedCount() + core.held.size;
    this.#check(core, 'entries', { size: entries, most: limits.entriesMax + committed });
  }

  #check(core: CoreView, what: string, { size, most }: { size: number; most: number }): void {
    if (size <= most) return;
    this.violate(`${describeCore(core)} keeps ${size} ${what}, at most ${most}`);
  }

  /** Rule 6.2: one is sent when nothing else was for a fifth of a lease. */
  #onKeptAlive(core: CoreView, { peer, sentAt }: LinkView): void {
    const silentMs = core.time.now - sentAt;
    const dueMs = Math.floor(core.mesh.leaseMs / 5);
    if (silentMs >= dueMs) return;
    const who = `${describeCore(core)} sends an empty frame to ${peer}`;
    this.violate(`${who} ${silentMs} ms after the last, due after ${dueMs}`);
  }
}
