/**
 * Simulations as properties of fast-check.
 *
 * @module
 */

export type { DrawOptions, StrategyName } from './draw-options.ts';
export {
  type LockCommand,
  type LockCommandsOptions,
  LockScript,
  type LockSubject,
  lockCommands,
} from './lock-commands.ts';
export { simPlan } from './plan-arbitrary.ts';
