/**
 * What is not left to chance when plans are drawn.
 */

import type { MeshWishes } from './draw-mesh.ts';
import type { Act, FaultKind } from './plan.ts';
import { actFields, hostsMax, isWhole, votersMax } from './plan-fields.ts';

/** A way to place faults; see src/sim/strategies. */
export type StrategyName =
  | 'calm'
  | 'uniform'
  | 'aimed'
  | 'priorities'
  | 'slow-links'
  | 'partitions'
  | 'openings';

// A record, so that a strategy that is missing here does not compile.
const strategyNames: Readonly<Record<StrategyName, true>> = {
  calm: true,
  uniform: true,
  aimed: true,
  priorities: true,
  'slow-links': true,
  partitions: true,
  openings: true,
};

/** What a swarm does not leave to chance. */
export interface DrawOptions extends MeshWishes {
  /**
   * Which kinds of faults there may be; none if empty.
   *
   * @default all
   */
  readonly faults?: readonly FaultKind[];
  /**
   * Whether the plan has clients, besides those whom a strategy needs.
   *
   * @default true
   */
  readonly hasClients?: boolean;
  /**
   * How faults are placed.
   *
   * @default drawn
   */
  readonly strategy?: StrategyName;
}

/** @throws `TypeError` naming the option, what it is and what it should be */
export function requireDrawOptions(options: unknown): asserts options is DrawOptions {
  if (typeof options !== 'object' || options === null) refuse('the options', 'an object', options);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const check = checks.find(([known]) => known === name);
    if (check === undefined) {
      refuse('the options', `among ${checks.map(([known]) => known).join(', ')}`, name);
    }
    const [, wanted, isRight] = check;
    if (!isRight(value)) refuse(name, wanted, value);
  }
}

type Check = readonly [name: string, wanted: string, isRight: (value: unknown) => boolean];

const isFlag = (value: unknown): boolean => typeof value === 'boolean';

/** So many fit in whatever the number of voters is. */
const membersMax = hostsMax - votersMax;

const checks: readonly Check[] = [
  ['faults', 'a list of kinds of faults', (value) => Array.isArray(value) && value.every(isKind)],
  ['hasClients', 'true or false', isFlag],
  ['hasDisk', 'true or false', isFlag],
  ['leaseMs', 'a whole number from 100 to 60000', (value) => isWhole(value, 100, 60_000)],
  ['members', `a whole number from 0 to ${membersMax}`, (value) => isWhole(value, 0, membersMax)],
  ['strategy', `one of ${Object.keys(strategyNames).join(', ')}`, isStrategy],
  ['voters', `a whole number from 1 to ${votersMax}`, (value) => isWhole(value, 1, votersMax)],
];

function isStrategy(value: unknown): boolean {
  return typeof value === 'string' && Object.hasOwn(strategyNames, value);
}

/** What no fault is. */
const acts: ReadonlySet<string> = new Set<Act['do']>(['acquire', 'look']);

function isKind(value: unknown): boolean {
  return typeof value === 'string' && !acts.has(value) && Object.hasOwn(actFields, value);
}

function refuse(what: string, wanted: string, value: unknown): never {
  const shown = JSON.stringify(value) ?? typeof value;
  throw new TypeError(`Cannot draw plan: ${what} must be ${wanted}, received ${shown}`);
}
