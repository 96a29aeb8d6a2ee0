/**
 * No peer finds a fault in itself.
 */

import { InternalError } from '../../peer/errors.ts';
import { type Checker, type CheckerSetup, Violation } from '../checker.ts';
import { describeClocks } from './wording.ts';

export class Crash implements Checker {
  readonly name = 'crash';
  readonly #setup: CheckerSetup;
  readonly #seen = new WeakSet<Error>();

  constructor(setup: CheckerSetup) {
    this.#setup = setup;
  }

  onStep(): void {}

  onTurn(): void {
    const { failures, nowMs } = this.#setup.world;
    if (failures.length === 0) return;
    for (const { host, error } of failures) {
      if (!(error instanceof InternalError) || this.#seen.has(error)) continue;
      this.#seen.add(error);
      const { message, cause } = error;
      const where = cause instanceof Error ? cause.stack : undefined;
      const text = `At ${nowMs} ms: ${host.name} (${describeClocks(host)}): ${where ?? message}`;
      this.#setup.onViolation(new Violation(this.name, text, nowMs));
    }
  }
}
