/**
 * Who waits for a name and who holds it, in true time, which no service knows. A holder counts
 * until it knows that it holds no longer: what it would find at this moment, if it looked.
 */

import type { Sim } from 'lockmesh/sim';
import type { Held } from './lock-service.ts';

/** What is counted, over any number of runs. */
export interface Figures {
  grants: number;
  /** Grants while another believed that it held. */
  doubleGrants: number;
  /** Grants with a token that was not greater than all before. */
  tokensBack: number;
  /** Time for which somebody waited for a name that nobody was at work with. */
  idleMs: number;
  /** The longest such time. */
  longestIdleMs: number;
  /** Of all names. */
  observedMs: number;
}

export function noFigures(): Figures {
  return {
    ...{ grants: 0, doubleGrants: 0, tokensBack: 0 },
    ...{ idleMs: 0, longestIdleMs: 0, observedMs: 0 },
  };
}

/** What is going on with one name. A worker waits for, or holds, one at a time. */
interface NameState {
  readonly waiting: Set<string>;
  readonly holders: Map<string, Held>;
  greatestToken: number;
  idleSinceMs: number | null;
}

export class Ledger {
  readonly #sim: Sim;
  readonly #figures: Figures;
  readonly #names = new Map<string, NameState>();
  readonly #beganMs: number;

  constructor(sim: Sim, figures: Figures) {
    this.#sim = sim;
    this.#figures = figures;
    this.#beganMs = sim.now;
  }

  waits(node: string, name: string): void {
    this.#state(name).waiting.add(node);
    this.look();
  }

  granted(node: string, name: string, held: Held): void {
    const state = this.#state(name);
    const figures = this.#figures;
    figures.grants += 1;
    if ([...state.holders.values()].some((other) => other.isHeld())) figures.doubleGrants += 1;
    if (held.token <= state.greatestToken) figures.tokensBack += 1;
    state.greatestToken = Math.max(state.greatestToken, held.token);
    state.waiting.delete(node);
    state.holders.set(node, held);
    this.look();
  }

  /** Its work is done, or it knows that it holds no longer. */
  ended(node: string, name: string): void {
    this.#state(name).holders.delete(node);
    this.look();
  }

  /** The dead neither wait nor believe. */
  died(node: string): void {
    for (const { waiting, holders } of this.#names.values()) {
      waiting.delete(node);
      holders.delete(node);
    }
    this.look();
  }

  /** To be called whenever something has changed. */
  look(): void {
    for (const state of this.#names.values()) {
      const isIdle = this.#isIdle(state);
      if (isIdle) state.idleSinceMs ??= this.#sim.now;
      else this.#endIdle(state);
    }
  }

  close(): void {
    for (const state of this.#names.values()) this.#endIdle(state);
    this.#figures.observedMs += this.#names.size * (this.#sim.now - this.#beganMs);
  }

  #isIdle({ waiting, holders }: NameState): boolean {
    const runs = (node: string): boolean => !this.#sim.node(node).isPaused;
    const isAtWork = [...holders].some(([node, held]) => runs(node) && held.isHeld());
    return !isAtWork && [...waiting].some(runs);
  }

  #endIdle(state: NameState): void {
    if (state.idleSinceMs === null) return;
    const idleMs = this.#sim.now - state.idleSinceMs;
    state.idleSinceMs = null;
    this.#figures.idleMs += idleMs;
    this.#figures.longestIdleMs = Math.max(this.#figures.longestIdleMs, idleMs);
  }

  #state(name: string): NameState {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const state = { waiting: new Set<string>(), holders: new Map(), greatestToken: 0 };
    const created: NameState = { ...state, idleSinceMs: null };
    this.#names.set(name, created);
    return created;
  }
}
