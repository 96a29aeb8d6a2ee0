/**
 * When a measure begins and ends, by the clock of the machine, so that all processes agree.
 */

import { clockMs } from '../clock.ts';

/** Long enough for every process to have been told. */
const headStartMs = 20;

export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** So long, from soon on. */
export function spanOf(forMs: number): Span {
  const fromMs = clockMs() + headStartMs;
  return { fromMs, untilMs: fromMs + forMs };
}

let keySpaces = 0;

/** What no other measure of this run calls its keys. */
export function freshPrefix(): string {
  keySpaces += 1;
  return `bench:${keySpaces}`;
}
