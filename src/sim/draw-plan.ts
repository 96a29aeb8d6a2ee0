/**
 * Draws a plan from a seed: swarm testing. Each seed has another mesh, another few kinds of faults,
 * and one strategy that places them. The same seed and options give the same plan, bit for bit.
 */

import { isFault } from './acts.ts';
import { drawElections } from './draw-elections.ts';
import { drawKinds, drawLooks, drawTakings } from './draw-kinds.ts';
import { drawMesh } from './draw-mesh.ts';
import { drawNesting, type Nesting } from './draw-nesting.ts';
import { drawOperations } from './draw-operations.ts';
import { type DrawOptions, requireDrawOptions, type StrategyName } from './draw-options.ts';
import { quietKinds } from './fault-catalogue.ts';
import { Menu } from './menu.ts';
import { type FaultKind, type Plan, type PlanMesh, type PlanStep, planVersion } from './plan.ts';
import { Stream } from './random.ts';
import { Scene } from './scene.ts';
import { aimed } from './strategies/aimed.ts';
import { openingLeases, openings } from './strategies/openings.ts';
import { partitions } from './strategies/partitions.ts';
import { directionsOf, priorities } from './strategies/priorities.ts';
import { slowLinks } from './strategies/slow-links.ts';
import type { Strategy } from './strategies/strategy.ts';
import { uniform } from './strategies/uniform.ts';
import { type Weighted, weighted } from './weighted.ts';

const strategies: Readonly<Record<StrategyName, Strategy>> = {
  calm: () => [],
  uniform,
  aimed,
  priorities,
  'slow-links': slowLinks,
  partitions,
  openings,
};

const strategyWeights: readonly Weighted<StrategyName>[] = [
  [3, 'calm'],
  [14, 'uniform'],
  [14, 'aimed'],
  [7, 'priorities'],
  [8, 'slow-links'],
  [9, 'partitions'],
  [45, 'openings'],
];

const clientWeights: readonly Weighted<number>[] = [
  [4, 2],
  [4, 3],
  [3, 4],
  [2, 5],
  [1, 8],
];

/** How many keep-alive frames a plan may cost, about: what a run's time goes by. */
const framesMax = 1_200;

/**
 * The plan of a seed.
 *
 * @throws `TypeError` when the seed is not a whole number from 0 to 2^53 − 1, or an option is not
 * what it must be
 */
export function drawPlan(seed: number, options: DrawOptions = {}): Plan {
  requireDrawOptions(options);
  const mesh = drawMesh(seed, options);
  const chance = Stream.of(seed, 'plan');
  const strategy = options.strategy ?? weighted(chance, strategyWeights);
  const names = ['x', 'y', 'z'].slice(
    0,
    weighted(chance, [
      [6, 1],
      [3, 2],
      [2, 3],
    ] as const),
  );
  const healAtMs = drawHealAtMs(chance, mesh, strategy);
  const setup = { mesh, names, healAtMs };
  const faults = drawFaults(new Scene({ ...setup, chance: Stream.of(seed, 'plan/faults') }), {
    strategy,
    menuChance: Stream.of(seed, 'plan/menu'),
    allowed: options.faults === undefined ? null : new Set(options.faults),
  });
  // The parts of a scene are enough; often nobody else disturbs it.
  const isScene = strategy === 'openings' && chance.chance(0.5);
  const wanted = isScene ? chance.below(2) : weighted(chance, clientWeights);
  const clients = options.hasClients === false ? 0 : wanted;
  const operationChance = Stream.of(seed, 'plan/operations');
  const operations = drawOperations(new Scene({ ...setup, chance: operationChance }), clients);
  const kindChance = Stream.of(seed, 'plan/kinds');
  const kinds = drawKinds(new Scene({ ...setup, chance: kindChance }), operations);
  const takingChance = Stream.of(seed, 'plan/takings');
  const takings = drawTakings(new Scene({ ...setup, chance: takingChance }), kinds);
  const lookChance = Stream.of(seed, 'plan/looks');
  const looks = clients > 0 ? drawLooks(new Scene({ ...setup, chance: lookChance }), faults) : [];
  const electionChance = Stream.of(seed, 'plan/elections');
  const elections =
    options.hasClients === false
      ? []
      : drawElections(new Scene({ ...setup, chance: electionChance }));
  const safe = mesh.isWarm && faults.every(isQuiet) ? faults : faults.filter(isNoDouble);
  const mayHold = strategy !== 'calm' && options.faults?.includes('hold') !== false;
  const hides = mayHold && safe.every(isNoDouble);
  const nestingChance = Stream.of(seed, 'plan/nesting');
  const { operations: asked, deadlockProbeMs } =
    options.hasClients === false
      ? noNesting
      : drawNesting(new Scene({ ...setup, chance: nestingChance }), takings, hides);
  const known = [...asked, ...looks, ...elections, ...safe].filter((step) => {
    return isInTime(step, healAtMs);
  });
  const steps = known.toSorted((one, other) => timeOf(one) - timeOf(other));
  const probing = deadlockProbeMs === null ? mesh : { ...mesh, deadlockProbeMs };
  return { version: planVersion, seed, mesh: probing, healAtMs, steps };
}

const noNesting: Nesting = { operations: [], deadlockProbeMs: null };

interface FaultsWanted {
  readonly strategy: StrategyName;
  readonly menuChance: Stream;
  readonly allowed: ReadonlySet<FaultKind> | null;
}

function drawFaults(scene: Scene, wanted: FaultsWanted): readonly PlanStep[] {
  const { strategy, menuChance, allowed } = wanted;
  const steps = strategies[strategy](scene, Menu.drawn(menuChance, allowed));
  return steps.filter(({ act }) => !isFault(act) || allowed?.has(act.do) !== false);
}

/** A second process with one id is only refused where its peers hear the first (section 1). */
function isNoDouble({ act }: PlanStep): boolean {
  return act.do !== 'duplicate';
}

function isQuiet({ act }: PlanStep): boolean {
  return !isFault(act) || quietKinds.has(act.do);
}

/** From 3 to 20 leases; fewer where the mesh is large, or the lease so long that little happens. */
function drawHealAtMs(chance: Stream, mesh: PlanMesh, strategy: StrategyName): number {
  const framesPerLease = 5 * directionsOf(mesh).length;
  const most = Math.min(20, Math.max(3, Math.floor(framesMax / framesPerLease)));
  const leases = strategy === 'openings' ? openingLeases : chance.between(3, most);
  return Math.min(leases * mesh.leaseMs, 60_000);
}

/** Steps at points come last. */
function timeOf({ when }: PlanStep): number {
  return 'atMs' in when ? when.atMs : Number.POSITIVE_INFINITY;
}

/** What comes after the healing would not happen. */
function isInTime({ when }: PlanStep, healAtMs: number): boolean {
  return !('atMs' in when) || when.atMs < healAtMs;
}
