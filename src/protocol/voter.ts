/**
 * The voter: keeps entries for rounds, and votes for each once those ahead of it have ended
 * (docs/protocol.md, sections 4, 6 and 7). It is told which session speaks; it answers through
 * `post`.
 *
 *            PREPARE                 its turn          ranked
 *     (none) ───────▶ recorded: queued ───────▶ voted: after, floor
 *                        │   ▲                      │   ▲
 *                        │   └──────── YIELD ───────┘   └── again when after, floor or token change
 *                        ▼
 *     (none): ABORT · RELEASE · session expired · LIVE does not name it · held too long
 */

import { assert } from './assert.ts';
import { conflicts, isBefore, isExclusive } from './claim.ts';
import { greater, noStamp } from './clock.ts';
import { isContended, untoldAhead } from './contended.ts';
import { DurableMark, type DurableMarkSnapshot } from './durable-mark.ts';
import { Entry, type EntrySnapshot } from './entry.ts';
import { HeldAhead, waitsForHeld } from './held-ahead.ts';
import {
  type Generation,
  generation,
  later,
  type PeerId,
  type RoundId,
  type RoundNumber,
  type SessionNumber,
  type Stamp,
  type TimeMs,
  timeMs,
} from './ids.ts';
import type { Observe } from './leading.ts';
import { leadSlackMs } from './lease-clock.ts';
import { inListOrder, isRanked } from './list-order.ts';
import type {
  Abort,
  Commit,
  Holder,
  Live,
  Look,
  Prepare,
  Release,
  VoterMessage,
  Yield,
} from './message.ts';
import { Observers, type ObserversSnapshot } from './observers.ts';
import type { NodeOptions } from './options.ts';
import type { Hop, Probe } from './pursuit.ts';
import { QueueTable, type QueueTableSnapshot } from './queue-table.ts';
import { type Sender, Sessions, type SessionsSnapshot } from './sessions.ts';
import { heldFloor, isStealing, thievesBehind, victimsOf } from './stealing.ts';
import { Tries } from './tries.ts';
import { viewsOf } from './views.ts';
import { WaitedFor } from './waited-for.ts';

/**
 * What a voter hands over to be sent: to that incarnation of a peer or to nobody, since another one
 * numbers its own rounds alike (rule 4.9).
 */
export type Answer = (to: Sender, message: VoterMessage) => void;

/** Plain data: moments are relative to the time of the snapshot. */
export interface VoterSnapshot {
  readonly sessions: SessionsSnapshot;
  readonly table: QueueTableSnapshot & { readonly entries: readonly EntrySnapshot[] };
  readonly mark: DurableMarkSnapshot;
  readonly observers: ObserversSnapshot;
  readonly lastGeneration: number;
  readonly recovering: boolean;
}

/** The most holders that an answer names. */
const holdersMax = 8;

const nobody: readonly Sender[] = Object.freeze([]);

const noRounds: readonly RoundId[] = Object.freeze([]);

/** Among how many entries ahead they are looked for: those that hold stand in front. */
const holdersSearchMax = 16;

export class Voter {
  readonly #options: NodeOptions;
  readonly #post: Answer;
  readonly #table: QueueTable;
  readonly #sessions: Sessions;
  readonly #mark: DurableMark;
  readonly #observers: Observers;
  /** Undecided tries with somebody ahead. */
  readonly #tries = new Tries();
  /** Entries that may have come forward. */
  readonly #toReview: Entry[] = [];
  /** Entries that wait for the state file to cover their tokens. */
  readonly #uncovered = new Set<Entry>();
  /** Committed entries that may be held only so long. */
  readonly #bounded = new Set<Entry>();
  /** Never later than the next expiry: a renewal leaves it, the next look mends it. */
  #expiryAt: TimeMs = timeMs(Number.POSITIVE_INFINITY);
  #lastGeneration = 0;
  /** While true, it casts no vote whatever (rule 7.1). */
  #recovering = true;
  constructor(options: NodeOptions, post: Answer) {
    this.#options = options;
    this.#post = post;
    this.#table = new QueueTable(options.limits);
    this.#sessions = new Sessions(options.leaseMs);
    this.#mark = new DurableMark(options.durableMark);
    this.#observers = new Observers(options.limits.electionsMax, post);
  }

