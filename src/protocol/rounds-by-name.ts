/**
 * A coordinator's rounds by the names that they are on, and how they stand in each other's way.
 */

import { assert } from './assert.ts';
import { excludes, sharedOnly } from './claim.ts';
import type { Resource } from './message.ts';
import { isCommitted, type Round } from './round.ts';
import { Table } from './table.ts';

const nothing: readonly Round[] = Object.freeze([]);

/** Of a name with so many rounds, those are found apart that few are of. */
const crowdMin = 32;

/** Of all on a crowded name, in the order asked; of those that linger, in the order released. */
interface Crowd {
  readonly exclusive: Round[];
  readonly lingering: Set<Round>;
}

export class RoundsByName {
  /** In the order asked: mostly one, and it is the first that goes. */
  readonly #rounds = new Table<string, Round[]>();
  /** Of names on which many were at once, until nobody is: so readers do not look at each other. */
  readonly #crowds = new Table<string, Crowd>();
  /** On which names how many steal: these pass those that were asked for before (rule 8.8). */
  readonly #stealing = new Table<string, number>();

  add(round: Round): void {
    for (const { name, mode } of round.resources) {
      if (round.patience === 'steal') this.#countStealing(name, 1);
      const on = this.#rounds.get(name);
      if (on === undefined) {
        this.#rounds.set(name, [round]);
        continue;
      }
      on.push(round);
      if (on.length < crowdMin) continue;
      const crowd = this.#crowds.get(name);
      if (crowd === undefined) this.#crowds.set(name, crowdOf(name, on));
      else if (mode === 'exclusive') crowd.exclusive.push(round);
    }
  }

  /** Nothing that it is on is exclusively its own any more. */
  share(round: Round): void {
    for (const { name, mode } of round.resources) {
      const crowd = this.#crowds.get(name);
      if (mode === 'exclusive' && crowd !== undefined) takeOut(crowd.exclusive, round);
    }
    round.resources = sharedOnly(round.resources);
  }

