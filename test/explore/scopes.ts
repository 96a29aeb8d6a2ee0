/**
 * What `npm run explore` searches, by name.
 */

import { huntScopes } from './hunt-scopes.ts';
import {
  claim,
  downgrading,
  hung,
  type ListedScope,
  rival,
  scope,
  staying,
  usual,
  type Wish,
} from './wish.ts';

export type { ListedScope, Tier } from './wish.ts';

/** The numbers of resource managers of the classic two-phase commit, and of their states. */
export const goldens: readonly (readonly [count: number, states: number, symmetric: number])[] = [
  [3, 288, 80],
  [5, 8_832, 314],
  [6, 50_816, 553],
  [7, 296_448, 920],
  [8, 1_745_408, 1_461],
];

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

/** What expiry leads to: a rival is granted what a dead peer held. */
const expiry = { seesDown: false, goals: [...usual, 'granted after a death'] } as const;

const threeOwners = [claim(0, 'x'), claim(1, 'x'), claim(2, 'x')];

const downgraded = { goals: [...usual, 'downgraded'] } as const;

const downgrade = {
  claims: [downgrading(0, 'x'), claim(1, 'X')],
  goals: [...downgraded.goals, 'held together'],
} as const;

const groups = { voters: 4, replicas: 3 } as const;

const nightly = { tier: 'nightly', goals: usual } as const;

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
  scope('crash-expiry', { ...expiry, budgets: { crashes: 1, beats: 3 }, victims: [0] }),

  ...bothWays('lingering', {
    claims: [staying(0, 'x'), staying(0, 'x'), claim(1, 'x')],
    goals: [...usual, 'granted again'],
  }),
  scope('lingering-rivals', { claims: [staying(0, 'x'), staying(1, 'x')] }),
  scope('lingering-try', { claims: [staying(0, 'x'), claim(1, 'x', 'try')], goals: usual }),
  scope('lingering-time', {
    claims: [staying(0, 'x'), staying(0, 'x')],
    budgets: { beats: 3 },
    goals: ['granted', 'granted again', 'all over'],
  }),
  scope('lingering-restart', {
    ...restart,
    claims: [staying(0, 'x'), claim(1, 'x')],
    victims: [2],
  }),
  scope('lingering-break', {
    claims: [staying(0, 'x'), claim(1, 'x')],
    budgets: { breaks: 1 },
  }),
  scope('following-give-up', {
    claims: [staying(0, 'x'), staying(0, 'x'), claim(1, 'x')],
    budgets: { giveUps: 1 },
    goals: [...usual, 'granted again'],
  }),
  scope('following-restart', {
    budgets: { restarts: 1 },
    seesDown: false,
    claims: [staying(0, 'x'), staying(0, 'x')],
    victims: [2],
    goals: ['granted', 'granted again', 'recovered', 'all over'],
  }),

  scope('steal', { claims: [claim(0, 'x'), claim(1, 'x', 'steal')], goals: usual }),
  scope('steal-rivals', { claims: [claim(0, 'x', 'steal'), claim(1, 'x', 'steal')], goals: usual }),
  scope('steal-break', {
    claims: [claim(0, 'x'), claim(1, 'x', 'steal')],
    budgets: { breaks: 1 },
    goals: usual,
  }),
  scope('steal-passes', {
    claims: [claim(0, 'x'), claim(0, 'x'), claim(1, 'x', 'steal')],
    goals: [...usual, 'vote given back'],
  }),

  // Whoever holds it releases nothing before all others are answered.
  scope('steal-hung', {
    claims: [hung(claim(0, 'x')), claim(1, 'x', 'steal')],
    budgets: { breaks: 1 },
    goals: ['granted', 'waits for a holder', 'handed over'],
  }),

  ...bothWays('downgrade', downgrade),
  scope('downgrade-later', { ...downgrade, claims: [claim(0, 'X'), downgrading(1, 'x')] }),
  scope('downgrade-same-peer', { ...downgrade, claims: [downgrading(0, 'x'), claim(0, 'X')] }),
  scope('downgrade-hung', {
    claims: [hung(downgrading(0, 'x')), claim(1, 'X')],
    goals: ['granted', 'waits for a holder', 'downgraded', 'held together'],
  }),
  scope('downgrade-writer', { ...downgraded, claims: [downgrading(0, 'x'), claim(1, 'x')] }),
  scope('downgrade-steal', {
    ...downgraded,
    claims: [downgrading(0, 'x'), claim(1, 'x', 'steal')],
  }),
  scope('downgrade-break', { ...downgrade, budgets: { breaks: 1 } }),
  scope('downgrade-time', { ...downgrade, budgets: { beats: 3 } }),
  scope('downgrade-restart', {
    ...downgrade,
    budgets: { restarts: 1 },
    victims: [2],
    seesDown: false,
    goals: [...downgrade.goals, 'recovered'],
  }),
  scope('downgrade-crash', {
    ...downgrade,
    ...expiry,
    budgets: { crashes: 1, beats: 3 },
    victims: [0],
    goals: [...expiry.goals, 'downgraded', 'held together'],
  }),

  // Of a to d, a, b and d decide on x, and a, b and c on y.
  scope('groups', { ...groups, claims: [claim(2, 'xy'), claim(3, 'x')] }),
  scope('groups-apart', { ...groups, claims: [claim(2, 'xy'), claim(3, 'y')] }),
  scope('groups-downgrade', {
    ...groups,
    ...downgrade,
    claims: [downgrading(2, 'xy'), claim(3, 'X')],
  }),
  scope('groups-crossed', { ...groups, claims: [claim(2, 'xy'), claim(3, 'xy')] }),

  scope('three-owners-majority', { ...nightly, claims: threeOwners }),
  scope('restart-expiry', {
    ...nightly,
    claims: [claim(0, 'x')],
    budgets: { restarts: 1, beats: 2 },
    slowMax: 1,
    seesDown: false,
    goals: ['granted', 'recovered', 'all over'],
  }),
  scope('restart-full-majority', { ...nightly, budgets: { restarts: 1 } }),
  scope('restart-expiry-of-five', {
    ...nightly,
    voters: 5,
    budgets: { restarts: 1, beats: 3 },
    seesDown: false,
  }),
  scope('four', { ...nightly, voters: 4 }),
  scope('readers-writer', { ...nightly, claims: [claim(0, 'X'), claim(1, 'X'), claim(2, 'x')] }),
  scope('downgrade-reader-writer', {
    ...nightly,
    claims: [downgrading(0, 'x'), claim(1, 'X'), claim(2, 'x')],
    goals: downgraded.goals,
  }),
  scope('crossed', { ...nightly, claims: [claim(0, 'xy'), claim(1, 'x'), claim(2, 'y')] }),
  scope('two-resources-crash-restart', {
    ...nightly,
    claims: [claim(0, 'xy'), claim(1, 'yx')],
    budgets: { crashes: 1, restarts: 1 },
    seesDown: false,
  }),

  ...huntScopes,
];
