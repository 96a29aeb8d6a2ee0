/**
 * Simulations as properties of fast-check.
 *
 * @module
 */

export type { DrawOptions, StrategyName } from './draw-options.ts';
export { type LockCommandsOptions, LockScript, lockCommands } from './lock-commands.ts';
export type { LockCommand, LockSubject, One } from './lock-player.ts';
export { simPlan } from './plan-arbitrary.ts';
