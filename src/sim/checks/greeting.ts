/**
 * What passes on a new link, and in what order (rules 3.1, 3.2, 3.4): frames without a gap; HELLO,
 * and nothing else before the other's HELLO was heard; then to a voter LIVE, all rounds, the
 * committed ones first, and to one in recovery SETTLED, after all that there was to tell.
 *
 * The order is looked at where it can matter: where the other was linked before, and but for LIVE
 * where it has restarted since, and may have forgotten votes.
 */

import type { PeerId, RoundNumber } from '../../protocol/ids.ts';
import type { Message, Prepare } from '../../protocol/message.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim, CoreView, LinkView } from './core-view.ts';
import { mayFollow } from './kept-round.ts';
import { describeClaim, describeCore } from './wording.ts';

/** What one end has said on a link. */
interface Said {
  /** Whether this core was linked with that peer before. */
  readonly isAgain: boolean;
  /** Whether that was another incarnation of it. */
  readonly isRestarted: boolean;
  /** The latest message but for HELLO. */
  last: Message['type'] | null;
  hasGreeted: boolean;
  /** Rounds that were open when the other's HELLO came, and were told since. */
  readonly told: Set<RoundNumber>;
  /** Whether one of them was told that is not committed. */
  hasToldUndecided: boolean;
}

export class Greeting extends BookChecker {
  readonly name = 'greeting';
  readonly #said = new WeakMap<LinkView, Said>();
  /** By core: the incarnation of each peer that it was linked with last. */
  readonly #met = new WeakMap<CoreView, Map<string, number>>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.linked.push((core, link) => this.#onLinked(core, link));
    books.said.push((core, link, message) => this.#onSaid(core, link, message));
    books.skipped.push((core, link, sequence) => {
      this.#object(core, link, `has taken frame ${sequence}, which is not the next`);
    });
  }

  #onLinked(core: CoreView, link: LinkView): void {
    const met = this.#met.get(core) ?? new Map<string, number>();
    this.#met.set(core, met);
    const before = met.get(link.peer);
    met.set(link.peer, link.incarnation);
    const isAgain = before !== undefined;
    const isRestarted = isAgain && before !== link.incarnation;
    const nothing = {
      last: null,
      hasGreeted: false,
      hasToldUndecided: false,
      told: new Set<RoundNumber>(),
    };
    this.#said.set(link, { isAgain, isRestarted, ...nothing });
  }

  #onSaid(core: CoreView, link: LinkView, message: Message): void {
    const said = this.#said.get(link);
    if (said === undefined) return;
    if (message.type === 'hello') {
      if (said.hasGreeted) this.#object(core, link, 'says HELLO twice');
      said.hasGreeted = true;
      return;
    }
    const { type } = message;
    if (!said.hasGreeted) this.#object(core, link, `says ${type} before HELLO`);
    if (said.isRestarted && link.greetedIn > core.steps) {
      this.#object(core, link, `says ${type} before the other's HELLO`);
    }
    if (link.isVoter && said.isAgain) this.#onSaidToVoter({ core, link, said }, message);
    said.last = type;
  }

  #onSaidToVoter(
    { core, link, said }: { core: CoreView; link: LinkView; said: Said },
    message: Message,
  ): void {
    const { type } = message;
    if (said.last === null && type !== 'live' && core.hasAskedBefore(link.greetedIn)) {
      this.#object(core, link, `says ${type} before LIVE`);
    }
    if (!said.isRestarted) return;
    if (type === 'prepare') this.#onPrepare({ core, link, said }, message);
    // Until a quorum has voted there are rounds, and nobody is told of them.
    if (type !== 'settled' || core.readyIn >= link.greetedIn) return;
    for (const claim of core.claims.values()) {
      if (claim.askedIn >= link.greetedIn || said.told.has(claim.number)) continue;
      if (!decidesOn(claim, link.peer) || mayFollow(claim)) continue;
      this.#object(core, link, `says SETTLED, and has not told of ${describeClaim(claim)}`);
    }
  }

  #onPrepare(
    { core, link, said }: { core: CoreView; link: LinkView; said: Said },
    { round, committed }: Prepare,
  ): void {
    const claim = core.byNumber.get(round);
    if (claim === undefined || claim.askedIn >= link.greetedIn || said.told.has(round)) return;
    said.told.add(round);
    if (!committed) said.hasToldUndecided = true;
    else if (said.hasToldUndecided) {
      this.#object(core, link, `tells of ${describeClaim(claim)}, after others that are undecided`);
    }
  }

  #object(core: CoreView, { peer }: LinkView, what: string): void {
    this.violate(`on its link to ${peer}, ${describeCore(core)} ${what}`);
  }
}

/** Whether a voter is one of those of a claim's names. */
function decidesOn({ asked, core }: Claim, voter: PeerId): boolean {
  return asked.resources.some(({ name }) => core.mesh.votersOf(name).includes(voter));
}
