/**
 * Whether a state in which nothing has to happen any more is a good one to end in: time goes on
 * from there, without faults, and every claim must be answered and nothing be left over.
 */

import type { MeshWorld } from './mesh-world.ts';
import { leaseMs, type MeshScope, prepareTimeoutMs, stepMsOf } from './scope.ts';

/** Enough for sessions to expire one after another, and for whoever is not answered to be told. */
const healingMs = 4 * leaseMs + 3 * prepareTimeoutMs;

/** What is stuck or left over, if time goes on from `state`; `null` if nothing is. */
export function whyStuck(world: MeshWorld, scope: MeshScope, state: Int32Array): string | null {
  world.state.set(state);
  world.isHealing = true;
  const complaint = healed(world, scope);
  world.isHealing = false;
  return complaint;
}

function healed(world: MeshWorld, scope: MeshScope): string | null {
  const hangs = scope.claims.some((claim) => claim.hangs === true);
  return (hangs ? goesOn(world, scope, false) : null) ?? goesOn(world, scope, true);
}

/** @param all whether those are released, too, who hold on until all others are answered */
function goesOn(world: MeshWorld, scope: MeshScope, all: boolean): string | null {
  const stepsMax = Math.ceil(healingMs / stepMsOf(scope, 0));
  for (let step = 0; step < stepsMax; step += 1) {
    settle(world, scope, all);
    const breach = world.promises.breachOf(world.state);
    if (breach !== null) return breach;
    if (whatIsLeft(world, scope, all) === null) return null;
    world.pass();
  }
  return whatIsLeft(world, scope, all);
}

/** Delivers what there is, and releases what is held, or shares it if it is kept. */
function settle(world: MeshWorld, scope: MeshScope, all: boolean): void {
  const { layout, state } = world;
  for (let moved = true; moved && !world.isBroken; ) {
    moved = world.drain((_, to) => world.coreOf(to) !== 0);
    for (let peer = 0; peer < layout.peers; peer += 1) {
      if (!world.hasToWrite(peer)) continue;
      world.write(peer);
      moved = true;
    }
    for (const [claim, { downgrades, hangs, peer }] of scope.claims.entries()) {
      const known = layout.claimOf(state, claim);
      const isKept = hangs === true && !all && known === 'held';
      if (world.coreOf(peer) === 0) continue;
      if (known === 'unasked') world.acquire(claim);
      else if (isKept && downgrades && !layout.isShared(state, claim)) world.downgrade(claim);
      else if (!isKept && (known === 'held' || known === 'lapsed')) world.release(claim);
      else continue;
      moved = true;
    }
  }
}

/** Whatever keeps the mesh from being done. */
function whatIsLeft(world: MeshWorld, scope: MeshScope, all: boolean): string | null {
  for (const [claim, { hangs, peer }] of scope.claims.entries()) {
    if (world.coreOf(peer) === 0) continue;
    const known = world.layout.claimOf(world.state, claim);
    const isKept = hangs === true && !all && known === 'held';
    if (known !== 'over' && !isKept) return `claim ${claim + 1} is ${known} for ever`;
  }
  for (let peer = 0; peer < world.layout.peers && all; peer += 1) {
    const core = world.coreOf(peer);
    if (core === 0) continue;
    const { kept } = world.cores.stateOf(core);
    if (kept > 0) return `${world.cores.peers[peer]} keeps ${kept} that nobody asks for any more`;
  }
  return null;
}
