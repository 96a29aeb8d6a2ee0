/**
 * How the scopes of `npm run explore` are told in few words.
 */

import type { Patience, Resource } from '../../src/protocol/index.ts';
import type { PreludeStep } from '../../src/sim/explore/action.ts';
import {
  type Budgets,
  type MeshScope,
  noFaults,
  type Pace,
  type ScopeClaim,
} from '../../src/sim/explore/scope.ts';

/** `hunt`: for planted bugs; as deep as there is time. */
export type Tier = 'release' | 'nightly' | 'hunt';

export interface ListedScope extends MeshScope {
  readonly tier: Tier;
  /** Why it may stay incomplete in a release; `null` where it may not. */
  readonly excuse: string | null;
}

/** Resources by one letter each: a capital one is shared. */
export function claim(peer: number, letters: string, patience: Patience = 'wait'): ScopeClaim {
  const resources = [...letters].map((letter): Resource => {
    const name = letter.toLowerCase();
    return { name, mode: letter === name ? 'exclusive' : 'shared' };
  });
  return { peer, resources, patience };
}

/** A claim whose round may linger. */
export function staying(peer: number, letters: string): ScopeClaim {
  return { ...claim(peer, letters), lingers: true };
}

/** A claim that may be downgraded while it is held. */
export function downgrading(peer: number, letters: string): ScopeClaim {
  return { ...claim(peer, letters), downgrades: true };
}

/** The same claim, held for as long as it may be. */
export function hung(asked: ScopeClaim): ScopeClaim {
  return { ...asked, hangs: true };
}

/** Of claims that conflict. */
export const usual: readonly string[] = [
  'granted',
  'waits for a holder',
  'handed over',
  'all over',
];
/** Of two claims that conflict. */
export const rival: readonly string[] = [...usual, 'vote given back'];

export interface Wish {
  readonly tier?: Tier;
  readonly voters?: number;
  /** @default a majority */
  readonly quorum?: number;
  /** @default all voters */
  readonly replicas?: number;
  readonly claims?: readonly ScopeClaim[];
  readonly budgets?: Partial<Budgets>;
  readonly victims?: readonly number[];
  readonly seesDown?: boolean;
  readonly slowMax?: number;
  readonly isWarm?: boolean;
  readonly goals?: readonly string[];
  readonly excuse?: string;
  readonly isReduced?: boolean;
  readonly jumpsMs?: readonly number[];
  readonly prelude?: readonly PreludeStep[];
  readonly pace?: Pace;
  readonly withheld?: readonly (readonly [from: number, to: number])[];
  readonly files?: 'at-once' | 'late';
}

export function scope(name: string, wish: Wish): ListedScope {
  const {
    voters = 3,
    replicas = voters,
    claims = [claim(0, 'x'), claim(1, 'x')],
    budgets,
    excuse,
  } = wish;
  return {
    name,
    tier: wish.tier ?? 'release',
    voters,
    quorum: wish.quorum ?? Math.floor(replicas / 2) + 1,
    replicas,
    claims,
    budgets: { ...noFaults, ...budgets },
    victims: wish.victims ?? Array.from({ length: voters }, (_, peer) => peer),
    seesDown: wish.seesDown ?? true,
    jumpsMs: wish.jumpsMs ?? [1_500, -1_500],
    slowMax: wish.slowMax ?? 0,
    isWarm: wish.isWarm ?? true,
    // What happens before the search names peers that are alike.
    isSymmetric: wish.prelude === undefined,
    isReduced: wish.isReduced ?? true,
    goals: wish.goals ?? rival,
    excuse: excuse ?? null,
    prelude: wish.prelude ?? [],
    ...(wish.pace === undefined ? {} : { pace: wish.pace }),
    withheld: wish.withheld ?? [],
    files: wish.files ?? 'none',
  };
}
