/**
 * Reads each step of each core once, keeps account of what follows from it, and tells those who
 * check or count. It sees inputs and outputs, and nothing of the inside of a core.
 *
 *     step ─▶ time passes ─▶ input ─▶ outputs, in order
 *                 └────────────┴─────────┴──▶ told to whoever listens for it
 */

import type { WatchedCore } from '../../peer/runtime.ts';
import type { TimeMs } from '../../protocol/ids.ts';
import type { Acquire, FrameArrived, Input, LinkUp } from '../../protocol/input.ts';
import type { Message } from '../../protocol/message.ts';
import type { Failed, Granted, Lost, Output, SendFrame } from '../../protocol/output.ts';
import type { Host } from '../host.ts';
import type { Observer, SeenStep, World } from '../world.ts';
import { BookTopics } from './book-topics.ts';
import { ClaimIndex, othersThan } from './claim-index.ts';
import { type Claim, CoreView, type LinkView } from './core-view.ts';
import { type Decided, foresee, noteSupport, noteSupportBefore, roundOf } from './decided.ts';
import { hear, isUnlinkOf } from './hearing.ts';
import type { KeptSession } from './kept-entry.ts';
import { mayLinger, roundAgainOf } from './kept-round.ts';
import { meshFactsOf } from './mesh-facts.ts';

export class Books extends BookTopics implements Observer {
  readonly world: World;
  readonly claims: ClaimIndex = new ClaimIndex();
  /** The cores that hold something. */
  readonly holders: Set<CoreView> = new Set();
  /** The latest core of each host. */
  readonly present: Map<Host, CoreView> = new Map();
  /** Links that came up, at any core. */
  linkUps = 0;

  readonly #cores = new Map<WatchedCore, CoreView>();
  /** Hosts on which a core has begun. */
  readonly #started = new WeakSet<Host>();
  #last: SeenStep | null = null;
  #core: CoreView | null = null;

  constructor(world: World) {
    super();
    this.world = world;
  }

  /** Takes a step in; further calls with the same one do nothing. */
  onStep(seen: SeenStep): void {
    if (seen === this.#last) return;
    this.#last = seen;
    const core = this.#core?.core === seen.core ? this.#core : this.#coreOf(seen);
    this.#core = core;
    const { input, time, outputs } = seen.step;
    const passedMs = core.pass(time);
    core.looks.pass(passedMs);
    if (core.isVoter) this.#expire(core, time.now);
    const decided = foresee(core, outputs);
    if (decided.size > 0) noteSupport(decided);
    if (input.type === 'frame') this.#hearFrame(core, input, { outputs, decided });
    else this.#take(core, input, outputs);
    if (decided.size > 0) noteSupport(decided);
    for (const output of outputs) this.#carry(core, output);
    core.steppedUs = this.world.kernel.nowUs;
    core.looks.look();
    for (const tell of this.stepped) tell(core, seen);
  }

  /** Looks at holders whose machines do not run as they should. */
  onTurn(): void {
    for (const core of this.holders) {
      if (!core.host.machine.isPrompt) core.hamperedUs = this.world.kernel.nowUs;
    }
  }

  /** A process on a host has ended. */
  onDeath(host: Host): void {
    const core = this.present.get(host);
    if (core?.process.isAlive === false) this.#close(core);
  }

  #coreOf({ host, core, step: { time } }: SeenStep): CoreView {
    const known = this.#cores.get(core);
    if (known !== undefined) return known;
    const before = this.present.get(host);
    if (before !== undefined) this.#close(before);
    const at = { mesh: meshFactsOf(host.options), time, isRestarted: this.#started.has(host) };
    const view = new CoreView(host, core, at);
    this.#started.add(host);
    this.#cores.set(core, view);
    this.present.set(host, view);
    for (const tell of this.begun) tell(view);
    return view;
  }

  #close(core: CoreView): void {
    if (core.isVoter) this.world.effects.count('votes forgotten', core.entries.votedCount());
    for (const tell of this.gone) tell(core);
    for (const claim of core.claims.values()) this.claims.remove(claim);
    core.claims.clear();
    core.held.clear();
    this.holders.delete(core);
    this.#cores.delete(core.core);
    if (this.present.get(core.host) === core) this.present.delete(core.host);
    if (this.#core === core) this.#core = null;
  }

  #expire(core: CoreView, now: TimeMs): void {
    for (const { entries } of core.entries.expire(now)) {
      if (entries.size > 0) this.world.effects.count('leases expired');
    }
  }

