/**
 * What more voters cost: pairs in a second, and the messages that each voter says and hears for
 * one.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { measurePairs } from '../measures/pairs.ts';
import { freshPrefix, spanOf } from '../measures/span.ts';
import type { MeshSpec } from '../mesh.ts';
import type { WorkerProcess } from '../worker-process.ts';
import { messagesName, ownMessagesName, pairsName, type Shape } from './figures.ts';
import { peersOf, warmUp, withMeshes } from './meshes.ts';
import type { Raw } from './raw.ts';

/** What the figures need, and what the pictures do. */
const shapes: readonly Shape[] = [{ voters: 3 }, { voters: 7 }, { voters: 7, replicas: 3 }];
export const drawnVoters: readonly number[] = [3, 5, 7, 9];
const drawnShapes: readonly Shape[] = drawnVoters.flatMap((voters): readonly Shape[] =>
  voters === 3 ? [{ voters }] : [{ voters }, { voters, replicas: 3 }],
);
const countedShapes: readonly Shape[] = [{ voters: 3 }, { voters: 9, replicas: 3 }];

const inFlightMs = 1_500;
const members = 3;
/** Of each peer that claims. */
const countedPairs = 1_000;
const countedAtOnce = 8;
/** Until all that was said has been heard. */
const settleMs = 500;

/** 64 in flight at one of the voters; the meshes by turns. */
export function measureThroughput(rounds: number, drawn: boolean): Promise<readonly Raw[]> {
  const chosen = drawn ? drawnShapes : shapes;
  return withMeshes(chosen, async (meshes) => {
    for (const mesh of meshes) await warmUp(mesh);
    const found: Raw[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const raw: Record<string, number> = {};
      for (const [at, mesh] of meshes.entries()) {
        const { pairsPerS } = await measurePairs(mesh, { claims: 64, forMs: inFlightMs });
        raw[pairsName(chosen[at] ?? { voters: 0 })] = pairsPerS;
      }
      found.push(raw);
    }
    return found;
  });
}

/** Once: what is counted does not vary as times do. */
export async function measureMessages(drawn: boolean): Promise<readonly Raw[]> {
  const raw: Record<string, number> = {};
  for (const shape of drawn ? drawnShapes : countedShapes) {
    raw[messagesName(shape)] = await countMessages({ ...shape, members });
  }
  for (const shape of countedShapes) raw[ownMessagesName(shape)] = await countMessages(shape);
  return [raw];
}

/** Per voter and pair, when all members claim; or all voters, where there are no members. */
function countMessages(spec: MeshSpec): Promise<number> {
  return withMeshes([{ ...spec, counts: true }], async ([mesh]) => {
    if (mesh === undefined) return Number.NaN;
    const voters = spec.members === undefined ? peersOf(mesh) : mesh.others;
    const claimants = spec.members === undefined ? voters : mesh.clients;
    const before = await messagesOf(voters);
    await Promise.all(
      claimants.map((peer) => {
        const order = { ...spanOf(60_000), pairsMax: countedPairs, prefix: freshPrefix() };
        return peer.call('inFlight', { ...order, claims: countedAtOnce });
      }),
    );
    const messages = (await messagesOf(voters)) - before;
    return messages / voters.length / (countedPairs * claimants.length);
  });
}

async function messagesOf(voters: readonly WorkerProcess[]): Promise<number> {
  await sleep(settleMs);
  const counts = await Promise.all(voters.map((voter) => voter.call('messages', null)));
  return counts.reduce((sum, count) => sum + count, 0);
}
