/**
 * Looks for an order in which a history could have happened one operation at a time
 * (linearizability: Herlihy and Wing, 1990), exactly, by just-in-time linearization: Wing and Gong,
 * "Testing and verifying concurrent objects" (1993), as Lowe improved it in "Testing for
 * linearizability" (2017), and as Knossos does it.
 *
 * The history is read in the order of time. A configuration is one way in which it could have gone
 * so far: which of the operations under way have happened, and what is held. When an operation
 * returns, each configuration in which it has not happened yet is continued in all ways that end
 * with it, but for what could as well happen later. Equal configurations are kept once, and
 * compared in full. When none is left, there is no order, and the operation that returned is the
 * one that cannot be placed.
 *
 * What changes nothing, as a refusal or a look, is taken to have happened as soon as it can: who
 * waits with it has no more choices than who does not.
 */

import type { LockRules } from './lock-rules.ts';
import { isNeededBefore, LockTable, type Obstacle } from './lock-table.ts';
import { isCertain, type Move } from './moves.ts';

/** How a search ended. */
export type SearchResult =
  | { readonly found: 'order'; readonly configurations: number }
  | { readonly found: 'none'; readonly stuck: Stuck }
  /** Given up at the return of a move. */
  | { readonly found: 'budget'; readonly at: Move };

/** Where no order leads on. */
export interface Stuck {
  /** Cannot be placed. */
  readonly move: Move;
  /** How many moves could be, before it. */
  readonly placed: number;
  /** In one of the orders that lead there: what is held, and why the move is impossible. */
  readonly held: readonly Move[];
  readonly obstacle: Obstacle;
}

interface Configuration {
  /** Those under way that have happened, by index. */
  readonly done: readonly Move[];
  readonly held: readonly Move[];
}

/** Counts down, over all searches of one history. */
export interface Budget {
  /** How many configurations may still be made. */
  left: number;
}

/** Searches an order of `moves`, which are all about names of their own. */
export function search(
  moves: readonly Move[],
  { rules, budget }: { readonly rules: LockRules; readonly budget: Budget },
): SearchResult {
  return new Search(rules, budget).run(moves);
}

class Search {
  readonly #rules: LockRules;
  readonly #budget: Budget;
  readonly #table: LockTable;
  /** Called, and not yet part of every order; what changes nothing is among the others. */
  readonly #open = new Set<Move>();
  readonly #openReads = new Set<Move>();
  #configurations: readonly Configuration[] = [{ done: [], held: [] }];
  #guesses = 0;
  #made = 0;

  constructor(rules: LockRules, budget: Budget) {
    this.#rules = rules;
    this.#budget = budget;
    this.#table = new LockTable(rules);
  }

