/**
 * How violations speak of claims, moments and clocks.
 */

import type { Resource } from '../../protocol/message.ts';
import type { Host } from '../host.ts';
import type { Claim, CoreView } from './core-view.ts';

/** Who, to whom several machines may answer. */
export function describeCore({ host, core }: CoreView): string {
  const { peer } = core;
  return peer === host.name ? peer : `${peer} on ${host.name}`;
}

/** `a's claim 4 on x, y (shared)`, and since when it is held, with what token. */
export function describeClaim({ core, asked, grant }: Claim): string {
  const what = `${describeCore(core)}'s claim ${asked.claim} on ${describeNames(asked.resources)}`;
  if (grant === null) return what;
  return `${what}, granted at ${msOf(grant.atUs)} ms with token ${grant.token}`;
}

export function describeNames(resources: readonly Resource[]): string {
  return resources
    .map(({ name, mode }) => (mode === 'shared' ? `${name} (shared)` : name))
    .join(', ');
}

/** What the clocks of a machine show, and whether it runs. */
export function describeClocks({ machine }: Host): string {
  const stands = machine.isPaused ? ', standing still' : '';
  return `monotonic ${machine.monotonicMs()} ms, wall ${machine.wallMs()} ms${stands}`;
}

/** Milliseconds of true time. */
export function msOf(us: number): number {
  return us / 1_000;
}
