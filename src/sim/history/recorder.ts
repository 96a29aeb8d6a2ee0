/**
 * Records a history while it happens, of whatever can say when it calls and what it is answered.
 */

import { HistoryError } from './history-error.ts';
import type { HistoryOperation, HistoryResult } from './operation.ts';

/** How to record. */
export interface HistoryRecorderOptions {
  /**
   * The clock: the same for all that is recorded, and never set back. In any unit; the finer, the
   * more is known of what came first. Of a real run, say `() => Number(process.hrtime.bigint())`.
   */
  now(): number;
  /**
   * By how much the clocks of several machines may differ, in the unit of `now`: each operation is
   * taken to have lasted longer by so much, at both ends.
   *
   * @default 0
   */
  readonly error?: number;
  /** Sees each operation once it has returned, for instance to write it to a file. */
  onOperation?(operation: HistoryOperation): void;
}

/** What is asked for. */
export type HistoryAsk = Omit<HistoryOperation, 'call' | 'return' | 'result' | 'token'>;

/** An operation that has been called. */
export interface HistoryCall {
  /** It has returned. What comes after the first answer is ignored. */
  answer(result: HistoryResult, token?: number): void;
  /** It was none: it asked for the impossible, say. */
  cancel(): void;
}

/** A lock that somebody has, for the recorder to look at. @internal */
export interface RecordedHold {
  readonly client: string;
  readonly names: readonly string[];
  look(): void;
  die(): void;
}

/** Keeps a history of operations, in the order of their calls. */
export class HistoryRecorder {
  readonly #options: HistoryRecorderOptions;
  readonly #history: (HistoryOperation | null)[] = [];
  readonly #holds = new Set<RecordedHold>();
  #numbers = 0;

  /** @throws {HistoryError} when `error` is no number from 0 */
  constructor(options: HistoryRecorderOptions) {
    const { error = 0 } = options;
    if (!Number.isFinite(error) || error < 0) {
      const what = 'error must be a number from 0';
      throw new HistoryError(`Cannot record history: ${what}, received ${String(error)}`);
    }
    this.#options = options;
  }

  /** All operations so far; those that have not returned are `unknown`. */
  get operations(): readonly HistoryOperation[] {
    return this.#history.filter((operation) => operation !== null);
  }

  /** What the clock shows. */
  now(): number {
    return this.#options.now();
  }

  /** Something is called now. */
  call(asked: HistoryAsk): HistoryCall {
    const at = this.#history.length;
    const call = this.now() - this.#error;
    const open: HistoryOperation = { ...asked, call, return: null, result: 'unknown' };
    this.#history.push(open);
    let isOpen = true;
    return {
      answer: (result, token) => {
        if (!isOpen) return;
        isOpen = false;
        const back = { ...open, return: this.now() + this.#error, result };
        const answered = token === undefined ? back : { ...back, token };
        this.#history[at] = answered;
        this.#options.onOperation?.(answered);
      },
      cancel: () => {
        if (isOpen) this.#history[at] = null;
        isOpen = false;
      },
    };
  }

  /**
   * A hold has ended without its holder's doing, at some moment since `since`, by the clock.
   *
   * @param isKnown whether it is over now; if not, it may be, or end later
   */
  lost(asked: Omit<HistoryAsk, 'op'>, since: number, isKnown = true): void {
    const operation: HistoryOperation = {
      ...{ ...asked, op: 'lost', call: since - this.#error },
      return: isKnown ? this.now() + this.#error : null,
      result: isKnown ? 'ok' : 'unknown',
    };
    this.#history.push(operation);
    this.#options.onOperation?.(operation);
  }

  /** The process of a client has ended: what it held may end, when the others find out. */
  died(client: string): void {
    for (const hold of [...this.#holds]) if (hold.client === client) hold.die();
  }

  /** A name for a hold that is given to no other. @internal */
  nextHold(client: string): string {
    this.#numbers += 1;
    return `${client}.${this.#numbers}`;
  }

  /** Somebody has a lock; others of the same names are looked at. @internal */
  begin(hold: RecordedHold): void {
    for (const other of [...this.#holds]) {
      if (other.names.some((name) => hold.names.includes(name))) other.look();
    }
    this.#holds.add(hold);
  }

  /** It is over. @internal */
  end(hold: RecordedHold): void {
    this.#holds.delete(hold);
  }

  get #error(): number {
    return this.#options.error ?? 0;
  }
}
