/**
 * What a checker is: it sees the steps of the cores and nothing of their inside, and says when a
 * promise of the protocol was broken.
 */

import type { Host } from './host.ts';
import type { Observer, World } from './world.ts';

/** A promise that was broken. */
export class Violation extends Error {
  /** The check that found it, e.g. `exclusion`. */
  readonly check: string;
  /** In true time. */
  readonly atMs: number;

  constructor(check: string, message: string, atMs: number) {
    super(message);
    this.name = 'Violation';
    this.check = check;
    this.atMs = atMs;
  }
}

/** What a checker is told about the world that it watches. */
export interface CheckerSetup {
  readonly world: World;
  /**
   * Whether a grant's token must exceed those before it: not when voters forget and wall clocks are
   * set wrong, without state files (section 1 of docs/protocol.md).
   */
  readonly isFenced: boolean;
  /** Whether clocks run within the assumed bound, so that exclusion is promised. */
  readonly isExclusive: boolean;
  /** Called at the first broken promise. */
  onViolation(violation: Violation): void;
}

/** Watches for one promise. */
export interface Checker extends Observer {
  readonly name: string;
  /**
   * A process has been killed or was stopped: what it held is held no longer, once its machine
   * cannot act.
   */
  onDeath?(host: Host): void;
  /** All faults are over, all claims ended, and all is quiet: nothing may be left over. */
  atRest?(): void;
}
