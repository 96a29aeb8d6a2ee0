/**
 * Who observes an election asks its voters, at once and on each new link, and is answered in the
 * same turn; so is it told of a grant, by each voter in the turn in which that hears of it, or is
 * granted it itself. It shows no leader whose end it has heard of, nor one with a smaller token
 * than the last (rule 8.7).
 */

import type { Observe } from '../../protocol/leading.ts';
import type { Commit, Message, Prepare } from '../../protocol/message.ts';
import type { Output } from '../../protocol/output.ts';
import type { CheckerSetup } from '../checker.ts';
import type { SeenStep } from '../world.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim, CoreView, LinkView } from './core-view.ts';
import type { KeptEntry } from './kept-entry.ts';
import { describeCore } from './wording.ts';

/** What one core knows of an election that it observes. */
interface Observed {
  /** The token of whom it shows; 0: nobody. */
  shown: number;
  /** The greatest that it has shown, and that it knows to have ended. */
  last: number;
  ended: number;
}

/** What is to be said on a link before the turn ends: names. */
interface Due {
  readonly asks: Set<string>;
  readonly answers: Set<string>;
}

export class Observing extends BookChecker {
  readonly name = 'observing';
  readonly #observed = new WeakMap<CoreView, Map<string, Observed>>();
  readonly #due = new Map<CoreView, Map<LinkView, Due>>();
  /** What the other end of a link observes. */
  readonly #observers = new WeakMap<LinkView, Set<string>>();
  /** Entries of those who want to lead, and of those who were told to. */
  readonly #candidates = new WeakSet<KeptEntry>();
  readonly #leading = new WeakSet<KeptEntry>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.heard.push((core, link, message) => this.#onHeard(core, link, message));
    books.said.push((core, link, message) => {
      const due = this.#due.get(core)?.get(link);
      if (message.type === 'observe' && message.isOn) due?.asks.delete(message.name);
      if (message.type === 'leader') due?.answers.delete(message.name);
    });
    books.granted.push((claim) => this.#onGranted(claim));
    books.released.push((claim) => this.#onEnded(claim));
    books.lost.push((claim) => this.#onEnded(claim));
    books.stepped.push((core, { step }) => this.#onStepped(core, step));
    books.gone.push((core) => this.#due.delete(core));
  }

  #onHeard(core: CoreView, link: LinkView, message: Message): void {
    switch (message.type) {
      case 'hello':
        for (const name of this.#observed.get(core)?.keys() ?? []) this.#mustAsk(core, link, name);
        return;
      case 'observe':
        return this.#onObserve(core, link, message);
      case 'prepare':
      case 'commit':
        return this.#onRound(core, link, message);
      case 'leader':
        if (message.leader === null) this.#end(core, message.name, message.token);
        return;
      default:
    }
  }

  #onObserve(core: CoreView, link: LinkView, { name, isOn }: Observe): void {
    const { answers } = this.#dueOn(core, link);
    const names = this.#observers.get(link) ?? new Set();
    this.#observers.set(link, names);
    if (isOn) names.add(name);
    else names.delete(name);
    if (isOn) answers.add(name);
    else answers.delete(name);
  }

  #onRound(core: CoreView, { session }: LinkView, message: Prepare | Commit): void {
    const entry = session?.entries.get(message.round);
    if (entry === undefined) return;
    if (message.type === 'prepare' && message.value !== null) this.#candidates.add(entry);
    if (!this.#candidates.has(entry) || this.#leading.has(entry)) return;
    if (entry.committedAt === null) return;
    this.#leading.add(entry);
    if (!entry.isSure) return;
    for (const { name } of entry.resources) {
      const others = [...core.entries.on(name)].filter((other) => this.#leading.has(other));
      // One that was granted later may lead already.
      if (others.length === 1 && !leadsHere(core, name)) this.#mustTell(core, name);
    }
  }

  #onGranted({ core, asked }: Claim): void {
    if (asked.value === null || !core.isVoter) return;
    for (const { name } of asked.resources) {
      if (core.mesh.votersOf(name).includes(core.core.peer)) this.#mustTell(core, name);
    }
  }

  #mustTell(core: CoreView, name: string): void {
    for (const link of core.links.values()) {
      if (this.#observers.get(link)?.has(name)) this.#dueOn(core, link).answers.add(name);
    }
  }

  #onEnded({ core, asked, grant }: Claim): void {
    if (asked.value === null || grant === null) return;
    for (const { name } of asked.resources) this.#end(core, name, grant.token);
  }

  #end(core: CoreView, name: string, token: number): void {
    const observed = this.#observed.get(core)?.get(name);
    if (observed !== undefined) observed.ended = Math.max(observed.ended, token);
  }

  #onStepped(core: CoreView, { input, outputs }: SeenStep['step']): void {
    if (input.type === 'observe') this.#observe(core, input.name, input.floor);
    for (const output of outputs) if (output.type === 'leader') this.#onLeader(core, output);
    if (input.type === 'unobserve') this.#observed.get(core)?.delete(input.name);
    this.#requireNoneEnded(core);
    if (input.type === 'flush') this.#requireAllSaid(core);
  }

