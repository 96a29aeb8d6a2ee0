/**
 * Scopes for planted bugs of the core (hunts.ts says which is found where). A scope knows nothing
 * of a bug: it leads to where something might go wrong, and all that may happen from there on is
 * searched. In the code as it is none may find a promise broken; not all of them end in a minute.
 */

import { way } from './way.ts';
import { claim, downgrading, hung, type ListedScope, scope, staying } from './wish.ts';

const hunt = { tier: 'hunt', goals: [] } as const;
const pair = { ...hunt, voters: 2, quorum: 2, seesDown: false } as const;
const groups = { ...hunt, voters: 4, replicas: 3 } as const;
const alone = { ...hunt, voters: 2, quorum: 2, claims: [claim(0, 'x')], slowMax: 9 } as const;

/** Of two peers, one of which takes from the other what that holds. */
const stolen = [claim(0, 'x'), claim(1, 'x', 'steal')];

/** Finer than a fifth of a lease less than the margin of a vote that counts. */
const fine = { stepMs: 210, stepsOfBeat: 1 } as const;
const single = { stepMs: 240, stepsOfBeat: 1 } as const;

/** Small meshes, and what a fault or two can do to them. */
const general: readonly ListedScope[] = [
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
  // Of a to d, a, b and d decide on x, and a, b and c on y.
  scope('hunt-groups', { ...groups, claims: [claim(2, 'xy'), claim(3, 'x')] }),
  scope('hunt-groups-apart', { ...groups, claims: [claim(2, 'xy'), claim(3, 'y')] }),
  scope('hunt-following', {
    ...hunt,
    claims: [staying(0, 'x'), staying(0, 'x')],
    budgets: { giveUps: 1 },
  }),
  scope('hunt-following-other', {
    ...hunt,
    claims: [staying(0, 'x'), staying(0, 'xy'), claim(1, 'y')],
  }),
  scope('hunt-steal', { ...hunt, claims: stolen }),
  scope('hunt-steal-break', { ...hunt, claims: stolen, budgets: { breaks: 1 } }),
  scope('hunt-steal-passes', { ...hunt, claims: [claim(0, 'x'), ...stolen] }),
  scope('hunt-steal-own', { ...hunt, claims: [claim(0, 'x'), claim(0, 'x', 'steal')] }),
  scope('hunt-steal-later', { ...hunt, claims: [claim(0, 'x', 'steal'), hung(claim(1, 'x'))] }),
  // a alone decides on x, and has waited for a lease to do so.
  scope('hunt-steal-one', {
    ...hunt,
    replicas: 1,
    claims: [hung(claim(1, 'x')), claim(2, 'x', 'steal')],
    prelude: way('beat 3'),
    budgets: { beats: 3, breaks: 1 },
  }),
  scope('hunt-downgrade', { ...hunt, claims: [claim(0, 'X'), downgrading(1, 'x')] }),
  scope('hunt-downgrade-hung', { ...hunt, claims: [hung(downgrading(0, 'x')), claim(1, 'X')] }),
  scope('hunt-downgrade-following', {
    ...hunt,
    claims: [{ ...downgrading(0, 'x'), lingers: true }, staying(0, 'x'), claim(1, 'X')],
  }),
  scope('hunt-jump-time', { ...hunt, budgets: { jumps: 1, beats: 3 }, slowMax: 2 }),
];

/** One claim of two voters. */
const lone: readonly ListedScope[] = [
  scope('lone-break', { ...alone, budgets: { breaks: 1 } }),
  scope('lone-silence', { ...alone, budgets: { beats: 3 } }),
  scope('lone-loss', { ...alone, budgets: { losses: 1 } }),
  scope('lone-restart-time', { ...alone, budgets: { restarts: 1, beats: 3 }, victims: [0] }),
  scope('lone-long-break', {
    ...alone,
    prelude: way('ask 1, a>b, cut ab, a>b, b!a'),
    budgets: { breaks: 1, beats: 3 },
  }),
  scope('one-voter-late-file', {
    ...hunt,
    voters: 1,
    claims: [claim(0, 'x'), claim(0, 'x')],
    files: 'late',
    jumpsMs: [-1_500],
    budgets: { restarts: 1, jumps: 1 },
  }),
  scope('one-voter-clock-set-back', {
    ...hunt,
    voters: 1,
    claims: [claim(0, 'x'), claim(0, 'x')],
    files: 'at-once',
    jumpsMs: [-1_500],
    budgets: { restarts: 1, jumps: 1 },
  }),
];

/** a holds x by its own vote and that of c, which has not heard of it; b has not heard of a. */
const held = 'ask 1, a>c, c>a';
const lead = { ...hunt, slowMax: 9 } as const;

