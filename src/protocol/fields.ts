/**
 * Reads an array of unknown values field by field, in order, and remembers the first that is wrong.
 * After a wrong one the readers give harmless values, so that a parser is one straight line that
 * asks for `error()` at its end.
 */

import { isName, namesMax } from './claim.ts';
import {
  type Generation,
  generation,
  type Incarnation,
  incarnation,
  isPeerId,
  isRoundId,
  type LeaseTimeMs,
  leaseTimeMs,
  type RoundId,
  type RoundNumber,
  roundNumber,
  type SessionNumber,
  type Stamp,
  sessionNumber,
  stamp,
} from './ids.ts';
import type { Holder, Resource } from './message.ts';

/** The most holders that a message names. */
const holdersMax = 64;

export class Fields {
  readonly #of: string;
  readonly #values: readonly unknown[];
  #next = 0;
  #error: string | undefined;

  /**
   * @param of what the array is, for errors
   * @param length how many elements it must have
   */
  constructor(of: string, value: unknown, length: number) {
    this.#of = of;
    const isFit = Array.isArray(value) && value.length === length;
    this.#values = isFit ? value : [];
    if (!isFit) this.#error = `${of}: should be an array of ${length}, is ${shape(value)}`;
  }

  /** The fields of a message: what comes after its tag. */
  static ofMessage(of: string, value: unknown, length: number): Fields {
    const fields = new Fields(of, value, length);
    fields.#next = 1;
    return fields;
  }

  /** The first thing that was wrong. */
  error(): string | undefined {
    return this.#error;
  }

  integer(name: string, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.#take();
    const isFit = typeof value === 'number' && Number.isSafeInteger(value);
    if (isFit && value >= min && value <= max) return value;
    this.#refuse(name, `a whole number from ${min} to ${max}`, value);
    return min;
  }

  incarnation(name: string): Incarnation {
    return incarnation(this.integer(name, 1));
  }

  round(name: string): RoundNumber {
    return roundNumber(this.integer(name, 1));
  }

  session(name: string): SessionNumber {
    return sessionNumber(this.integer(name, 0));
  }

  generation(name: string): Generation {
    return generation(this.integer(name, 1));
  }

  stamp(name: string): Stamp {
    return stamp(this.integer(name, 0));
  }

  leaseTime(name: string, min: number): LeaseTimeMs {
    return leaseTimeMs(this.integer(name, min));
  }

  list(name: string, max: number): readonly unknown[] {
    const value = this.#take();
    if (Array.isArray(value) && value.length <= max) return value;
    this.#refuse(name, `an array of at most ${max}`, value);
    return [];
  }

  rounds(name: string, max: number): RoundNumber[] {
    const rounds: RoundNumber[] = [];
    for (const value of this.list(name, max)) {
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) {
        rounds.push(roundNumber(value));
      } else this.#refuse(name, 'round numbers', value);
    }
    return rounds;
  }

  roundIds(name: string, max: number): RoundId[] {
    const ids: RoundId[] = [];
    for (const value of this.list(name, max)) {
      if (isRoundId(value)) ids.push(value);
      else this.#refuse(name, 'round ids', value);
    }
    return ids;
  }

  /** At least one, each name once. */
  resources(name: string): Resource[] {
    const resources: Resource[] = [];
    const names = new Set<string>();
    for (const value of this.list(name, namesMax)) {
      const isShared = Array.isArray(value) && value.length === 1;
      const text: unknown = isShared ? value[0] : value;
      if (isName(text) && !names.has(text)) {
        names.add(text);
        resources.push({ name: text, mode: isShared ? 'shared' : 'exclusive' });
      } else this.#refuse(name, 'distinct names', value);
    }
    if (resources.length === 0) this.#refuse(name, 'at least one name', resources);
    return resources;
  }

  holders(name: string): Holder[] {
    const holders: Holder[] = [];
    for (const value of this.list(name, holdersMax)) {
      const [peer, heldForMs]: unknown[] = Array.isArray(value) ? value : [];
      const isAge = typeof heldForMs === 'number' && Number.isSafeInteger(heldForMs);
      if (isPeerId(peer) && isAge && heldForMs >= 0) holders.push({ peer, heldForMs });
      else this.#refuse(name, 'pairs of a peer id and milliseconds', value);
    }
    return holders;
  }

  #take(): unknown {
    const value = this.#values[this.#next];
    this.#next += 1;
    return value;
  }

  #refuse(name: string, wanted: string, got: unknown): void {
    this.#error ??= `${this.#of}: ${name} should be ${wanted}, is ${shape(got)}`;
  }
}

/** Enough of a value to recognise it: strangers choose its size. */
function shape(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 32));
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
