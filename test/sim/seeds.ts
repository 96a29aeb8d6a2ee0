/**
 * Runs that failed once, each with its story. What was found stays found: seeds.test.ts replays
 * them all, and each has to pass.
 *
 * A token of a drawn plan (`s1.…`, `d1.…`) is good for as long as plans are drawn as they were;
 * when that changes, it is refused, and the plan that it named has to be kept in its place. So a
 * plan that was made small is best kept in full, as the failure has printed it.
 */

import type { Plan } from '../../src/sim/plan.ts';

export interface KeptSeed {
  /** What failed, and how: which check, and what had happened to make it fail. */
  readonly found: string;
  /** What the root was, and what was done about it. */
  readonly mended: string;
  /** The run: the token that a failure has printed, or its plan. */
  readonly run: string | Plan;
}

/** In the order in which they were found. */
export const keptSeeds: readonly KeptSeed[] = [
  {
    found:
      'Liveness, by seed 1794 of the swarm: two voters, lease 500 ms. A partition cut their ' +
      'link, and the first message of the next handshake was lost: for 5 s neither had a link ' +
      'to the other, where 1.8 s and some trips were allowed.',
    mended:
      'A connection in its handshake was given 5 s, whatever the lease. It is given up after ' +
      'half a lease of silence now, as a link is (rule 6.2), but not before 250 ms.',
    run: 'p2.AoIOAgAC9ANkDgDoB5QOAAKwCRAAAgABAACsArAJDwABAMCaDIQH.17ml614',
  },
  {
    found:
      'Liveness, by seed 3245 and ten more of 20,000: four voters, of which three decide, and ' +
      'a member that a partition had kept from all but one of them since its start. What it ' +
      'asked for had the one vote that it could get, and all others waited behind it for ever.',
    mended:
      'Too few answers end a claim only once its peer has seen a quorum vote, since a mesh may ' +
      'take its time to start. Until then a peer begins no round now, and so keeps nobody ' +
      'waiting (rule 5.1).',
    run: 'z2.Y1orycLIfIF_AjMPwwt2JkbGCmYGBhZGBiiwZGAUYGBiZAKxBRiYWUCspRwA.1gxufon',
  },
  {
    found:
      'Liveness, by seed 12332 and two more of 20,000: after a partition of three leases a ' +
      'message of the handshake was lost, and what came next was refused as malformed. Neither ' +
      'peer dialled again for ten seconds.',
    mended:
      'The wait after a refusal grew with all dials that had failed before, for whatever reason. ' +
      'It grows with the refusals in a row now: half a second after the first.',
    run: 'p2.AqxgAgAC6AfIAQ4A6AfwLgACABAAAgEAAQCsGwAPAQAA0IYDiCc.2k92hm',
  },
  {
    found:
      'A halt, by seed 3426 of 20,000: three voters with state files, of which one decides on ' +
      'each name. A claim waited for ever for its voter to write down a mark.',
    mended:
      'The simulated world went on without the promises that begin a write, as long as nothing ' +
      'else was told to an application. It waits for them now; real disks never had that.',
    run: 'p2.AuIaAwABkE7QDx8BA9wL4NQDAQF4AgAOAgDoBwDg1AO0fwAAAQAAAAAAAAAA.l3o08p',
  },
  {
    found:
      'Rest, by seed 4011 of 20,000: five voters, lease 250 ms, messages that take up to 31 ms. ' +
      'One end of a link had been silent for half a lease, by chance, three milliseconds before ' +
      'all were asked whom they believe to be linked with.',
    mended:
      'Whoever has just given a link up for silence is not believed to have it: the other end ' +
      'sees that a moment later. Leases should be longer than ten such trips.',
    run:
      'p2.AqsfBQED-gFdBngAkQEASQBQAIUBAJkBAAFkr_AB3AsBAXgNVAACAQAAAAAAAAAAYBABBAABBAIBAIsBY' +
      'AEEAAAAYAECAAACbgAFAQAAAAAAAACQA3AAAAEAAAAAAAAAAOgBAAIBAAAAPAAAAADiAgAEAQAAAQAAAAAA4' +
      'gMAAQEAAQAUAAAAyAGGBwAFAQAAAAoAAAAAhgcABAEAAAAAAAAAAKoIAAUBAAEAAAAAABSqCAABAQABAAAAA' +
      'ACsAg.a9odw3',
  },
];
