/**
 * What faults work on, and whom they tell.
 */

import type { Host } from './host.ts';
import type { PlanMesh } from './plan.ts';
import type { World } from './world.ts';

export interface FaultsSetup {
  readonly world: World;
  /** By the indices of the plan. */
  readonly hosts: readonly Host[];
  readonly mesh: PlanMesh;
  /** Told when a host cannot be started. */
  onStartFailed(host: Host, error: unknown): void;
  /** Told when a process has ended, whoever ended it. */
  onDeath(host: Host): void;
}