  get recovering(): boolean {
    return this.#recovering;
  }

  /** The greatest mark that should be made durable (rule 7.5). */
  get askedMark(): Stamp {
    return this.#mark.asked;
  }

  /** How many entries it keeps. */
  get size(): number {
    return this.#table.size;
  }

  /** How many ended-tokens it keeps for resources without entries. */
  get trackedCount(): number {
    return this.#table.trackedCount;
  }

  get sessionCount(): number {
    return this.#sessions.count;
  }

  /** How many names it tells peers of. */
  get observedCount(): number {
    return this.#observers.size;
  }

  entries(): IterableIterator<Entry> {
    return this.#sessions.entries();
  }

  entryOf(from: Sender, round: RoundNumber): Entry | undefined {
    return this.#sessions.entryOf(from, round);
  }

  /** No session or bounded hold expires before this moment; Infinity when none will. */
  get expiryAt(): TimeMs {
    return this.#expiryAt;
  }

  /** Opens or renews the session of whoever is linked (rule 6.1). */
  openSession(from: Sender, expiresAt: TimeMs): SessionNumber {
    if (expiresAt < this.#expiryAt) this.#expiryAt = expiresAt;
    return this.#sessions.open(from, expiresAt);
  }

  /** A frame has come (rule 6.3). */
  renew(from: Sender, now: TimeMs): void {
    this.#sessions.renew(from, now);
  }

  /** Ends what has expired by now, and returns whose sessions ended (rules 4.6, 6.3). */
  expire(now: TimeMs): readonly Sender[] {
    if (now < this.#expiryAt) return nobody;
    const { senders, entries } = this.#sessions.takeExpired(now);
    for (const held of this.#bounded) {
      if (this.#boundOf(held) > now || entries.includes(held)) continue;
      this.#sessions.entriesOf(held).delete(held.round);
      entries.push(held);
    }
    for (const entry of entries) this.#observers.fall(entry, null);
    const behind = entries.map((entry) => this.#remove(entry, entry.token));
    for (const others of behind) this.#takeBack(others);
    for (const others of behind) this.#review(others, noStamp, now);
    this.#expiryAt = this.#findExpiry();
    return senders;
  }

  /** Rule 4.1. */
  onPrepare(from: Sender, message: Prepare, now: TimeMs): void {
    const known = this.#sessions.entriesOf(from).get(message.round);
    if (known !== undefined) {
      this.#prepareAgain(known, message, now);
      return;
    }
    if (!message.committed && this.#isFull(message)) {
      const holders: Holder[] = [];
      this.#post(from, {
        type: 'refuse',
        round: message.round,
        reason: 'overloaded',
        holders,
      });
      return;
    }
    const entry = new Entry(from, this.#allowed(message));
    this.#sessions.entriesOf(entry).set(entry.round, entry);
    this.#table.add(entry);
    this.#inquireAhead(entry);
    if (message.committed) this.#commit(entry, now);
    else this.#refuseBehind(entry, now);
    this.#tellAhead(entry);
    this.#answer(entry, now);
    this.#watchTry(entry);
  }

  /**
   * Rule 4.4. A generation other than the present one was given back already, and what is held is
   * not given back: ignored.
   */
  onYield(from: Sender, { round, generation: given }: Yield, now: TimeMs): void {
    const entry = this.#sessions.entriesOf(from).get(round);
    if (entry === undefined || entry.generation !== given) return;
    if (entry.committedAt !== null) return;
    const behind = this.#table.unrank(entry);
    entry.said = 'nothing';
    entry.revoked = false;
    this.#takeBack(behind);
    this.#inquireAhead(entry);
    this.#tellAhead(entry);
    this.#review(behind, noStamp, now);
    this.#answer(entry, now);
    this.#watchTry(entry);
    this.#refuseBehind(entry, now);
  }

  /** Rule 4.5. */
  onCommit(from: Sender, { round, token }: Commit, now: TimeMs): void {
    const entry = this.#sessions.entriesOf(from).get(round);
    if (entry === undefined) return;
    if (token > entry.token) {
      entry.token = token;
      if (entry.said === 'voted') entry.said = 'nothing';
    }
    if (entry.contended && entry.lingers) {
      // It is held, and stays no longer than that: tries behind it wait in vain (rule 8.3).
      entry.lingers = false;
      this.#refuseBehind(entry, now);
    }
    // One that others have voted for may get its turn by this.
    if (this.#commit(entry, now)) this.#answer(entry, now);
    this.#review(this.#table.behind(entry), entry.token, now);
  }

  /**
   * Rule 4.6: released, with its last token; or aborted, never granted, so that it bounds nobody.
   */
  onEnd(from: Sender, message: Release | Abort, now: TimeMs): void {
    const entry = this.#sessions.entriesOf(from).get(message.round);
    if (entry === undefined) return;
    const token = message.type === 'release' ? greater(entry.token, message.token) : null;
    this.#review(this.#end(entry, token), token ?? noStamp, now);
  }

  /** Rule 4.6: what LIVE does not name has ended, and may have been held. */
  onLive(from: Sender, message: Live, now: TimeMs): void {
    const live = new Set(message.rounds);
    for (const entry of [...this.#sessions.entriesOf(from).values()]) {
      const spoken = entry.round >= message.first && entry.round <= message.last;
      if (!spoken || live.has(entry.round)) continue;
      const behind = this.#end(entry, entry.token);
      this.#takeBack(behind);
      this.#review(behind, noStamp, now);
    }
  }

  /** Rule 10.5: what it keeps at this moment. */
  onLook(from: Sender, asked: Look, now: TimeMs): void {
    const { name } = asked;
    const entries = name === null ? this.entries() : (this.#table.queueOn(name)?.entries() ?? []);
    for (const view of viewsOf(entries, asked, now)) this.#post(from, view);
  }

  /** Rule 8.7. */
  onObserve(from: Sender, { name, isOn }: Observe): void {
    if (isOn) this.#observers.observe(from, name);
    else this.#observers.unobserve(from, name);
  }

  /** Its link is gone: it says again, on the next, what it observes (rule 8.7). */
  forgetObserver(peer: PeerId): void {
    this.#observers.forget(peer);
  }

  /** Rule 9.2: asks the owners of those that a round waits for to go on. */
  onProbe(from: Sender, { type: _, round, ...pursuit }: Probe): void {
    const entry = this.#sessions.entryOf(from, round);
    if (entry === undefined || entry.committedAt !== null) return;
    const { replicas, voters } = this.#options;
    // Around once more, only the one that was found is looked for (rule 9.4).
    const hop = pursuit.path[pursuit.passed];
    for (const other of new WaitedFor(replicas < voters.length).of(entry)) {
      if (hop !== undefined && !isVia(other, hop)) continue;
      const isShared = other.resources.every(({ mode }) => mode === 'shared');
      this.#post(other, { type: 'chase', round: other.round, isShared, ...pursuit });
    }
  }

  /** The state file covers tokens up to `mark`: votes that waited for it go out (rule 7.5). */
  onPersisted(mark: Stamp, now: TimeMs): void {
    if (!this.#mark.raise(mark)) return;
    const waiting = [...this.#uncovered].sort(inListOrder);
    this.#uncovered.clear();
    for (const entry of waiting) if (entry.said !== 'voted') this.#answer(entry, now);
  }

  /**
   * Nobody counts a forgotten vote any more: it votes for all it has recorded (rules 7.3, 7.5).
   * Only the committed are ranked by now, in the order heard.
   */
  leaveRecovery(floor: Stamp, now: TimeMs): void {
    assert(this.#recovering, 'recovery is left once');
    this.#recovering = false;
    this.#table.raiseFloor(floor);
    for (const entry of this.#inOrder()) {
      this.#answer(entry, now);
      this.#watchTry(entry);
    }
  }

  /** The committed rounds in the way of `entry`, for errors that say who holds. */
  holdersAhead(entry: Entry, now: TimeMs): Holder[] {
    const holders: Holder[] = [];
    for (const other of this.#table.ahead(entry, holdersSearchMax)) {
      if (other.committedAt === null) continue;
      holders.push({ peer: other.peer, heldForMs: Math.max(0, now - other.committedAt) });
      if (holders.length === holdersMax) break;
    }
    return holders;
  }

  /**
   * Always answered, with the outstanding INQUIRE: what was said may have been lost with a link.
   */
  #prepareAgain(entry: Entry, message: Prepare, now: TimeMs): void {
    entry.token = greater(entry.token, message.token);
    entry.said = 'nothing';
    entry.refused = false;
    entry.contended = false;
    entry.revoked = false;
    if (message.committed && isDowngrade(entry, message)) this.#share(entry, now);
    // Held, and no longer than that: tries behind it wait in vain (rule 8.3).
    const goesSurely = entry.lingers && !message.lingers && entry.committedAt !== null;
    entry.lingers = message.lingers;
    if (message.committed) this.#commit(entry, now);
    if (goesSurely) this.#refuseBehind(entry, now);
    this.#tellIfContended(entry);
    this.#tellIfStolen(entry, now);
    this.#tellVictims(entry);
    this.#answer(entry, now);
    this.#watchTry(entry);
    const isAsked = entry.inquired && entry.committedAt === null;
    if (isAsked && this.#table.has(entry)) this.#inquire(entry);
    if (!message.committed || !this.#table.has(entry)) return;
    this.#review(this.#table.behind(entry), entry.token, now);
  }

  /** Rule 8.9. Of those behind it, those that do not conflict with it now need not wait for it. */
  #share(entry: Entry, now: TimeMs): void {
    const behind = this.#table.share(entry);
    this.#takeBack(behind.filter(({ resources }) => !conflicts(resources, entry.resources)));
    this.#review(behind, noStamp, now);
  }

  /** @returns whether it is ranked by this, without a vote from here */
  #commit(entry: Entry, now: TimeMs): boolean {
    if (entry.committedAt !== null) return false;
    entry.committedAt = now;
    this.#tries.delete(entry);
    this.#observers.rise(entry);
    this.#bound(entry);
    const isUnvoted = !isRanked(entry);
    if (isUnvoted) this.#table.rank(entry, this.#nextGeneration());
    else this.#table.dropAskable(entry);
    this.#tellIfContended(entry);
    // What was said of an undecided one does not end what is held.
    entry.revoked = false;
    this.#tellIfStolen(entry, now);
    this.#refuseBehind(entry, now);
    return isUnvoted;
  }

  /** Where the mesh lets nobody steal, nobody does. */
  #allowed(message: Prepare): Prepare {
    if (this.#options.allowSteal || message.patience !== 'steal') return message;
    return { ...message, patience: 'wait' };
  }

  /** An entry that is new, or has moved, stands behind what may linger, or what it steals. */
  #tellAhead(entry: Entry): void {
    for (const held of untoldAhead(entry)) this.#tellContended(held);
    this.#tellVictims(entry);
  }

  /** Rule 8.8. */
  #tellVictims(thief: Entry): void {
    if (!isStealing(thief)) return;
    // Who waits for what is held hears of it first: else it would be granted for a moment.
    for (const other of victimsOf(thief).toReversed()) {
      const isDue = other.committedAt === null || thief.token > other.token;
      if (isDue && !other.revoked) this.#revoke(other, thief);
    }
  }

  /** Rule 8.8: what is held is wanted by one that steals it, and has a greater token, or will. */
  #tellIfStolen(entry: Entry, now: TimeMs): void {
    if (entry.committedAt === null || entry.revoked) return;
    for (const thief of thievesBehind(entry)) {
      if (thief.token > entry.token) {
        this.#revoke(entry, thief);
        return;
      }
      if (thief.said === 'queued' && entry.token > thief.saidFloor) {
        thief.said = 'nothing';
        this.#queued(thief, now);
      }
    }
  }

  #revoke(entry: Entry, { token }: Entry): void {
    entry.revoked = true;
    this.#post(entry, { type: 'revoke', round: entry.round, token });
  }

  /** Rule 8.3: what may linger is wanted by others. */
  #tellIfContended(entry: Entry): void {
    if (!entry.lingers || entry.committedAt === null || entry.contended) return;
    if (isContended(entry)) this.#tellContended(entry);
  }

  #tellContended(entry: Entry): void {
    entry.contended = true;
    this.#post(entry, { type: 'contended', round: entry.round });
  }

  /** An entry that is new, moved, or held by now: tries behind it may have to wait (section 8). */
  #refuseBehind(entry: Entry, now: TimeMs): void {
    if (this.#recovering || !this.#table.isFollowed(entry)) return;
    const tries = this.#tries.behind(entry);
    if (tries.length === 0) return;
    const ahead = new HeldAhead();
    if (entry.committedAt === null && !ahead.keepsWaiting(entry)) return;
    const waiting = tries.filter((other) => ahead.keepsWaiting(other));
    // Whom one that is refused has kept waiting may wait no longer.
    for (const other of waiting) {
      if (this.#tries.has(other) && this.#wouldWait(other)) this.#refuse(other, now);
    }
  }

  /** Bounds how long a committed entry stays, if its owner bounds its hold (rule 6.6). */
  #bound(entry: Entry): void {
    if (entry.maxHoldMs === Number.POSITIVE_INFINITY) return;
    this.#bounded.add(entry);
    const until = this.#boundOf(entry);
    if (until < this.#expiryAt) this.#expiryAt = until;
  }

  /** Takes an entry out; `token`, if any, is what it ended with. @returns those behind it */
  #end(entry: Entry, token: Stamp | null): readonly Entry[] {
    this.#sessions.entriesOf(entry).delete(entry.round);
    this.#observers.fall(entry, token);
    return this.#remove(entry, token);
  }

  #remove(entry: Entry, token: Stamp | null): readonly Entry[] {
    this.#tries.delete(entry);
    this.#bounded.delete(entry);
    this.#uncovered.delete(entry);
    return this.#table.remove(entry, token);
  }

  /**
   * Looks again at those behind an entry that has been committed, has moved or is gone; `token` is
   * what it counts with in their floors. A review may end further entries, and so on: they wait for
   * their turn here, not on the stack.
   */
  #review(behind: readonly Entry[], token: Stamp, now: TimeMs): void {
    if (behind.length === 0) return;
    const isNested = this.#toReview.length > 0;
    for (const entry of behind) if (this.#isMoved(entry, token)) this.#toReview.push(entry);
    if (isNested) return;
    for (const entry of this.#toReview) this.#answer(entry, now);
    this.#toReview.length = 0;
  }

  /** Whether there may be something new to say, when only `token` can have raised its floor. */
  #isMoved(entry: Entry, token: Stamp): boolean {
    if (entry.said !== 'voted' || entry.patience === 'try' || token >= entry.token) return true;
    return entry.saidAfter && this.#table.isFirst(entry);
  }

  /**
   * One that stood ahead of these stands there no longer, and its owner has not said that it ended:
   * that they need not wait for it, nobody but this voter tells them (rule 4.2).
   */
  #takeBack(behind: readonly Entry[]): void {
    // Their votes named all that stood ahead.
    for (const entry of behind) if (entry.said === 'voted') entry.said = 'nothing';
  }

