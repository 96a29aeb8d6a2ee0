/**
 * What `npm run explore` searches, by name.
 */

import type { Resource } from '../../src/protocol/index.ts';
import {
  type Budgets,
  type MeshScope,
  noFaults,
  type ScopeClaim,
} from '../../src/sim/explore/scope.ts';

/** `hunt`: for planted bugs; as deep as there is time. */
export type Tier = 'release' | 'nightly' | 'hunt';

export interface ListedScope extends MeshScope {
  readonly tier: Tier;
  /** Why it may stay incomplete in a release; `null` where it may not. */
  readonly excuse: string | null;
}

/** The numbers of resource managers of the classic two-phase commit, and of their states. */
export const goldens: readonly (readonly [count: number, states: number, symmetric: number])[] = [
  [3, 288, 80],
  [5, 8_832, 314],
  [6, 50_816, 553],
  [7, 296_448, 920],
  [8, 1_745_408, 1_461],
];

/** Resources by one letter each: a capital one is shared. */
function claim(peer: number, letters: string, patience: 'wait' | 'try' = 'wait'): ScopeClaim {
  const resources = [...letters].map((letter): Resource => {
    const name = letter.toLowerCase();
    return { name, mode: letter === name ? 'exclusive' : 'shared' };
  });
  return { peer, resources, patience };
}

const usual = ['granted', 'waits for a holder', 'handed over', 'all over'];
const rival = [...usual, 'vote given back'];

interface Wish {
  readonly tier?: Tier;
  readonly voters?: number;
  /** @default a majority */
  readonly quorum?: number;
  readonly claims?: readonly ScopeClaim[];
  readonly budgets?: Partial<Budgets>;
  readonly victims?: readonly number[];
  readonly seesDown?: boolean;
  readonly slowMax?: number;
  readonly isWarm?: boolean;
  readonly goals?: readonly string[];
  readonly excuse?: string;
}

function scope(name: string, wish: Wish): ListedScope {
  const { voters = 3, claims = [claim(0, 'x'), claim(1, 'x')], budgets, excuse } = wish;
  return {
    name,
    tier: wish.tier ?? 'release',
    voters,
    quorum: wish.quorum ?? Math.floor(voters / 2) + 1,
    claims,
    budgets: { ...noFaults, ...budgets },
    victims: wish.victims ?? Array.from({ length: voters }, (_, peer) => peer),
    seesDown: wish.seesDown ?? true,
    jumpsMs: [1_500, -1_500],
    slowMax: wish.slowMax ?? 0,
    isWarm: wish.isWarm ?? true,
    isSymmetric: true,
    isReduced: true,
    goals: wish.goals ?? rival,
    excuse: excuse ?? null,
  };
}

/** The same for a majority and for all. */
function bothWays(name: string, wish: Wish): readonly ListedScope[] {
  const isQuick = wish.goals ?? rival;
  // Whoever needs all votes holds none that a dead voter could give.
  const unanimousGoals = isQuick.filter((goal) => goal !== 'granted after a death');
  return [
    scope(`${name}-majority`, wish),
    scope(`${name}-unanimous`, { ...wish, quorum: wish.voters ?? 3, goals: unanimousGoals }),
  ];
}

const restart = {
  budgets: { restarts: 1 },
  seesDown: false,
  goals: [...rival, 'holds while another recovers', 'recovered'],
} as const;

const threeOwners = [claim(0, 'x'), claim(1, 'x'), claim(2, 'x')];

const nightly = { tier: 'nightly', goals: usual } as const;

/** Whatever it comes across: it is not expected to end. */
const hunt = { tier: 'hunt', goals: [] } as const;
const pair = { ...hunt, voters: 2, quorum: 2, seesDown: false } as const;