/** A claim that is held while its owner, or a clock, is not as it should be. */
const leases: readonly ListedScope[] = [
  scope('held-and-cut-off', { ...lead, prelude: way('cut ab, cut ac'), budgets: { breaks: 2 } }),
  scope('held-by-slow-links', {
    ...lead,
    prelude: way(`${held}, beat 3`),
    pace: fine,
    budgets: { beats: 5 },
  }),
  scope('held-and-drifting', {
    ...lead,
    prelude: way(`${held}, cut ac, c>a, a!c, beat 4`),
    pace: { stepMs: [198, 198, 200], stepsOfBeat: 1 },
    budgets: { breaks: 1, beats: 5 },
  }),
  scope('held-and-suspended', {
    ...lead,
    prelude: way(`${held}, sleep a`),
    budgets: { pauses: 3, beats: 3 },
  }),
  scope('held-and-set-back', {
    ...lead,
    prelude: way(`${held}, beat, jump a`),
    jumpsMs: [-1_500],
    budgets: { jumps: 1, beats: 3 },
  }),
  scope('held-and-paused', {
    ...lead,
    claims: [claim(0, 'x'), claim(0, 'y')],
    prelude: way(`${held}, a>c, beat, ask 2, a>c`),
    pace: single,
    budgets: { pauses: 3, beats: 4 },
  }),
  scope('holder-dies', {
    ...lead,
    prelude: way('ask 1, ask 2, a>c, c>a, kill a'),
    victims: [0],
    budgets: { crashes: 1, beats: 3 },
  }),
  // The same, with the one who dies behind the other by its ticket.
  scope('later-holder-dies', {
    ...lead,
    prelude: way('ask 1, ask 2, b>c, c>b, kill b'),
    victims: [1],
    budgets: { crashes: 1, beats: 3 },
  }),
  // c has voted for b, asks it to give way to a, and the link breaks before b hears that.
  scope('asked-back-in-vain', {
    ...lead,
    quorum: 3,
    prelude: way('ask 1, ask 2, b>c, a>c, cut bc'),
    budgets: { breaks: 1 },
  }),
  // c has voted for a, and its vote counts as one of two: a waits for b, which holds.
  scope('stale-vote', {
    ...lead,
    claims: [claim(0, 'x'), claim(1, 'x'), claim(2, 'x')],
    prelude: way(
      'ask 2, b>a, ask 1, a>c, c>a, a>b, b>a, cut ac, a>c, c>a, all bc, beat 5, all bc, ask 3',
    ),
    pace: single,
    budgets: { breaks: 1, beats: 5 },
  }),
  // Frames from c to a are ever later, while c does not hear a any more.
  scope('late-echoes', {
    ...lead,
    claims: [claim(0, 'x'), claim(0, 'y'), claim(1, 'x')],
    prelude: way(`${held}, a>c, beat, ask 2, a>c, beat, quit 2, a>c, beat 2, c>a, beat 4`),
    pace: { stepMs: 100, stepsOfBeat: 1 },
    withheld: [
      [0, 2],
      [2, 0],
    ],
    budgets: { beats: 12, giveUps: 1 },
  }),
  // c lets a go after a lease apart, and votes for b; then b is cut off from a, too.
  scope('one-by-one-apart', {
    ...lead,
    prelude: way(
      'ask 1, all abc, cut ac, a>c, c>a, beat 5, ask 2, b>c, c>b, cut ab, b!a, a>b, beat 2, ' +
        'a>c, c>a',
    ),
    pace: { stepMs: 200, stepsOfBeat: 1 },
    budgets: { breaks: 2, beats: 10 },
  }),
];

const again = { ...lead, seesDown: false, budgets: { restarts: 1 }, victims: [2] } as const;

/** c restarts, and has forgotten its vote. */
const restarts: readonly ListedScope[] = [
  scope('forgotten-by-the-holder', {
    ...again,
    prelude: way(`${held}, boot c, all bc, beat 3`),
    pace: fine,
    budgets: { restarts: 1, beats: 5 },
  }),
  scope('forgotten-with-a-file', {
    ...again,
    prelude: way(`${held}, boot c`),
    files: 'at-once',
  }),
  scope('forgotten-while-given-back', {
    ...again,
    quorum: 3,
    claims: [claim(0, 'x'), claim(1, 'x'), claim(2, 'y')],
    prelude: way('ask 3, ask 2, b>c, ask 1, a>c, c>b, c>b, c>b, boot c'),
  }),
  scope('told-out-of-order', {
    ...again,
    prelude: way('ask 1, ask 2, b>c, c>b, boot c, all ac'),
  }),
  scope('forgotten-tokens', {
    ...again,
    prelude: way(`ask 2, ${held}, drop 1, all ac, boot c`),
  }),
  // a holds, and asks again with the vote of c; b has asked in between.
  scope('forgotten-while-waiting', {
    ...again,
    claims: [claim(0, 'x'), claim(1, 'x'), claim(0, 'x')],
    prelude: way('ask 1, a>b, a>c, b>a, c>a, a>b, ask 2, beat, ask 3, all ac, boot c, all bc'),
    pace: single,
    budgets: { restarts: 1, beats: 1 },
  }),
  // a has the vote of c, and waits for b, which holds; then a and b lose each other.
  scope('forgotten-while-apart', {
    ...again,
    seesDown: true,
    prelude: way('ask 2, b>a, ask 1, a>c, c>a, a>b, cut ab, a!b, b!a, beat 3, boot c, all bc'),
    pace: single,
    budgets: { restarts: 1, breaks: 1, beats: 5 },
  }),
];

/** a holds by b, c and itself; c loses it, b restarts, and d gets to know of it. */
const five: readonly ListedScope[] = [
  scope('five-snapshots', {
    ...lead,
    voters: 5,
    slowMax: 20,
    claims: [claim(0, 'x'), claim(4, 'x')],
    prelude: way(
      'ask 1, a>b, a>c, b>a, c>a, a>b, cut ac, c>a, a!c, beat 4, boot b, all bc, all bd, all be, ' +
        'cut ad, all ad, beat 3, ask 2, e>b, e>c, beat, b>e, c>e',
    ),
    pace: { stepMs: 120, stepsOfBeat: 1 },
    seesDown: true,
    victims: [1],
    budgets: { breaks: 2, restarts: 1, beats: 9 },
  }),
];

export const huntScopes: readonly ListedScope[] = [
  ...general,
  ...lone,
  ...leases,
  ...restarts,
  ...five,
];
