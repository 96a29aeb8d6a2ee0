/**
 * Histories for Jepsen and its checker Knossos, as EDN: an invocation and a completion for each
 * operation, one to a line.
 */

import { HistoryError } from './history-error.ts';
import { lanesOf } from './lanes.ts';
import { type HistoryOperation, holdOf, namesOf } from './operation.ts';
import { requireOperations } from './require-operations.ts';

/**
 * - `mutex`: `:acquire` and `:release`, for `knossos.model/mutex`. Their value, at which that model
 *   does not look, is `{:client k}` for hold k, with the token of what was granted as its `:fence`,
 *   for models that know owners and fences. A lost lock is a `:release` with `:lost true`; looks
 *   are left out.
 * - `cas-register`: `:cas [nil k]` for a grant of hold k, `:cas [k nil]` for its end, `:read k` for
 *   a look that found it held, for `knossos.model/cas-register`, which begins with nil.
 */
export type JepsenModel = 'mutex' | 'cas-register';

/** What there is to say of an operation. */
interface Line {
  readonly f: 'acquire' | 'release' | 'cas' | 'read';
  /** As EDN, when it is called, and when it is answered. */
  readonly asked: string;
  readonly answered: string;
  readonly isLost: boolean;
}

interface Event {
  readonly index: number;
  readonly time: number;
  readonly isCall: boolean;
}

/**
 * Writes a history as Jepsen keeps its own. With several names in it, each value is a tuple of the
 * name and the value, as `jepsen.independent` has it.
 *
 * @throws {HistoryError} when an operation is malformed, is shared, is of several names at once or
 * takes several permits: the models of Jepsen know none of these
 */
export function toJepsen(
  history: readonly HistoryOperation[],
  { model = 'mutex' }: { readonly model?: JepsenModel } = {},
): string {
  requireOperations(history, 'export');
  requirePlain(history);
  const writer = new Writer(history, model);
  return eventsOf(history)
    .map((event) => writer.write(event))
    .filter((line) => line !== null)
    .map((line) => `${line}\n`)
    .join('');
}

class Writer {
  readonly #history: readonly HistoryOperation[];
  readonly #model: JepsenModel;
  readonly #lanes: readonly number[];
  readonly #holds = new Map<string, number>();
  readonly #isKeyed: boolean;
  #count = 0;

  constructor(history: readonly HistoryOperation[], model: JepsenModel) {
    this.#history = history;
    this.#model = model;
    this.#lanes = lanesOf(history);
    this.#isKeyed = new Set(history.map(nameOf)).size > 1;
  }

  write({ index, time, isCall }: Event): string | null {
    const operation = this.#history[index];
    const line = operation === undefined ? null : this.#lineOf(operation);
    if (operation === undefined || line === null) return null;
    const value = isCall ? line.asked : line.answered;
    const keyed = this.#isKeyed ? `[${JSON.stringify(nameOf(operation))} ${value}]` : value;
    const type = isCall ? 'invoke' : typeOf(operation);
    const lost = line.isLost ? ', :lost true' : '';
    const count = this.#count;
    this.#count += 1;
    return (
      `{:process ${this.#lanes[index] ?? 0}, :type :${type}, :f :${line.f}, :value ${keyed}, ` +
      `:time ${time}, :index ${count}${lost}}`
    );
  }

  #lineOf(operation: HistoryOperation): Line | null {
    const { op, result, token } = operation;
    const isGrant = op === 'acquire' || op === 'try';
    const hold = this.#numberOf(operation);
    if (this.#model === 'mutex') {
      if (op === 'look') return null;
      const f = isGrant ? 'acquire' : 'release';
      const asked = `{:client ${hold}}`;
      const answered = token === undefined ? asked : `{:client ${hold}, :fence ${token}}`;
      return { f, asked, answered, isLost: op === 'lost' };
    }
    if (op === 'look') {
      // That it is not k, a register cannot say.
      if (result !== 'held') return null;
      return { f: 'read', asked: 'nil', answered: String(hold), isLost: false };
    }
    const value = isGrant ? `[nil ${hold}]` : `[${hold} nil]`;
    return { f: 'cas', asked: value, answered: value, isLost: op === 'lost' };
  }

  /** From 1, in the order in which they are first named. */
  #numberOf(operation: HistoryOperation): number {
    const hold = holdOf(operation);
    const number = this.#holds.get(hold) ?? this.#holds.size + 1;
    this.#holds.set(hold, number);
    return number;
  }
}

/** How an operation has ended, to Jepsen. */
function typeOf({ result }: HistoryOperation): 'ok' | 'fail' | 'info' {
  if (result === 'ok' || result === 'held') return 'ok';
  return result === 'unknown' ? 'info' : 'fail';
}

/** In the order of time; in one moment, calls before returns, since both count as concurrent. */
function eventsOf(history: readonly HistoryOperation[]): readonly Event[] {
  let last = 0;
  for (const { call, return: returned } of history) last = Math.max(last, call, returned ?? call);
  const events = history.flatMap((operation, index): readonly Event[] => {
    // That nothing was heard is said at the end, when it matters no more.
    return [
      { index, time: operation.call, isCall: true },
      { index, time: operation.return ?? last, isCall: false },
    ];
  });
  return events.sort((one, other) => {
    return one.time - other.time || Number(other.isCall) - Number(one.isCall);
  });
}

function nameOf(operation: HistoryOperation): string {
  return namesOf(operation)[0]?.name ?? '';
}

function requirePlain(history: readonly HistoryOperation[]): void {
  for (const [index, operation] of history.entries()) {
    const [first, second] = namesOf(operation);
    const odd =
      second !== undefined
        ? 'is of several names'
        : first?.mode === 'shared' || operation.op === 'downgrade'
          ? 'is shared'
          : (operation.permits ?? 1) > 1
            ? 'takes several permits'
            : null;
    if (odd === null) continue;
    const what = `operation ${index + 1} ${odd}, which no model of Jepsen knows`;
    throw new HistoryError(`Cannot export history: ${what}`);
  }
}
