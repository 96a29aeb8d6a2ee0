/**
 * Faults that are processes: a second one with the id of a peer, a member that comes and goes, and
 * a peer that does not belong to the mesh.
 */

import type { Peer } from '../peer/peer.ts';
import type { FaultsSetup } from './faults-setup.ts';
import type { Host } from './host.ts';
import { optionsOf } from './mesh.ts';
import type { Fault } from './plan.ts';

type GuestFault = Fault & { do: 'duplicate' | 'join' | 'misfit' };

/** How long a joined member holds a lock, and rests between two. */
const stayMs = 20;

/** Starts the process. @returns what ends it, if it has not ended by itself */
export function addGuest(fault: GuestFault, setup: FaultsSetup): () => void {
  const { world } = setup;
  const host = world.add({
    name: nameOf(fault, setup),
    clock: { offsetMs: 0, driftPpm: 0 },
    hasDisk: false,
    peer: optionsFor(fault, setup),
  });
  host.start().then(
    (peer) => {
      if (fault.do === 'join') void takeLocks(host, peer);
    },
    (error: unknown) => setup.onStartFailed(host, error),
  );
  return () => leave(host, fault, setup);
}

function leave(host: Host, fault: GuestFault, { world, onDeath }: FaultsSetup): void {
  if (fault.do === 'misfit' && host.peer?.status().voters.every(isOut) === true) {
    world.effects.count('peers refused for their options');
  }
  if (!host.process.isAlive) return;
  if (fault.do === 'join' && fault.leaves === 'close') {
    void host.stop().then(() => onDeath(host));
    return;
  }
  host.kill({ network: 'reset', disk: 'last write kept' });
  onDeath(host);
}

function isOut({ state }: { readonly state: string }): boolean {
  return state === 'unreachable';
}

/** Takes a lock now and then, for as long as the process lives. */
async function takeLocks(host: Host, peer: Peer): Promise<void> {
  const rest = (): Promise<void> => {
    return new Promise((resolve) => {
      host.process.sleep(stayMs, () => resolve());
    });
  };
  while (host.isUp) {
    const lock = await peer.tryAcquire('x').catch(() => null);
    await rest();
    await lock?.release();
    await rest();
  }
}

function nameOf(fault: GuestFault, { world, hosts }: FaultsSetup): string {
  const count = world.hosts.size - hosts.length + 1;
  switch (fault.do) {
    case 'duplicate':
      return `${hosts[fault.host]?.name ?? 'nobody'}-${count + 1}`;
    case 'join':
      return `j${count}`;
    case 'misfit':
      return `x${count}`;
  }
}

function optionsFor(fault: GuestFault, setup: FaultsSetup): Host['options'] {
  const { hosts, mesh } = setup;
  const name = nameOf(fault, setup);
  switch (fault.do) {
    case 'duplicate':
      return hosts[fault.host]?.options ?? {};
    case 'join':
      return optionsOf(mesh, name, false);
    case 'misfit':
      return { ...optionsOf(mesh, name, false), members: true, lease: mesh.leaseMs + 1_000 };
  }
}