  #take(core: CoreView, input: Exclude<Input, FrameArrived>, outputs: readonly Output[]): void {
    switch (input.type) {
      case 'acquire':
        return this.#ask(core, input, roundAgainOf(core, input, outputs));
      case 'release': {
        const claim = core.claims.get(input.claim);
        if (claim === undefined) return;
        this.#end(claim, mayLinger(claim));
        for (const tell of this.released) tell(claim);
        return;
      }
      case 'downgrade': {
        const shared = this.claims.share(core.claims.get(input.claim));
        if (shared !== null) for (const tell of this.shared) tell(shared);
        return;
      }
      case 'link-up':
        return this.#link(core, input);
      case 'link-down':
        core.links.delete(input.peer);
        return;
      default:
    }
  }

  /** @param before whose round it has been granted on at once, if any (rule 8.2) */
  #ask(core: CoreView, asked: Acquire, before: Claim | null): void {
    const endedBefore = this.claims.endedOn(asked.resources);
    const account = { messages: 0, allowed: 0, endedBefore, linkUpsBefore: this.linkUps };
    const claim: Claim = {
      core,
      asked,
      number: before?.number ?? core.nextNumber(),
      askedIn: core.steps,
      state: 'waiting',
      grant: null,
      validForMs: 0,
      overdueMs: Number.NEGATIVE_INFINITY,
      isToldOf: false,
      before,
      supporters: before?.supporters ?? none,
      account,
    };
    core.claims.set(asked.claim, claim);
    core.open(claim);
    this.claims.add(claim);
    for (const tell of this.asked) tell(claim);
  }

  #end(claim: Claim, lingers: boolean = false): void {
    const { core, grant } = claim;
    this.claims.remove(claim);
    core.claims.delete(claim.asked.claim);
    core.close(claim, lingers);
    core.votes.end(roundOf(claim), grant?.token ?? null);
    core.held.delete(claim);
    if (core.held.size === 0) this.holders.delete(core);
  }

  #link(core: CoreView, { peer, incarnation }: LinkUp): void {
    this.linkUps += 1;
    const link: LinkView = {
      peer,
      incarnation,
      isVoter: core.mesh.voters.includes(peer),
      session: core.isVoter ? core.entries.link(peer, incarnation, core.time.now) : null,
      tenure: null,
      recovers: false,
      ...{ sentAt: core.time.now, sequence: 0, greetedIn: Number.POSITIVE_INFINITY },
      ...{ asked: new Set(), unanswered: new Map() },
    };
    core.links.set(peer, link);
    for (const tell of this.linked) tell(core, link);
  }

  #hearFrame(
    core: CoreView,
    { peer, frame }: FrameArrived,
    { outputs, decided }: { outputs: readonly Output[]; decided: Decided },
  ): void {
    const link = core.links.get(peer);
    // Of no use, or late: it was not taken in.
    if (link === undefined || outputs.some((each) => isUnlinkOf(each, peer))) return;
    if (link.session !== null) core.entries.renew(link.session, core.time.now);
    core.seeClock(frame.clock);
    if (frame.sequence !== link.sequence + 1) {
      for (const tell of this.skipped) tell(core, link, frame.sequence);
    }
    link.sequence = frame.sequence;
    const [first] = frame.messages;
    if (first?.type === 'hello') {
      if (link.isVoter) link.tenure = core.votes.greet(peer, first);
      link.recovers = first.recovering;
      link.greetedIn = core.steps;
    }
    if (link.tenure !== null) core.votes.echo(link.tenure, frame.echo);
    if (decided.size > 0) noteSupport(decided);
    for (const message of frame.messages) {
      if (decided.size > 0) noteSupportBefore(message, core, decided);
      hear(core, link, message);
      for (const tell of this.heard) tell(core, link, message);
    }
  }

  #carry(core: CoreView, output: Output): void {
    switch (output.type) {
      case 'frame':
        return this.#say(core, output);
      case 'granted':
      case 'failed':
      case 'lost':
        return this.#answer(core, output);
      case 'unlink':
        core.links.delete(output.peer);
        if (output.reason === 'silent') this.world.effects.count('links closed as silent');
        for (const tell of this.unlinked) tell(core, output);
        return;
      case 'quorum':
        if (output.present) core.readyIn = Math.min(core.readyIn, core.steps);
        break;
      case 'voter':
        if (output.voter === core.core.peer) core.toldOfItself(output.state);
        break;
      default:
    }
    for (const tell of this.told) tell(core, output);
  }

  #answer(core: CoreView, output: Granted | Failed | Lost): void {
    const claim = core.claims.get(output.claim);
    if (claim === undefined || (claim.state === 'held') !== (output.type === 'lost')) {
      for (const tell of this.unasked) tell(core, output);
      return;
    }
    if (output.type === 'granted') {
      core.giveRound(claim, output.round);
      this.claims.grant(claim);
      claim.state = 'held';
      claim.grant = { token: output.token, atUs: this.world.kernel.nowUs, time: core.time };
      core.votes.hold(claim.number);
      core.held.add(claim);
      core.looks.add(claim);
      this.holders.add(core);
      for (const tell of this.granted) tell(claim, output);
      for (const other of othersThan(claim)) {
        this.#end(other);
        for (const tell of this.released) tell(other);
      }
      return;
    }
    this.#end(claim);
    if (output.type === 'lost') {
      if (output.reason === 'lease') core.looks.lookAtAll();
      for (const tell of this.lost) tell(claim, output);
    } else {
      if (output.failure.reason === 'claims-max') core.takeBackNumber();
      for (const tell of this.failed) tell(claim, output);
    }
  }

  #say(core: CoreView, { to, frame }: SendFrame): void {
    const link = core.links.get(to);
    core.seeClock(frame.clock);
    // Its stamp is what its lease clock shows.
    if (frame.stamp > core.leaseMs) core.leaseMs = frame.stamp;
    if (link === undefined) return;
    if (frame.messages.length === 0) for (const tell of this.keptAlive) tell(core, link);
    link.sentAt = core.time.now;
    for (const message of frame.messages) {
      if (link.session !== null) this.#answerOther(core, link.session, message);
      core.noteSaid(link.peer, message);
      for (const tell of this.said) tell(core, link, message);
    }
  }

  /** What a voter says of an entry. */
  #answerOther(core: CoreView, session: KeptSession, message: Message): void {
    if (message.type === 'queued') core.entries.queue(session, message);
    if (message.type === 'refuse') core.entries.refuse(session, message);
    if (message.type !== 'vote') return;
    const entry = session.entries.get(message.round);
    if (entry === undefined) return;
    const before = core.entries.vote(entry, message);
    if (before === null) return;
    for (const tell of this.voted) tell(core, entry, before);
  }
}

const none: readonly never[] = Object.freeze([]);