  /** A try that may have to wait is looked at again whenever one ahead of it has to, or is held. */
  #watchTry(entry: Entry): void {
    if (entry.patience !== 'try' || entry.committedAt !== null) return;
    if (!this.#table.has(entry) || (isRanked(entry) && this.#table.isFirst(entry))) return;
    this.#tries.add(entry);
  }

  /** Says what the owner of `entry` should know by now and does not (rule 4.2). */
  #answer(entry: Entry, now: TimeMs): void {
    // A try further ahead in the same review may have been refused, and this one with it.
    if (!this.#table.has(entry)) return;
    if (this.#recovering) {
      this.#queued(entry, now);
      return;
    }
    if (!entry.refused && this.#wouldWait(entry)) {
      this.#refuse(entry, now);
      if (!isRanked(entry)) return;
    }
    const { lookAhead } = this.#options.limits;
    if (isRanked(entry) || !this.#table.isBlocked(entry)) {
      const ahead = this.#table.ahead(entry, lookAhead + 1);
      if (ahead.length <= lookAhead && (isRanked(entry) || !makesWay(entry, ahead))) {
        if (this.#mark.covers(entry.token)) {
          this.#vote(entry, ahead, now);
          return;
        }
        this.#uncovered.add(entry);
      }
    }
    this.#queued(entry, now);
  }

