/**
 * Searches one scope, or one golden, and tells what came of it.
 */

import { CoreShelf } from '../../src/sim/explore/core-shelf.ts';
import { explore } from '../../src/sim/explore/engine.ts';
import { type MeshModel, meshModel } from '../../src/sim/explore/mesh-model.ts';
import { movesOf, type ToldMove } from '../../src/sim/explore/mesh-moves.ts';
import type { Breach, Exploration, Limits } from '../../src/sim/explore/model.ts';
import type { MeshScope } from '../../src/sim/explore/scope.ts';
import { twoPhase } from '../../src/sim/explore/two-phase.ts';
import { scopes } from './scopes.ts';

export interface Bounds {
  readonly memoryMb: number;
  readonly seconds: number;
}

/** What to search: plain data, for a worker. */
export type Task =
  | { readonly task: 'golden'; readonly count: number; readonly isSymmetric: boolean }
  | { readonly task: 'scope'; readonly name: string; readonly bounds: Bounds };

export interface ScopeReport {
  readonly name: string;
  readonly states: number;
  readonly generated: number;
  readonly depth: number;
  readonly complete: boolean;
  readonly stopped: Exploration['stopped'];
  readonly seconds: number;
  readonly violations: readonly Breach[];
  /** The way to what is broken, for the simulator. */
  readonly moves: readonly ToldMove[];
  readonly reductions: readonly string[];
  /** Distinct states of cores known in the end, and how often the real core was asked. */
  readonly cores: number;
  readonly steps: number;
}

/** What this thread knows of cores from the scopes before. */
const shelf = new CoreShelf();

/** @throws {RangeError} when there is no such scope */
export function runTask(task: Task): ScopeReport {
  if (task.task === 'scope') return runListed(task.name, task.bounds);
  const { count, isSymmetric } = task;
  const name = `two-phase-${count}${isSymmetric ? '-symmetric' : ''}`;
  const started = performance.now();
  const found = explore(twoPhase(count, isSymmetric), limitsOf({ memoryMb: 4_000, seconds: 600 }));
  return reportOf(name, found, { started, reductions: [], cores: 0, steps: 0 });
}

function runListed(name: string, bounds: Bounds): ScopeReport {
  const scope = scopes.find((other) => other.name === name);
  if (scope === undefined) throw new RangeError(`No such scope: ${name}`);
  return runScope(scope, bounds);
}

export function runScope(scope: MeshScope, bounds: Bounds): ScopeReport {
  const started = performance.now();
  const cores = shelf.of(scope);
  const { stepCount } = cores;
  const model = meshModel(scope, cores);
  const found = explore(model, limitsOf(bounds));
  const aside = {
    started,
    reductions: reductionsOf(scope),
    cores: cores.size,
    steps: cores.stepCount - stepCount,
  };
  const best = shortest({ model, found }, bounds);
  const moves = best.found.violations.flatMap(({ actions }) => movesOf(best.model, actions));
  const report = { ...reportOf(scope.name, best.found, aside), moves };
  const unseen = scope.goals.filter((goal) => !found.witnessed.includes(goal));
  if (!found.complete || unseen.length === 0) return report;
  const message = `never seen: ${unseen.join(', ')}`;
  const goals: Breach = { property: 'sometimes', message, actions: [], steps: [] };
  return { ...report, violations: [goals] };
}

/** Where steps that commute were left out there may be a shorter way to what is broken. */
function shortest(searched: Searched, bounds: Bounds): Searched {
  const { found, model } = searched;
  const { scope } = model.world;
  const [breach] = found.violations;
  if (breach === undefined || !scope.isReduced) return searched;
  const whole = meshModel({ ...scope, isReduced: false });
  const [other] = explore(whole, limitsOf(bounds)).violations;
  const isShorter = other !== undefined && other.steps.length < breach.steps.length;
  return isShorter ? { model: whole, found: { ...found, violations: [other] } } : searched;
}

/** What was found in a model. */
interface Searched {
  readonly model: MeshModel;
  readonly found: Exploration;
}

function limitsOf({ memoryMb, seconds }: Bounds): Limits {
  const end = performance.now() + 1_000 * seconds;
  return { bytesMax: memoryMb * 1_048_576, hasTime: () => performance.now() < end };
}

interface Aside {
  readonly started: number;
  readonly reductions: readonly string[];
  readonly cores: number;
  readonly steps: number;
}

function reportOf(name: string, found: Exploration, aside: Aside): ScopeReport {
  const { states, generated, depth, complete, stopped, violations } = found;
  const { cores, reductions, steps } = aside;
  const seconds = Math.round((performance.now() - aside.started) / 10) / 100;
  const extent = { name, states, generated, depth, complete, stopped, seconds };
  return { ...extent, violations, moves: [], reductions, cores, steps };
}

/** What makes a scope smaller, in words; docs/explorer.md says why each may be done. */
function reductionsOf(scope: MeshScope): readonly string[] {
  const owners = new Set(scope.claims.map(({ peer }) => peer));
  const alike = scope.voters - owners.size;
  const { beats, losses } = scope.budgets;
  const { prelude = [] } = scope;
  return [
    ...(prelude.length > 0 ? ['it starts from where given steps have led'] : []),
    'every input is a turn of its own',
    `${losses > 0 ? '' : 'numbers of frames, '}places and what only errors tell are left out`,
    'a new connection is made at once, and seen at any time',
    'claims are one choice up to the names of peers and keys',
    ...(scope.isSymmetric && alike > 1 ? [`${alike} voters that never claim are alike`] : []),
    ...(scope.isReduced ? ['one order stands for all of steps that commute'] : []),
    ...(beats > 0 ? [`time passes with at most ${scope.slowMax} directions busy`] : []),
  ];
}
