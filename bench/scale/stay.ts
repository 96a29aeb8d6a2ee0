/**
 * Locks that stay where they were: taken there again and again, at no message, and wanted by
 * another peer, when nobody holds them.
 */

import { freshPrefix, spanOf } from '../measures/span.ts';
import type { Running } from '../running.ts';
import { quantile } from '../statistics.ts';
import { clientAt, warmUp, withMeshes } from './meshes.ts';
import type { ScaleMeasure } from './names.ts';
import type { Raw } from './raw.ts';

const pairs = 1_000_000;
/** Of each round, and of each of the two peers at which they linger. */
const lingering = 1_000;
const atOnce = 16;
const warmUps = 4;

/** In a mesh of three, of which all but the first client keep what they release. */
export function measureStaying(
  rounds: number,
  measures: readonly ScaleMeasure[],
): Promise<readonly Raw[]> {
  return withMeshes([{ voters: 3, lingers: true }], async ([mesh]) => {
    if (mesh === undefined) return [];
    await warmUp(mesh);
    // Until engines have compiled what happens only where something lingers.
    for (let left = warmUps; left > 0; left -= 1) await measureHandOver(mesh);
    const found: Raw[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      found.push({
        ...(measures.includes('lingering') ? await measureAgain(mesh) : {}),
        ...(measures.includes('handOver') ? await measureHandOver(mesh) : {}),
      });
    }
    return found;
  });
}

async function measureAgain(mesh: Running): Promise<Raw> {
  const tookMs = await clientAt(mesh, 1).call('again', { key: freshPrefix(), count: pairs });
  return { lingeringPairsPerS: (pairs / tookMs) * 1_000 };
}

/**
 * One after the other: a name that lingers at the second peer, one that nobody has, one that
 * lingers at the third, one that nobody has. So all are asked of peers that were idle for as long.
 */
async function measureHandOver(mesh: Running): Promise<Raw> {
  const prefixes = [freshPrefix(), freshPrefix()];
  await Promise.all(
    prefixes.map((prefix, at) => {
      const order = { ...spanOf(60_000), pairsMax: lingering, prefix, claims: atOnce };
      return clientAt(mesh, at + 1).call('inFlight', order);
    }),
  );
  const keys: string[] = [];
  for (let key = 1; key <= lingering; key += 1) {
    for (const prefix of prefixes) keys.push(`${prefix}:${key}`, `${prefix}:free:${key}`);
  }
  const acquireMs = await clientAt(mesh, 0).call('each', { keys });
  return {
    handOverP50Ms: quantile(
      acquireMs.filter((_, at) => at % 2 === 0),
      0.5,
    ),
    freshP50Ms: quantile(
      acquireMs.filter((_, at) => at % 2 === 1),
      0.5,
    ),
  };
}
