/**
 * What a campaign must witness at least once, or it has shown less than it seems to: each goal
 * names a situation for which the protocol has a rule.
 */

import type { Message, Prepare } from '../protocol/message.ts';
import type { Failure, LeaderView, Looked, Lost } from '../protocol/output.ts';
import { Books } from './checks/books.ts';
import type { Claim, CoreView, LinkView } from './checks/core-view.ts';
import { goalsOfDeadlock } from './deadlock-goals.ts';
import type { Effect } from './effects.ts';
import type { Observer, SeenStep, World } from './world.ts';

/** All goals, sorted. */
export const goalNames = [
  'a claim failed as overloaded',
  'a claim failed for want of a quorum',
  'a claim of several names was granted',
  'a claim timed out',
  'a claim was given up by its caller',
  'a claim was granted',
  'a claim was granted after it had waited for a holder',
  'a claim was granted on the round that it had followed',
  'a claim was granted to a peer that does not vote',
  'a claim was granted to a peer whose voter was in recovery',
  'a claim was granted while a holder that had lost it stood still',
  'a claim was granted while another waited',
  'a claim was lost by its lease',
  'a claim was lost by its longest hold',
  'a claim was lost to one that steals',
  'a deadlock across voters and members was broken',
  'a deadlock of three or more was broken',
  'a deadlock of two was broken',
  'a deadlock through one who held nothing was broken',
  'a deadlock with shared holders was broken',
  'a held claim gained a vote',
  'a held claim was told to a voter in recovery',
  'a holder shared what it had held alone',
  'a holder was told that others want its lock',
  'a holder went on after its lease and found it lost',
  'a leader lost its lock',
  'a lingering lock was granted again',
  'a lingering lock was let go for another',
  'a link was closed as silent',
  'a link was closed for a gap in its frames',
  'a look found a voter that could not answer',
  'a look found one that holds and one that waits',
  'a look was answered by all',
  'a mark was made durable',
  'a misfit was refused',
  'a peer restarted with its state file',
  'a peer started anew since a newer incarnation of it was known',
  'a peer was elected',
  'a question came too late to be answered',
  'a quorum came back',
  'a quorum was lost',
  'a second process with one id was refused',
  'a session expired with entries in it',
  'a shared claim was held by two at once',
  'a token was raised',
  'a try found it taken',
  'a try was granted',
  'a vote waited for another round',
  'a vote was given back',
  'a voter forgot votes',
  'a voter has no room for an entry',
  'a voter kept entries of an older incarnation',
  'a voter left recovery after a lease',
  'a voter left recovery when all had settled',
  'a voter was asked while it was in recovery',
  'an entry stood too far back for a vote',
  'an entry was ended by not being named',
  'another peer was seen to lead',
  'nobody was seen to lead any more',
] as const;

export type Goal = (typeof goalNames)[number];

/** Goals that an effect shows. */
const byEffect: Readonly<Partial<Record<Goal, Effect>>> = {
  'a link was closed as silent': 'links closed as silent',
  'a misfit was refused': 'peers refused for their options',
  'a second process with one id was refused': 'duplicates refused',
  'a session expired with entries in it': 'leases expired',
};

const byFailure: Readonly<Partial<Record<Failure['reason'], Goal>>> = {
  busy: 'a try found it taken',
  'no-quorum': 'a claim failed for want of a quorum',
  overloaded: 'a claim failed as overloaded',
  timeout: 'a claim timed out',
};

export class Goals implements Observer {
  readonly #world: World;
  readonly #books: Books;
  readonly #counts = new Map<Goal, number>();
  /** Waiting claims that found a holder. */
  readonly #behind = new WeakSet<Claim>();
  /** Cores that have lost a quorum. */
  readonly #bereft = new WeakSet<CoreView>();