  /** It lingers from now on. */
  linger(round: Round): void {
    if (this.#crowds.size === 0) return;
    for (const { name } of round.resources) this.#crowds.get(name)?.lingering.add(round);
  }

  /** It does not linger any more. */
  resume(round: Round): void {
    if (this.#crowds.size === 0) return;
    for (const { name } of round.resources) this.#crowds.get(name)?.lingering.delete(round);
  }

  /** @returns whether others are on one of its names */
  remove(round: Round): boolean {
    let hasOthers = false;
    for (const { name, mode } of round.resources) {
      if (round.patience === 'steal') this.#countStealing(name, -1);
      const on = this.#rounds.get(name) ?? [];
      takeOut(on, round);
      if (on.length > 0) hasOthers = true;
      else this.#rounds.delete(name);
      if (this.#crowds.size === 0) continue;
      const crowd = this.#crowds.get(name);
      crowd?.lingering.delete(round);
      if (on.length === 0) this.#crowds.delete(name);
      else if (mode === 'exclusive' && crowd !== undefined) takeOut(crowd.exclusive, round);
    }
    return hasOthers;
  }

  /** The round that lingers on exactly these names, in these modes. */
  lingeringFor(resources: readonly Resource[]): Round | undefined {
    const [first] = resources;
    const name = first?.name ?? '';
    for (const round of this.#crowds.get(name)?.lingering ?? this.#rounds.get(name) ?? nothing) {
      if (round.phase.state === 'lingering' && isSame(round, resources)) return round;
      if (first !== undefined && keepsAllBehind(round, first)) return undefined;
    }
    return undefined;
  }

  /** The last asked of all on this name. */
  lastOn(name: string): Round | undefined {
    return this.#rounds.get(name)?.at(-1);
  }

  /** The last asked of all on any of these names, if it is on exactly these, as exclusively. */
  lastAlike(resources: readonly Resource[]): Round | undefined {
    const last = this.lastOn(resources[0]?.name ?? '');
    if (last === undefined || !isSame(last, resources)) return undefined;
    const isLast = ({ name, mode }: Resource): boolean =>
      mode === 'exclusive' && this.lastOn(name) === last;
    return resources.every(isLast) ? last : undefined;
  }

  /** The committed rounds that conflict with these resources. */
  committedAgainst(resources: readonly Resource[]): readonly Round[] {
    let found: Round[] | undefined;
    for (const resource of resources) {
      const isStolen = this.#isStolen(resource);
      for (const round of this.#against(resource)) {
        if (!isStolen && keepsAllBehind(round, resource)) break;
        if (!isCommitted(round) || found?.includes(round) === true) continue;
        const same = round.resources.find(({ name }) => name === resource.name);
        if (same === undefined || !excludes(same, resource)) continue;
        found ??= [];
        found.push(round);
      }
    }
    return found ?? nothing;
  }

  /**
   * Whether a conflicting round of this peer was asked for before and is still undecided; for one
   * that steals, another such (rule 8.8).
   */
  hasOlderUndecided(round: Round): boolean {
    return this.#hasOlder(round, ({ phase }) => phase.state === 'undecided');
  }

  /** The same of one that has not begun. */
  hasOlderUnbegun(round: Round): boolean {
    return this.#hasOlder(round, ({ begun }) => !begun);
  }

  /** Whether one waits that was asked for before, and that `round` has passed by stealing. */
  hasOlderWaiting(round: Round): boolean {
    if (round.patience !== 'steal') return false;
    return this.#hasOlder(round, ({ phase }) => phase.state === 'undecided', true);
  }

  #hasOlder(round: Round, is: (older: Round) => boolean, isPassed: boolean = false): boolean {
    const passes = round.patience === 'steal' && !isPassed;
    for (const resource of round.resources) {
      for (const other of this.#against(resource)) {
        if (other.number >= round.number) break;
        if (!is(other) || (passes && other.patience !== 'steal')) continue;
        const same = other.resources.find(({ name }) => name === resource.name);
        if (same !== undefined && excludes(same, resource)) return true;
      }
    }
    return false;
  }

  /** The undecided rounds that may be next, now that `decided` no longer stands in their way. */
  nextAfter(decided: Round): readonly Round[] {
    let next: Round[] | undefined;
    for (const resource of decided.resources) {
      const isStolen = this.#isStolen(resource);
      const others = this.#against(resource);
      for (let at = placeOf(others, decided); at < others.length; at += 1) {
        const other = others[at];
        if (other?.phase.state !== 'undecided') continue;
        const same = other.resources.find(({ name }) => name === resource.name);
        if (same !== undefined && excludes(same, resource)) {
          next ??= [];
          next.push(other);
        }
        // Those after an exclusive one wait for it, unless they steal.
        if (same?.mode === 'exclusive' && !isStolen) break;
      }
    }
    return next ?? nothing;
  }

  /** Whether any on a name steals. */
  #isStolen({ name }: Resource): boolean {
    return this.#stealing.size > 0 && this.#stealing.get(name) !== undefined;
  }

  #countStealing(name: string, more: number): void {
    const count = (this.#stealing.get(name) ?? 0) + more;
    if (count > 0) this.#stealing.set(name, count);
    else this.#stealing.delete(name);
  }

  /** At least the rounds on a name that conflict with one in this mode, in the order asked. */
  #against({ name, mode }: Resource): readonly Round[] {
    const crowd = mode === 'shared' ? this.#crowds.get(name) : undefined;
    return crowd?.exclusive ?? this.#rounds.get(name) ?? nothing;
  }
}

function crowdOf(name: string, rounds: readonly Round[]): Crowd {
  const exclusive = rounds.filter(({ resources }) => {
    return resources.some((own) => own.name === name && own.mode === 'exclusive');
  });
  return { exclusive, lingering: new Set(rounds.filter(isLingering)) };
}

function isLingering({ phase }: Round): boolean {
  return phase.state === 'lingering';
}

/** Of rounds in the order asked, and so of their numbers, one of which the first mostly goes. */
export function takeOut(rounds: Round[], round: Round): void {
  if (rounds[0] === round) {
    rounds.shift();
    return;
  }
  const at = placeOf(rounds, round);
  assert(rounds[at] === round, 'what is taken out is there');
  rounds.splice(at, 1);
}

/** Where a round is, or would be, among others in the order asked. */
function placeOf(rounds: readonly Round[], { number }: Round): number {
  let from = 0;
  for (let to = rounds.length; from < to; ) {
    const middle = (from + to) >> 1;
    if ((rounds[middle]?.number ?? 0) < number) from = middle + 1;
    else to = middle;
  }
  return from;
}

function isSame(round: Round, resources: readonly Resource[]): boolean {
  if (round.resources.length !== resources.length) return false;
  return round.resources.every(({ name, mode }, index) => {
    const other = resources[index];
    if (other?.name === name) return other.mode === mode;
    return resources.some((each) => each.name === name && each.mode === mode);
  });
}

/**
 * Whether no round behind this one is committed on that name: it waits, and excludes all others. So
 * however many wait, few are looked at.
 */
function keepsAllBehind(round: Round, { name }: Resource): boolean {
  if (isCommitted(round)) return false;
  return round.resources.some((own) => own.name === name && own.mode === 'exclusive');
}
