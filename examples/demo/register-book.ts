/**
 * What the register keeps and how it judges: a value fenced by tokens, and who is inside.
 *
 * It is the referee of the demo, and trusts nobody's word for exclusion:
 *
 * - whoever enters must bring a greater token than everyone before: else a token went back;
 * - whoever enters while another is inside overlaps with it, unless that one was paused, which this
 *   register is told by whoever paused it: a process that does not run cannot leave;
 * - a paused one that was passed, wakes, and still takes itself for the holder, overlaps after all.
 */

import type { Visitor } from './messages.ts';

interface Visit {
  readonly visitor: Visitor;
  readonly token: number;
}

export class RegisterBook {
  #value = '';
  #greatestToken = 0;
  #inside: Visit | null = null;
  readonly #paused = new Set<string>();
  readonly #overstayed = new Set<Visitor>();
  readonly #visitors: Visitor[] = [];
  readonly #troubles: string[] = [];
  readonly #onTrouble: (what: string) => void;

  constructor(onTrouble: (what: string) => void) {
    this.#onTrouble = onTrouble;
  }

  get value(): string {
    return this.#value;
  }

  get visitors(): readonly Visitor[] {
    return this.#visitors;
  }

  get troubles(): readonly string[] {
    return this.#troubles;
  }

  greet(who: string, pid: number): Visitor {
    const visitor = { who, pid, entered: 0, wrote: 0, refused: 0 };
    this.#visitors.push(visitor);
    return visitor;
  }

  /** From now on `who` may overstay: it does not run. */
  pause(who: string): void {
    this.#paused.add(who);
  }

  enter(visitor: Visitor, token: number): boolean {
    if (token <= this.#greatestToken) {
      this.#trouble(`${visitor.who} brought token ${token} after ${this.#greatestToken}`);
      return false;
    }
    const other = this.#inside?.visitor;
    if (other !== undefined && this.#paused.has(other.who)) this.#overstayed.add(other);
    else if (other !== undefined)
      this.#trouble(`${visitor.who} entered while ${other.who} was inside`);
    this.#greatestToken = token;
    this.#inside = { visitor, token };
    visitor.entered += 1;
    return true;
  }

  /** The fence: refuses a token smaller than the greatest that was seen. */
  write(visitor: Visitor, token: number, value: string): boolean {
    if (token < this.#greatestToken) {
      visitor.refused += 1;
      return false;
    }
    this.#value = value;
    visitor.wrote += 1;
    return true;
  }

  leave(visitor: Visitor, token: number, held: boolean): void {
    const overstayed = this.#overstayed.delete(visitor);
    this.#paused.delete(visitor.who);
    if (overstayed && held)
      this.#trouble(`${visitor.who} was passed and took itself for the holder`);
    if (this.#inside?.token === token) this.#inside = null;
  }

  /** The process is gone, with all that it was about to do. */
  vanish(visitor: Visitor): boolean {
    this.#overstayed.delete(visitor);
    const wasInside = this.#inside?.visitor === visitor;
    if (wasInside) this.#inside = null;
    return wasInside;
  }

  #trouble(what: string): void {
    this.#troubles.push(what);
    this.#onTrouble(what);
  }
}