  constructor(world: World, books: Books = new Books(world)) {
    this.#world = world;
    this.#books = books;
    books.begun.push(({ host, isRestarted }) => {
      if (isRestarted && host.disk !== null) this.#reach('a peer restarted with its state file');
    });
    books.gone.push((core) => this.#onGone(core));
    books.asked.push((claim) => {
      if (isAny(books.claims.rivals(claim, 'held'))) this.#behind.add(claim);
    });
    books.granted.push((claim) => this.#onGranted(claim));
    books.failed.push((_claim, { failure }) => {
      const goal = byFailure[failure.reason];
      if (goal !== undefined) this.#reach(goal);
      if (failure.reason !== 'deadlock') return;
      for (const each of goalsOfDeadlock(failure.cycle, books)) this.#reach(each);
    });
    books.lost.push((claim, { reason }) => this.#onLost(claim, reason));
    books.released.push(({ state }) => {
      if (state === 'waiting') this.#reach('a claim was given up by its caller');
    });
    books.linked.push((core, { session }) => {
      if (session === null || !core.entries.hasOlder(session)) return;
      this.#reach('a voter kept entries of an older incarnation');
    });
    books.unlinked.push((_core, { reason }) => {
      if (reason === 'sequence') this.#reach('a link was closed for a gap in its frames');
    });
    books.heard.push((core, link, message) => this.#onHeard(core, link, message));
    books.stepped.push((_core, { step: { input } }) => {
      if (input.type === 'downgrade') this.#reach('a holder shared what it had held alone');
    });
    books.said.push((core, _link, message) => this.#onSaid(core, message));
    books.told.push((core, output) => {
      if (output.type === 'leader') this.#onLeader(core, output.leader);
      if (output.type === 'wanted') this.#reach('a holder was told that others want its lock');
      if (output.type === 'quorum') this.#onQuorum(core, output.present);
      if (output.type === 'looked') this.#onLooked(output);
      if (output.type === 'voter' && output.voter === core.core.peer) this.#onVoter(core);
    });
  }

  onStep(seen: SeenStep): void {
    this.#books.onStep(seen);
    if (seen.step.input.type === 'persisted') this.#reach('a mark was made durable');
  }

  /** How often a goal was reached. */
  countOf(goal: Goal): number {
    const effect = byEffect[goal];
    const shown = effect === undefined ? 0 : this.#world.effects.of(effect);
    return shown + (this.#counts.get(goal) ?? 0);
  }

  /** The goals that were reached, sorted. */
  witnessed(): readonly Goal[] {
    return goalNames.filter((goal) => this.countOf(goal) > 0);
  }

  #reach(goal: Goal): void {
    this.#counts.set(goal, (this.#counts.get(goal) ?? 0) + 1);
  }

  #onGone(core: CoreView): void {
    if (core.entries.votedCount() > 0) this.#reach('a voter forgot votes');
    if (!core.process.isAlive) return;
    this.#reach('a peer started anew since a newer incarnation of it was known');
  }

  #onGranted(claim: Claim): void {
    const { core, asked } = claim;
    const { claims } = this.#books;
    this.#reach('a claim was granted');
    if (asked.value !== null) this.#reach('a peer was elected');
    if (asked.patience === 'try') this.#reach('a try was granted');
    if (claim.before !== null) {
      const hasFollowed = claim.askedIn < core.steps;
      if (hasFollowed) this.#reach('a claim was granted on the round that it had followed');
      else this.#reach('a lingering lock was granted again');
    }
    if (asked.resources.length > 1) this.#reach('a claim of several names was granted');
    if (claims.isShared(claim)) this.#reach('a shared claim was held by two at once');
    if (isAny(claims.rivals(claim, 'waiting'))) {
      this.#reach('a claim was granted while another waited');
    }
    if (this.#behind.has(claim)) {
      this.#reach('a claim was granted after it had waited for a holder');
    }
    if (!core.isVoter) this.#reach('a claim was granted to a peer that does not vote');
    else if (!core.mayVote)
      this.#reach('a claim was granted to a peer whose voter was in recovery');
    if (isAny(claims.rivals(claim, 'held'), ({ core: { host } }) => host.machine.isPaused)) {
      this.#reach('a claim was granted while a holder that had lost it stood still');
    }
  }

  #onLost({ core, asked }: Claim, reason: Lost['reason']): void {
    if (asked.value !== null) this.#reach('a leader lost its lock');
    if (reason === 'max-hold') {
      this.#reach('a claim was lost by its longest hold');
      return;
    }
    if (reason === 'stolen') {
      this.#reach('a claim was lost to one that steals');
      return;
    }
    this.#reach('a claim was lost by its lease');
    if (core.hamperedUs < core.steppedUs) return;
    this.#reach('a holder went on after its lease and found it lost');
    this.#world.effects.count('processes paused past their lease');
  }

  #onLooked({ sights, unanswered }: Looked): void {
    if (unanswered.length === 0) this.#reach('a look was answered by all');
    else this.#reach('a look found a voter that could not answer');
    const holders = sights.filter(({ heldForMs }) => heldForMs !== null).length;
    if (holders === 0 || holders === sights.length) return;
    this.#reach('a look found one that holds and one that waits');
  }

  #onLeader(core: CoreView, leader: LeaderView | null): void {
    if (leader === null) this.#reach('nobody was seen to lead any more');
    else if (leader.peer !== core.core.peer) this.#reach('another peer was seen to lead');
  }