  run(moves: readonly Move[]): SearchResult {
    const calls = moves.toSorted((one, other) => one.call - other.call);
    const returns = moves.filter(isCertain).sort((one, other) => one.until - other.until);
    let called = 0;
    let placed = 0;
    for (const move of returns) {
      for (let next = calls[called]; next !== undefined; next = calls[called]) {
        // What is called at the moment of a return is concurrent with it.
        if (next.call > move.until) break;
        if (isRead(next)) this.#openReads.add(next);
        else this.#open.add(next);
        if (!isCertain(next)) this.#guesses += 1;
        called += 1;
      }
      const before = this.#configurations;
      if (!this.#place(move)) return { found: 'budget', at: move };
      if (this.#configurations.length === 0) {
        return { found: 'none', stuck: this.#describe({ move, placed, before }) };
      }
      placed += 1;
    }
    return { found: 'order', configurations: this.#made };
  }

  /** Leaves the configurations in which `move` has happened; `false` if that takes too many. */
  #place(move: Move): boolean {
    const ways = this.#waysTo(move);
    const [only, another] = this.#configurations;
    if (only !== undefined && another === undefined && ways.length === 0) {
      this.#configurations = this.#straight(only, move);
    } else if (!this.#branch(move, ways)) {
      return false;
    }
    this.#settle(move);
    if (this.#guesses > 0) this.#settleGuesses();
    return true;
  }

  /** There is one way to go, as mostly. */
  #straight(from: Configuration, move: Move): readonly Configuration[] {
    this.#made += 1;
    const at = this.#read(from);
    if (at.done.includes(move)) return [at];
    const held = this.#table.after(move, at.held, at.done);
    return held === null ? [] : [{ done: insert(at.done, move), held }];
  }

  #branch(move: Move, ways: readonly Move[]): boolean {
    const next: Configuration[] = [];
    const step = { move, ways, next, kept: new Set<string>(), seen: new Set<string>() };
    for (const configuration of this.#configurations) {
      if (!this.#continue(configuration, step)) return false;
    }
    this.#configurations = next;
    return true;
  }

  /**
   * Moves under way that may have to happen before `move` does: all others could as well come after
   * it. Those that change nothing happen by themselves, but others may have to come before them.
   */
  #waysTo(move: Move): readonly Move[] {
    const rest = new Set(this.#open);
    for (const read of this.#openReads) rest.add(read);
    rest.delete(move);
    if (rest.size === 0) return none;
    const ways: Move[] = [];
    const reached = [move];
    for (let from = reached.pop(); from !== undefined; from = reached.pop()) {
      for (const each of rest) {
        if (!isNeededBefore(each, from, this.#rules)) continue;
        rest.delete(each);
        reached.push(each);
        if (!isRead(each)) ways.push(each);
      }
    }
    return ways;
  }

  #continue(from: Configuration, step: Step): boolean {
    const { move, ways, seen } = step;
    const stack = [this.#read(from)];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const { done, held } = at;
      if (done.includes(move)) {
        if (!this.#keep(at, step)) return false;
        continue;
      }
      const last = this.#table.after(move, held, done);
      if (last !== null && !this.#keep({ done: insert(done, move), held: last }, step)) {
        return false;
      }
      for (const each of ways) {
        if (done.includes(each)) continue;
        const after = this.#table.after(each, held, done);
        if (after === null) continue;
        const reached = this.#read({ done: insert(done, each), held: after });
        const key = keyOf(reached);
        if (seen.has(key)) continue;
        seen.add(key);
        if (!this.#spend()) return false;
        stack.push(reached);
      }
    }
    return true;
  }

  /** Lets happen what changes nothing, and can. */
  #read(configuration: Configuration): Configuration {
    if (this.#openReads.size === 0) return configuration;
    const { held } = configuration;
    let { done } = configuration;
    for (const move of this.#openReads) {
      if (done.includes(move) || this.#table.after(move, held, done) === null) continue;
      done = insert(done, move);
    }
    return { done, held };
  }

  /** Keeps a configuration in which the move has happened, unless it is known. */
  #keep(configuration: Configuration, { kept, next }: Step): boolean {
    const key = keyOf(configuration);
    if (kept.has(key)) return true;
    kept.add(key);
    next.push(configuration);
    return this.#spend();
  }

  #spend(): boolean {
    this.#made += 1;
    this.#budget.left -= 1;
    return this.#budget.left >= 0;
  }

  /** It is part of every order from now on. */
  #settle(move: Move): void {
    this.#open.delete(move);
    this.#openReads.delete(move);
    if (!isCertain(move)) this.#guesses -= 1;
    if (move.kind === 'grant') this.#table.settle(move);
    this.#configurations = this.#configurations.map(({ done, held }) => {
      return { done: done.length === 1 ? none : done.filter((each) => each !== move), held };
    });
  }

  /** What never returned, and has happened in every order that is left, is no longer looked at. */
  #settleGuesses(): void {
    const [first, ...others] = this.#configurations;
    for (const move of first?.done ?? []) {
      if (isCertain(move)) continue;
      if (others.every(({ done }) => done.includes(move))) this.#settle(move);
    }
  }

  #describe({
    move,
    placed,
    before,
  }: {
    readonly move: Move;
    readonly placed: number;
    readonly before: readonly Configuration[];
  }): Stuck {
    // The one that has come furthest says most.
    const best = before.reduce((one, other) => (other.done.length > one.done.length ? other : one));
    const obstacle = this.#table.obstacle(move, best.held, best.done);
    return { move, placed, held: best.held, obstacle };
  }
}

/** What `#continue` works on. */
interface Step {
  readonly move: Move;
  readonly ways: readonly Move[];
  readonly next: Configuration[];
  /** Those in `next`, and those on the way there. */
  readonly kept: Set<string>;
  readonly seen: Set<string>;
}

function keyOf({ done, held }: Configuration): string {
  let key = '';
  for (const { index } of done) key += `${index} `;
  key += '|';
  for (const { index, isShared } of held) key += isShared ? `${index}s ` : `${index} `;
  return key;
}

function isRead({ kind }: Move): boolean {
  return kind === 'refuse' || kind === 'held' || kind === 'gone';
}

function insert(done: readonly Move[], move: Move): readonly Move[] {
  if (done.length === 0) return [move];
  const at = done.findIndex(({ index }) => index > move.index);
  return at < 0 ? [...done, move] : done.toSpliced(at, 0, move);
}

const none: readonly Move[] = Object.freeze([]);
