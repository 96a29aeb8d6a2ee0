/**
 * A voter answers whoever looks with what it keeps at that moment; and whoever looks is told, once,
 * what all who answered have said, and at once who cannot answer (rule 10.5).
 */

import type { LookNumber, PeerId } from '../../protocol/ids.ts';
import { roundId } from '../../protocol/ids.ts';
import type { LookAround } from '../../protocol/input.ts';
import type { Look, Message, Sight, View } from '../../protocol/message.ts';
import type { Looked } from '../../protocol/output.ts';
import type { CheckerSetup } from '../checker.ts';
import type { SeenStep } from '../world.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { CoreView, LinkView } from './core-view.ts';
import { type KeptEntry, mayBeOver, unvoted } from './kept-entry.ts';
import { describeCore } from './wording.ts';

/** What one voter knows of a round: `null` while it waits. */
type Known = number | null;

/** A question that a voter is answering. */
interface Answer {
  readonly asked: Look;
  /** What it keeps, by round; of its own peer's rounds this is not known. */
  readonly kept: ReadonlyMap<string, Known>;
  /** Those of them of which it has shown that it keeps them. */
  readonly sure: ReadonlySet<string>;
  readonly said: Map<string, Known>;
}

/** A question that has not been answered. */
interface Open {
  until: number;
  readonly awaited: Map<PeerId, LinkView>;
  /** Those that cannot be asked, or do not know all yet. */
  readonly unanswered: Set<PeerId>;
  readonly heard: Map<string, Known>;
  /** What came in the very step in which the time was up: it may not have been looked at. */
  readonly late: Map<string, Known>;
  /** What its own voter keeps, besides what is its own peer's. */
  readonly own: ReadonlyMap<string, Known>;
}

export class Looking extends BookChecker {
  readonly name = 'looking';
  readonly #answers = new WeakMap<LinkView, Map<LookNumber, Answer>>();
  readonly #open = new WeakMap<CoreView, Map<LookNumber, Open>>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.heard.push((core, link, message) => this.#onHeard(core, link, message));
    books.said.push((core, link, message) => {
      if (message.type === 'view') this.#onViewSaid(core, link, message);
    });
    books.stepped.push((core, seen) => this.#onStepped(core, seen));
  }

  #onHeard(core: CoreView, link: LinkView, message: Message): void {
    if (message.type === 'look' && core.isVoter) this.#onLookHeard(core, link, message);
    if (message.type !== 'view') return;
    const all = this.#open.get(core);
    const open = all?.get(message.look);
    if (all === undefined || open?.awaited.get(link.peer) !== link) return;
    putOff(all, core);
    const isLate = open.until <= core.time.now;
    for (const sight of message.sights) note(isLate ? open.late : open.heard, sight);
    if (message.isLast) open.awaited.delete(link.peer);
  }

  #onLookHeard(core: CoreView, link: LinkView, asked: Look): void {
    const { kept, sure } = keptBy(core, asked.name);
    const answers = this.#answers.get(link) ?? new Map<LookNumber, Answer>();
    this.#answers.set(link, answers.set(asked.look, { asked, kept, sure, said: new Map() }));
  }

  #onViewSaid(core: CoreView, link: LinkView, { look, sights, isLast, isCut }: View): void {
    const answer = this.#answers.get(link)?.get(look);
    if (answer === undefined) {
      this.violate(`${describeCore(core)} tells ${link.peer} what it has not asked`);
      return;
    }
    const { asked, kept, sure, said } = answer;
    const who = `${describeCore(core)}, of which ${link.peer} asks what it keeps,`;
    for (const sight of sights) {
      const id = idOf(sight);
      const isKept = kept.has(id) && (kept.get(id) ?? null) === sight.heldForMs;
      const names = sight.resources.map(({ name }) => name);
      if (!isKept && sight.peer !== core.core.peer) this.violate(`${who} makes up ${id}`);
      if (said.has(id)) this.violate(`${who} names ${id} twice`);
      if (asked.name !== null && (names.length !== 1 || names[0] !== asked.name)) {
        this.violate(`${who} tells of ${names.join(', ')}, asked of ${asked.name}`);
      }
      note(said, sight);
    }
    if (!isLast) return;
    this.#answers.get(link)?.delete(look);
    const missing = [...sure].filter((id) => !said.has(id));
    if (missing.length > 0 && !isCut) this.violate(`${who} hides ${missing.join(', ')}`);
  }

  #onStepped(core: CoreView, { step: { input, outputs } }: SeenStep): void {
    if (input.type === 'look') this.#start(core, input);
    const all = this.#open.get(core);
    if (all === undefined || all.size === 0) return;
    putOff(all, core);
    for (const open of all.values()) dropUnlinked(core, open);
    for (const output of outputs) if (output.type === 'looked') this.#onLooked(core, output);
    for (const [look, { awaited, until }] of all) {
      if (awaited.size > 0 && until > core.time.now) continue;
      this.violate(`${describeCore(core)} is not told what look ${look} has found`);
    }
  }

  #start(core: CoreView, { look, name }: LookAround): void {
    const { mesh, time } = core;
    const voters = name === null ? mesh.voters : mesh.votersOf(name);
    const awaited = new Map<PeerId, LinkView>();
    const unanswered = new Set<PeerId>();
    for (const voter of voters) {
      const link = core.links.get(voter);
      const isSelf = voter === core.core.peer;
      const isLinked = link !== undefined && link.greetedIn <= core.steps;
      if (isLinked) awaited.set(voter, link);
      if (isSelf ? !core.isVoting : !isLinked || link.recovers) unanswered.add(voter);
    }
    const asksSelf = voters.includes(core.core.peer);
    const own = asksSelf ? keptBy(core, name).kept : new Map<string, Known>();
    const until = time.now + mesh.prepareTimeoutMs;
    const all = this.#open.get(core) ?? new Map<LookNumber, Open>();
    this.#open.set(
      core,
      all.set(look, { until, awaited, unanswered, heard: new Map(), late: new Map(), own }),
    );
  }

  #onLooked(core: CoreView, { look, sights, unanswered }: Looked): void {
    const open = this.#open.get(core)?.get(look);
    const who = `${describeCore(core)}, which looks,`;
    if (open === undefined) {
      this.violate(`${who} is told twice`);
      return;
    }
    this.#open.get(core)?.delete(look);
    const told = new Map<string, Known>();
    for (const sight of sights) {
      const id = idOf(sight);
      if (told.has(id)) this.violate(`${who} is told of ${id} twice`);
      const isKnown = [open.heard, open.late, open.own].some((known) => known.has(id));
      if (!isKnown && sight.peer !== core.core.peer) {
        this.violate(`${who} is told of ${id}, which nobody has said`);
      }
      told.set(id, sight.heldForMs);
    }
    for (const [id, heldForMs] of open.heard) {
      const isTold = told.has(id) && isLonger(told.get(id) ?? null, heldForMs);
      if (!isTold) this.violate(`${who} is not told of ${id}, held for ${heldForMs}`);
    }
    const isInTime = open.until > core.time.now;
    if (isInTime && open.awaited.size > 0) this.violate(`${who} does not wait for all`);
    const silent = new Set([...open.unanswered, ...open.awaited.keys()]);
    const missing = [...silent].filter((voter) => !unanswered.includes(voter));
    if (missing.length > 0) this.violate(`${who} takes ${missing.join(', ')} to have answered`);
    if (!isInTime) return;
    const blamed = unanswered.filter((voter) => !silent.has(voter));
    if (blamed.length > 0) this.violate(`${who} takes ${blamed.join(', ')} to be silent`);
  }
}

