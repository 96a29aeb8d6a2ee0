/**
 * The pure protocol core: locks by two-phase commit with conditional votes.
 *
 * @module
 */

export * from './ids.ts';
export * from './input.ts';
export * from './message.ts';
export * from './options.ts';
export * from './output.ts';
