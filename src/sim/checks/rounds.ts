/**
 * A round is granted by the votes of a quorum: effective ones, for the token that it is granted
 * with, of the newest sessions that its coordinator has heard of, and none that was given back
 * (rules 5.2, 5.4, 6.4, 6.5). No round is both granted and aborted; and of one that is released
 * as soon as it is granted, before anything else happens, nobody hears that it was (5.5): so of
 * several alternatives nobody hears of two.
 */

import type { RoundNumber } from '../../protocol/ids.ts';
import type { Message } from '../../protocol/message.ts';
import { Table } from '../../protocol/table.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim, CoreView } from './core-view.ts';
import { hasQuorum } from './decided.ts';
import { describeClaim, describeCore } from './wording.ts';

type Fate = 'granted' | 'aborted';

/** Of how many rounds of a core the fate is remembered. */
const fatesMax = 10_000;

export class Rounds extends BookChecker {
  readonly name = 'rounds';
  readonly #fates = new WeakMap<CoreView, Table<RoundNumber, Fate>>();
  /** Granted in the latest step but for releases, and those of them that were released since. */
  readonly #latest = new WeakMap<CoreView, Map<RoundNumber, 'granted' | 'released'>>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.granted.push((claim) => this.#onGranted(claim));
    books.released.push(({ core, number }) => {
      const latest = this.#latest.get(core);
      if (latest?.has(number) && !core.lingering.has(number)) latest.set(number, 'released');
    });
    books.said.push((core, _link, message) => this.#onSaid(core, message));
    books.stepped.push((core, { step: { input, outputs } }) => {
      if (input.type === 'release') return;
      const granted = outputs.filter((output) => output.type === 'granted');
      const before = this.#latest.get(core);
      if (granted.length === 0 && (before === undefined || before.size === 0)) return;
      // What was released so is told of, or is not, when the turn ends: others may step before.
      const unsaid = input.type === 'flush' ? [] : [...(before ?? [])].filter(isReleased);
      const latest = granted.map(({ round }) => [round, 'granted'] as const);
      this.#latest.set(core, new Map([...unsaid, ...latest]));
    });
  }

  #onGranted(claim: Claim): void {
    const { core, number, supporters, grant } = claim;
    this.#decide(core, number, 'granted');
    if (hasQuorum(claim)) return;
    const own = core.mayVote ? 'its own at best' : 'none of its own';
    const heard = core.votes.describe(number, core.leaseMs);
    this.violate(
      `${describeClaim(claim)}, has ${supporters.length} votes of others and ${own}, where ` +
        `${core.mesh.quorum} decide; heard for token ${grant?.token}: ${heard}`,
    );
  }

  #onSaid(core: CoreView, message: Message): void {
    if (message.type === 'abort') this.#decide(core, message.round, 'aborted');
    if (message.type !== 'commit') return;
    this.#decide(core, message.round, 'granted');
    if (this.#latest.get(core)?.get(message.round) === 'released') {
      const round = `round ${message.round} of ${describeCore(core)}`;
      this.violate(`${round} was released as soon as granted, and COMMIT is said for it`);
    }
    const claim = core.byNumber.get(message.round);
    if (claim?.state !== 'waiting') return;
    this.violate(`${describeClaim(claim)}, has not been granted, and COMMIT is said for it`);
  }

  #decide(core: CoreView, number: RoundNumber, fate: Fate): void {
    let fates = this.#fates.get(core);
    if (fates === undefined) {
      fates = new Table();
      this.#fates.set(core, fates);
    }
    const before = fates.get(number);
    if (before === fate) return;
    if (before !== undefined) {
      this.violate(`round ${number} of ${describeCore(core)} was ${before}, and is now ${fate}`);
    }
    fates.set(number, fate);
    const oldest = fates.size > fatesMax ? fates.firstKey() : undefined;
    if (oldest !== undefined) fates.delete(oldest);
  }
}

function isReleased([, fate]: readonly [RoundNumber, 'granted' | 'released']): boolean {
  return fate === 'released';
}