  #observe(core: CoreView, name: string, floor: number): void {
    const names = this.#observed.get(core) ?? new Map<string, Observed>();
    this.#observed.set(core, names);
    if (names.has(name)) return;
    names.set(name, { shown: 0, last: floor, ended: 0 });
    for (const link of core.links.values()) {
      if (link.greetedIn <= core.steps) this.#mustAsk(core, link, name);
    }
  }

  #mustAsk(core: CoreView, link: LinkView, name: string): void {
    if (core.mesh.votersOf(name).includes(link.peer)) this.#dueOn(core, link).asks.add(name);
  }

  #onLeader(core: CoreView, { name, leader }: Output & { type: 'leader' }): void {
    const observed = this.#observed.get(core)?.get(name);
    if (observed === undefined) {
      return this.violate(`${describeCore(core)} tells who leads ${name}, which nobody asked`);
    }
    const { last } = observed;
    observed.shown = leader?.token ?? 0;
    if (leader === null) return;
    observed.last = Math.max(last, leader.token);
    if (leader.token >= last) return;
    const what = `${leader.peer} lead ${name} with token ${leader.token}`;
    this.violate(`${describeCore(core)} sees ${what}, after one with token ${last}`);
  }

  #requireNoneEnded(core: CoreView): void {
    for (const [name, { shown, ended }] of this.#observed.get(core) ?? []) {
      if (shown === 0 || shown > ended) continue;
      const what = `token ${shown} lead ${name}, and knows that token ${ended} has ended`;
      this.violate(`${describeCore(core)} sees ${what}`);
    }
  }

  #requireAllSaid(core: CoreView): void {
    for (const [link, { asks, answers }] of this.#due.get(core) ?? []) {
      if (core.links.get(link.peer) !== link) continue;
      for (const name of asks) {
        this.violate(`${describeCore(core)} does not ask ${link.peer} who leads ${name}`);
      }
      for (const name of answers) {
        this.violate(`${describeCore(core)} does not tell ${link.peer} who leads ${name}`);
      }
    }
    this.#due.delete(core);
  }

  #dueOn(core: CoreView, link: LinkView): Due {
    const links = this.#due.get(core) ?? new Map<LinkView, Due>();
    const due = links.get(link) ?? { asks: new Set(), answers: new Set() };
    this.#due.set(core, links.set(link, due));
    return due;
  }
}

/** Whether a claim of its own leads. */
function leadsHere(core: CoreView, name: string): boolean {
  return [...core.held].some(({ asked: { resources, value } }) => {
    return value !== null && resources.some((each) => each.name === name);
  });
}