  #onVoter(core: CoreView): void {
    if (!core.isVoting) return;
    const { members, voters } = core.mesh;
    const isSettled = !members && core.settled.size >= voters.length - 1;
    if (isSettled) this.#reach('a voter left recovery when all had settled');
    else this.#reach('a voter left recovery after a lease');
  }

  #onQuorum(core: CoreView, present: boolean): void {
    if (present) {
      if (this.#bereft.has(core)) this.#reach('a quorum came back');
      return;
    }
    this.#bereft.add(core);
    this.#reach('a quorum was lost');
  }

  #onHeard(core: CoreView, link: LinkView, message: Message): void {
    switch (message.type) {
      case 'prepare':
        if (!core.isVoting && link.session !== null) this.#onAskedInRecovery(message);
        return;
      case 'vote':
        if (core.byNumber.get(message.round)?.state !== 'held') return;
        return this.#reach('a held claim gained a vote');
      case 'contended':
        if (!core.lingering.has(message.round)) return;
        return this.#reach('a lingering lock was let go for another');
      case 'inquire':
        if (core.byNumber.get(message.round)?.state === 'waiting') return;
        return this.#reach('a question came too late to be answered');
      case 'live':
        if (core.entries.endedByLive === 0) return;
        return this.#reach('an entry was ended by not being named');
      default:
    }
  }

  #onAskedInRecovery({ committed }: Prepare): void {
    this.#reach('a voter was asked while it was in recovery');
    if (committed) this.#reach('a held claim was told to a voter in recovery');
  }

  #onSaid(core: CoreView, message: Message): void {
    switch (message.type) {
      case 'prepare':
        if (message.token !== message.ticket && !message.lingers) this.#reach('a token was raised');
        return;
      case 'vote':
        if (message.after.length > 0) this.#reach('a vote waited for another round');
        return;
      case 'yield':
        return this.#reach('a vote was given back');
      case 'queued':
        if (!core.isVoting || message.ahead <= core.mesh.limits.lookAhead) return;
        return this.#reach('an entry stood too far back for a vote');
      case 'refuse':
        if (message.reason === 'overloaded') this.#reach('a voter has no room for an entry');
        return;
      default:
    }
  }
}

/** Whether there is one at all, or one of these: no more are looked at than need be. */
function isAny(
  claims: Iterable<Claim>,
  isOfThese: (claim: Claim) => boolean = () => true,
): boolean {
  for (const claim of claims) if (isOfThese(claim)) return true;
  return false;
}
