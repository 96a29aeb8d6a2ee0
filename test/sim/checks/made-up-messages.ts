/**
 * Messages and claims, made up by hand: on x, exclusive, unless they wish for something else.
 */

import {
  claimId,
  generation,
  type Input,
  type Message,
  type Mode,
  type Patience,
  type RoundId,
  roundNumber,
  stamp,
} from '../../../src/protocol/index.ts';
import type { Prepare } from '../../../src/protocol/message.ts';

export interface Wishes {
  readonly names?: readonly string[];
  readonly mode?: Mode;
  readonly maxHoldMs?: number;
  readonly lingerMs?: number;
  readonly patience?: Patience;
  readonly value?: string;
  /** Claims of the same core. */
  readonly holding?: readonly number[];
}

export interface PrepareWishes extends Wishes {
  readonly committed?: boolean;
  readonly lingers?: boolean;
  readonly token?: number;
  readonly ticket?: number;
}

interface VoteWishes {
  readonly of?: number;
  readonly token?: number;
  readonly after?: readonly RoundId[];
  readonly floor?: number;
}

export function vote(number: number, wishes: VoteWishes = {}): Message {
  const { of = 1, token = number, after = [], floor = 0 } = wishes;
  return {
    type: 'vote',
    round: roundNumber(number),
    generation: generation(of),
    token: stamp(token),
    after,
    floor: stamp(floor),
  };
}

export function prepare(number: number, wishes: PrepareWishes = {}): Prepare {
  const { names = ['x'], mode = 'exclusive', committed = false } = wishes;
  const { token = number, patience = 'wait', lingers = false } = wishes;
  const { maxHoldMs = Number.POSITIVE_INFINITY, ticket = number } = wishes;
  return {
    type: 'prepare',
    round: roundNumber(number),
    resources: names.map((name) => ({ name, mode })),
    ticket: stamp(ticket),
    token: stamp(token),
    committed,
    patience,
    maxHoldMs,
    lingers,
    value: wishes.value ?? null,
  };
}

/** About a vote of some generation. */
export function about(type: 'inquire' | 'yield', number: number, of: number): Message {
  return { type, round: roundNumber(number), generation: generation(of) };
}

/** The end, or the grant, of a round. */
export function decided(
  type: 'commit' | 'release' | 'abort',
  number: number,
  token: number = number,
): Message {
  const round = roundNumber(number);
  return type === 'abort' ? { type, round } : { type, round, token: stamp(token) };
}

export function live(last: number, ...rounds: readonly number[]): Message {
  const first = roundNumber(1);
  return { type: 'live', first, last: roundNumber(last), rounds: rounds.map(roundNumber) };
}

/** A claim that waits. */
export function asked(claim: number, wishes: Wishes): Input {
  const { names = ['x'], mode = 'exclusive', maxHoldMs = Number.POSITIVE_INFINITY } = wishes;
  return {
    type: 'acquire',
    claim: claimId(claim),
    ...(wishes.holding === undefined ? {} : { holding: wishes.holding.map(claimId) }),
    resources: names.map((name) => ({ name, mode })),
    patience: wishes.patience ?? 'wait',
    timeoutMs: Number.POSITIVE_INFINITY,
    maxHoldMs,
    lingerMs: wishes.lingerMs ?? 0,
    value: wishes.value ?? null,
  };
}