/** What a voter keeps of other peers' rounds. */
function keptBy(core: CoreView, name: string | null): Pick<Answer, 'kept' | 'sure'> {
  const { now } = core.time;
  const kept = new Map<string, Known>();
  const sure = new Set<string>();
  for (const entry of core.entries.seenOn(name)) {
    const { committedAt, id, isSure } = entry;
    kept.set(id, committedAt === null ? null : Math.max(0, now - committedAt));
    const isOver = mayBeOver(entry, now) || mayBeRefused(core, entry);
    if ((isSure || committedAt !== null) && !isOver) sure.add(id);
  }
  return { kept, sure };
}

/** Whether it is a try that nobody would hear the refusal of: its owner has no link. */
function mayBeRefused({ links }: CoreView, entry: KeptEntry): boolean {
  const { committedAt, generation, id, patience } = entry;
  if (patience !== 'try' || committedAt !== null || generation !== unvoted) return false;
  for (const { session } of links.values()) {
    for (const other of session?.entries.values() ?? []) if (other.id === id) return false;
  }
  return true;
}

/** A link that is no more, or another by now, carries no answer. */
function dropUnlinked(core: CoreView, { awaited, unanswered }: Open): void {
  for (const [voter, link] of awaited) {
    if (core.links.get(voter) === link) continue;
    awaited.delete(voter);
    unanswered.add(voter);
  }
}

/** A process that finds itself late has stood still, and waits a quarter more (rule 5.6). */
function putOff(all: ReadonlyMap<LookNumber, Open>, { mesh, time }: CoreView): void {
  const graceMs = Math.ceil(mesh.prepareTimeoutMs / 4);
  const dueAt = Math.min(...[...all.values()].map(({ until }) => until));
  if (time.now - dueAt <= graceMs) return;
  for (const open of all.values()) open.until = Math.max(open.until, time.now + graceMs);
}

function note(to: Map<string, Known>, sight: Sight): void {
  const known = to.get(idOf(sight)) ?? null;
  to.set(idOf(sight), isLonger(known, sight.heldForMs) ? known : sight.heldForMs);
}

function isLonger(one: Known, other: Known): boolean {
  return (one ?? -1) >= (other ?? -1);
}

function idOf({ peer, incarnation, round }: Sight): string {
  return roundId(peer, incarnation, round);
}
