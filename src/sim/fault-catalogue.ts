/**
 * All kinds of faults that a swarm draws from. Each can be written into a plan by hand, too.
 */

import { isFault } from './acts.ts';
import type { FaultVariant } from './fault-kinds.ts';
import { hostFaults } from './faults-of-hosts.ts';
import { linkFaults } from './faults-of-links.ts';
import type { Fault, FaultKind, Plan } from './plan.ts';

const guestFaults: readonly FaultVariant[] = [
  {
    name: 'second process with the same id',
    kind: 'duplicate',
    draw: (scene, { host }) => ({ do: 'duplicate', host, forMs: scene.leases(0.3, 3) }),
  },
  joiner('close', 'member joins and leaves'),
  joiner('crash', 'member joins and crashes'),
  {
    name: 'peer of another mesh knocks',
    kind: 'misfit',
    draw: (scene) => ({ do: 'misfit', forMs: scene.leases(0.3, 2) }),
  },
];

/** In the order in which they are drawn. */
export const faultCatalogue: readonly FaultVariant[] = Object.freeze([
  ...hostFaults,
  ...linkFaults,
  ...guestFaults,
]);

/** Kinds that divide the mesh in no way: with these only, a second process is always noticed. */
export const quietKinds: ReadonlySet<FaultKind> = new Set([
  'disk',
  'drift',
  'duplicate',
  'join',
  'jump',
  'misfit',
  'strobe',
]);

/** The names of the kinds of faults in a plan, each once; distributions of latency are kinds. */
export function faultKindsIn({ steps, mesh }: Plan): readonly string[] {
  const names = steps.flatMap(({ act }) => {
    if (!isFault(act)) return [];
    return faultCatalogue.filter((variant) => isOf(variant, act)).map(({ name }) => name);
  });
  return [...new Set([...names, `latency: ${mesh.latency.kind}`])];
}

/** The names of all kinds that {@link faultKindsIn} tells of. */
export const faultKindNames: readonly string[] = Object.freeze([
  ...faultCatalogue.map(({ name }) => name),
  ...['constant', 'uniform', 'exponential', 'log-normal', 'bimodal'].map((of) => `latency: ${of}`),
]);

/** Whether a fault is of a kind; it may be of another one as well. */
function isOf(variant: FaultVariant, fault: Fault): boolean {
  return variant.kind === fault.do && variant.is?.(fault) !== false;
}

function joiner(leaves: 'close' | 'crash', name: string): FaultVariant {
  return {
    name,
    kind: 'join',
    is: (fault) => fault.do === 'join' && fault.leaves === leaves,
    draw: (scene) => {
      if (scene.mesh.members === 0) return null;
      return { do: 'join', leaves, forMs: scene.leases(0.5, 3) };
    },
  };
}