  #vote(entry: Entry, ahead: readonly Entry[], now: TimeMs): void {
    const { round, token } = entry;
    let floor = this.#table.endedFloor(entry);
    for (const other of ahead) {
      if (other.committedAt !== null) floor = greater(floor, other.token);
    }
    // Of endings the owner hears from whoever ends; not that none is left, nor that it must raise
    // its token. Nobody comes forward but by a YIELD of this entry, which makes `said` nothing.
    if (entry.said === 'voted') {
      const isFirst = ahead.length === 0 && entry.saidAfter;
      const isTooLow = floor >= token && floor > entry.saidFloor;
      if (!isFirst && !isTooLow) return;
    }
    const isFirstVote = !isRanked(entry);
    if (isFirstVote) this.#table.rank(entry, this.#nextGeneration());
    entry.said = 'voted';
    entry.saidAfter = ahead.length > 0;
    entry.saidFloor = floor;
    const after = ahead.length > 0 ? ahead.map(({ id }) => id) : noRounds;
    this.#post(entry, { type: 'vote', round, generation: entry.generation, token, after, floor });
    // It may have been the turn of those behind it, but for it.
    if (isFirstVote) this.#review(this.#table.behind(entry), noStamp, now);
  }

  #queued(entry: Entry, now: TimeMs): void {
    if (entry.said !== 'nothing') return;
    entry.said = 'queued';
    entry.saidFloor = heldFloor(entry);
    this.#post(entry, {
      type: 'queued',
      round: entry.round,
      ahead: this.#table.waiters(entry.resources) - 1,
      holders: this.holdersAhead(entry, now),
      floor: entry.saidFloor,
    });
  }

  /** Takes no vote back: an entry that has been voted for stays until its owner ends it. */
  #refuse(entry: Entry, now: TimeMs): void {
    entry.refused = true;
    this.#tries.delete(entry);
    const holders = this.holdersAhead(entry, now);
    this.#post(entry, { type: 'refuse', round: entry.round, reason: 'busy', holders });
    if (!isRanked(entry)) this.#review(this.#end(entry, null), noStamp, now);
  }

  /** Whether `entry` is a try behind a held round, or behind one that waits for a held round. */
  #wouldWait(entry: Entry): boolean {
    if (entry.patience !== 'try' || entry.committedAt !== null || this.#recovering) return false;
    return !this.#table.isFirst(entry) && waitsForHeld(entry);
  }

  /** Rule 4.3: the undecided ahead of `entry` that should be behind it are asked to give way. */
  #inquireAhead(entry: Entry): void {
    for (const other of this.#table.takeInverted(entry)) this.#inquire(other);
  }

  #inquire(entry: Entry): void {
    entry.inquired = true;
    const { round, generation: given } = entry;
    this.#post(entry, { type: 'inquire', round, generation: given });
  }

  /** Who steals does not wait behind those who wait: however many do, it finds room. */
  #isFull(message: Prepare): boolean {
    const { entriesMax, waitersMax } = this.#options.limits;
    const { size } = this.#table;
    if (size >= entriesMax) return true;
    if (size < waitersMax || this.#allowed(message).patience === 'steal') return false;
    return this.#table.waiters(message.resources) >= waitersMax;
  }

  #findExpiry(): TimeMs {
    let at = this.#sessions.firstExpiry();
    for (const entry of this.#bounded) {
      const until = this.#boundOf(entry);
      if (until < at) at = until;
    }
    return at;
  }

  #boundOf(entry: Entry): TimeMs {
    assert(entry.committedAt !== null, 'only a committed entry has a bounded hold');
    const { maxClockDrift } = this.#options;
    const boundMs = Math.ceil(entry.maxHoldMs * (1 + maxClockDrift)) + leadSlackMs + 1;
    return later(entry.committedAt, boundMs);
  }

  #nextGeneration(): Generation {
    this.#lastGeneration += 1;
    return generation(this.#lastGeneration);
  }

  #inOrder(): Entry[] {
    return [...this.#sessions.entries()].sort(inListOrder);
  }

  snapshot(now: TimeMs): VoterSnapshot {
    const entries = this.#inOrder().map((entry) => entry.snapshot(now));
    return {
      sessions: this.#sessions.snapshot(now),
      table: { entries, ...this.#table.snapshot() },
      mark: this.#mark.snapshot(),
      observers: this.#observers.snapshot(),
      lastGeneration: this.#lastGeneration,
      recovering: this.#recovering,
    };
  }

  restore(snapshot: VoterSnapshot, now: TimeMs): void {
    this.#sessions.restore(snapshot.sessions, now);
    this.#recovering = snapshot.recovering;
    const entries = snapshot.table.entries.map((saved) => Entry.restore(saved, now));
    this.#table.restore(snapshot.table, entries);
    for (const entry of entries) {
      this.#sessions.entriesOf(entry).set(entry.round, entry);
      if (entry.committedAt !== null) this.#bound(entry);
      else if (!entry.refused) this.#watchTry(entry);
      if (entry.said === 'queued') this.#uncovered.add(entry);
    }
    this.#mark.restore(snapshot.mark);
    this.#observers.restore(snapshot.observers, (owner, round) => this.entryOf(owner, round));
    this.#lastGeneration = snapshot.lastGeneration;
    this.#expiryAt = this.#findExpiry();
  }
}

function isVia({ peer, incarnation, round }: Entry, hop: Hop): boolean {
  return peer === hop.peer && incarnation === hop.incarnation && round === hop.via;
}

/**
 * Whether one of those ahead is to make way for others, and goes before `entry`: it would have to
 * be asked to make way for that one next.
 */
function makesWay(entry: Entry, ahead: readonly Entry[]): boolean {
  for (const other of ahead) {
    if (other.inquired && other.committedAt === null && isBefore(other, entry)) return true;
  }
  return false;
}

/** Nobody is asked for more than before: what was shared stays so. */
function isDowngrade({ resources }: Entry, message: Prepare): boolean {
  return resources.some(isExclusive) && !message.resources.some(isExclusive);
}
