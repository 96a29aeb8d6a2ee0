/**
 * Faults by chance, for scenarios: drawn from the seed as the campaigns of this library draw
 * theirs, with the operations left to the scenario.
 */

import { isFault } from './acts.ts';
import type { FaultStep } from './fault-steps.ts';
import { Menu } from './menu.ts';
import type { FaultKind, PlanMesh, PlanStep } from './plan.ts';
import { Stream } from './random.ts';
import { knownOptions, msOf, refuse } from './refusals.ts';
import { Scene } from './scene.ts';
import { aimed } from './strategies/aimed.ts';
import { partitions } from './strategies/partitions.ts';
import { priorities } from './strategies/priorities.ts';
import { slowLinks } from './strategies/slow-links.ts';
import { stalls } from './strategies/stalls.ts';
import type { Strategy } from './strategies/strategy.ts';
import { uniform } from './strategies/uniform.ts';
import { type Weighted, weighted } from './weighted.ts';

/** A kind of fault that a swarm may draw. */
export type SimFaultKind = Exclude<FaultKind, 'duplicate' | 'join' | 'misfit'>;

/** What a swarm does not leave to chance. */
export interface SwarmOptions {
  /**
   * For how long faults begin, in milliseconds of virtual time from the start of the scenario. Each
   * lasts up to a few leases, and some clocks stay wrong.
   *
   * @default 60_000
   */
  readonly for?: number;
  /**
   * The kinds of faults that there may be; each seed leaves some of them out, and has one fault at
   * least if the nodes have a place for any: `disk` and `strobe` need a disk at each that votes.
   *
   * @default all of them
   */
  readonly kinds?: readonly SimFaultKind[];
}

/** Faults by chance; see {@link swarm}. */
export interface Swarm {
  /** Those that there may be. */
  readonly kinds: readonly SimFaultKind[];
  /** For how long faults begin, in milliseconds. */
  readonly forMs: number;
}

// A record, so that a kind that is missing here does not compile.
const allKinds: Readonly<Record<SimFaultKind, true>> = Object.freeze({
  crash: true,
  disk: true,
  drift: true,
  'half-open': true,
  hold: true,
  hostile: true,
  jump: true,
  lag: true,
  partition: true,
  pause: true,
  refuse: true,
  reset: true,
  slow: true,
  stop: true,
  storm: true,
  strobe: true,
  suspend: true,
});

const swarms = new WeakSet<object>();

/**
 * Faults drawn from the seed, of another mix in each: crashes, pauses, partitions, slow and broken
 * links, wrong clocks, some of them aimed at moments of the protocol. Each ends by itself.
 *
 * @throws `TypeError` for impossible options
 */
export function swarm(options: SwarmOptions = {}): Swarm {
  const act = 'draw faults';
  knownOptions(act, options, ['for', 'kinds']);
  const names: readonly string[] = Object.keys(allKinds);
  const all = names.filter((name): name is SimFaultKind => name in allKinds);
  const { kinds = all } = options;
  if (!Array.isArray(kinds)) refuse(act, 'kinds must be a list', kinds);
  for (const kind of kinds) {
    if (!all.includes(kind)) refuse(act, `a kind must be one of ${all.join(', ')}`, kind);
  }
  const forMs = Math.round(msOf(act, options.for ?? 60_000, 'for'));
  const made = Object.freeze({ kinds: Object.freeze([...kinds]), forMs });
  swarms.add(made);
  return made;
}

/** Whether `swarm` has made it. */
export function isSwarm(value: unknown): value is Swarm {
  return typeof value === 'object' && value !== null && swarms.has(value);
}

/** They spoil what a voter has written, or the clock that only what it has written outlives. */
const ofDisks: readonly SimFaultKind[] = ['disk', 'strobe'];

/** Whether nothing can come of it but at voters that have a disk. */
export function needsDisks({ kinds }: Swarm): boolean {
  return kinds.length > 0 && kinds.every((kind) => ofDisks.includes(kind));
}

const strategies: readonly Weighted<Strategy>[] = [
  [35, stalls],
  [25, uniform],
  [15, aimed],
  [15, partitions],
  [10, priorities],
  [10, slowLinks],
];

/** How often it is drawn anew when nothing has come of it. */
const triesMax = 16;

/** The faults of a seed, for a mesh. */
export function drawFaultSteps(
  { kinds, forMs }: Swarm,
  seed: number,
  mesh: PlanMesh,
): readonly FaultStep[] {
  const chance = Stream.of(seed, 'swarm');
  const allowed: ReadonlySet<FaultKind> = new Set(kinds);
  const menu = Menu.drawn(Stream.of(seed, 'swarm/menu'), allowed);
  const sceneOf = (stream: string): Scene => {
    return new Scene({ mesh, names: ['x'], healAtMs: forMs, chance: Stream.of(seed, stream) });
  };
  const kept = (steps: readonly PlanStep[]): readonly FaultStep[] => {
    return steps.flatMap(({ when, act }): FaultStep[] => {
      return isFault(act) && allowed.has(act.do) ? [{ when, act }] : [];
    });
  };
  let faults = kept(weighted(chance, strategies)(sceneOf('swarm/faults'), menu));
  // Most strategies have no use for some kinds, and some scenes no place: where few are allowed,
  // nothing may be left.
  for (let tries = 0; faults.length === 0 && tries < triesMax; tries += 1) {
    faults = kept(uniform(sceneOf(`swarm/rest/${tries}`), Menu.of(allowed)));
  }
  return faults;
}
