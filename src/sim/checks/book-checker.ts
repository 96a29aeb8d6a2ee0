/**
 * What the checkers that follow the books have in common.
 */

import { type Checker, type CheckerSetup, Violation } from '../checker.ts';
import type { Host } from '../host.ts';
import type { SeenStep } from '../world.ts';
import type { Books } from './books.ts';

export abstract class BookChecker implements Checker {
  abstract readonly name: string;
  protected readonly books: Books;
  readonly #setup: CheckerSetup;

  constructor(setup: CheckerSetup, books: Books) {
    this.#setup = setup;
    this.books = books;
  }

  onStep(seen: SeenStep): void {
    this.books.onStep(seen);
  }

  onDeath(host: Host): void {
    this.books.onDeath(host);
  }

  protected violate(message: string): void {
    const { nowMs } = this.#setup.world;
    const violation = new Violation(this.name, `At ${nowMs} ms: ${message}`, nowMs);
    this.#setup.onViolation(violation);
  }
}