export const scopes: readonly ListedScope[] = [
  scope('pair', { voters: 2, quorum: 2 }),
  ...bothWays('plain', {}),
  ...bothWays('crash', { budgets: { crashes: 1 } }),
  ...bothWays('break', { budgets: { breaks: 1 } }),
  ...bothWays('jump', { budgets: { jumps: 1 } }),
  // One scope for each peer that may restart: together they are the whole.
  scope('restart-owner-majority', { ...restart, victims: [0] }),
  scope('restart-rival-majority', { ...restart, victims: [1] }),
  scope('restart-voter-majority', { ...restart, victims: [2] }),
  scope('restart-unanimous', { ...restart, quorum: 3 }),
  scope('three-claims-majority', { claims: [claim(0, 'x'), claim(1, 'x'), claim(1, 'x')] }),
  scope('three-claims-unanimous', { quorum: 3, claims: threeOwners }),
  scope('shared-exclusive', { claims: [claim(0, 'X'), claim(1, 'x')] }),
  scope('shared-together', {
    claims: [claim(0, 'X'), claim(1, 'X')],
    goals: ['granted', 'held together', 'all over'],
  }),
  scope('two-resources', { claims: [claim(0, 'xy'), claim(1, 'xy')] }),
  scope('one-of-two-resources', { claims: [claim(0, 'xy'), claim(1, 'x')], goals: usual }),
  scope('same-peer', { claims: [claim(0, 'x'), claim(0, 'x')], goals: usual }),
  scope('try', {
    claims: [claim(0, 'x', 'try'), claim(1, 'x', 'try')],
    goals: ['granted', 'all over'],
  }),
  scope('give-up', { budgets: { giveUps: 1 } }),
  ...bothWays('time', { budgets: { beats: 4 } }),

  scope('three-owners-majority', { ...nightly, claims: threeOwners }),
  scope('restart-full-majority', { ...nightly, budgets: { restarts: 1 } }),
  scope('restart-expiry-of-five', {
    ...nightly,
    voters: 5,
    budgets: { restarts: 1, beats: 3 },
    seesDown: false,
  }),
  scope('four', { ...nightly, voters: 4 }),
  scope('readers-writer', { ...nightly, claims: [claim(0, 'X'), claim(1, 'X'), claim(2, 'x')] }),
  scope('crossed', { ...nightly, claims: [claim(0, 'xy'), claim(1, 'x'), claim(2, 'y')] }),
  scope('two-resources-crash-restart', {
    ...nightly,
    claims: [claim(0, 'xy'), claim(1, 'yx')],
    budgets: { crashes: 1, restarts: 1 },
    seesDown: false,
  }),

  scope('hunt-pair-faults', { ...pair, budgets: { restarts: 1, breaks: 1 } }),
  scope('hunt-pair-time', { ...pair, budgets: { crashes: 1, breaks: 1, beats: 4 }, slowMax: 2 }),
  scope('hunt-pair-pause', { ...pair, budgets: { pauses: 2, beats: 4 }, slowMax: 2 }),
  scope('hunt-plain', hunt),
  scope('hunt-break-unanimous', { ...hunt, quorum: 3, budgets: { breaks: 1 } }),
  scope('hunt-crash-time', { ...hunt, budgets: { crashes: 1, beats: 4 } }),
  scope('hunt-jump', { ...hunt, budgets: { jumps: 1 } }),
  scope('hunt-break', { ...hunt, budgets: { breaks: 1 } }),
  scope('hunt-restart-voter', {
    ...hunt,
    budgets: { restarts: 1 },
    victims: [2],
    seesDown: false,
  }),
  scope('hunt-restart-owner', {
    ...hunt,
    budgets: { restarts: 1 },
    victims: [0],
    seesDown: false,
  }),
  scope('hunt-break-time', { ...hunt, budgets: { breaks: 1, beats: 4 }, slowMax: 2 }),
  scope('hunt-pause', { ...hunt, budgets: { pauses: 3, beats: 4 }, slowMax: 6 }),
  scope('hunt-jump-time', { ...hunt, budgets: { jumps: 1, beats: 3 }, slowMax: 2 }),
];
