/**
 * Checks the options that must be equal on all peers of a mesh, and completes them.
 */

import { isPeerId, type PeerId } from '../protocol/ids.ts';
import type { MeshFingerprint } from './link-types.ts';
import {
  booleanOf,
  describeValue,
  idWanted,
  numberOf,
  type RawOptions,
  refuse,
} from './option-checks.ts';

const defaults = Object.freeze({ leaseMs: 10_000, maxClockDrift: 0.01, mesh: 'lockmesh' });

/** @throws {ConfigError} for the first that is not as it should be */
export function meshOf(raw: RawOptions, voters: readonly PeerId[]): MeshFingerprint {
  const name = raw.mesh ?? defaults.mesh;
  const lease = raw.lease ?? defaults.leaseMs;
  const drift = raw.maxClockDrift ?? defaults.maxClockDrift;
  const replicas = replicasOf(raw, voters.length);
  return {
    allowSteal: raw.allowSteal === undefined ? false : booleanOf('allowSteal', raw.allowSteal),
    leaseMs: numberOf('lease', lease, { min: 100, max: 3_600_000, whole: true }),
    maxClockDrift: numberOf('maxClockDrift', drift, { min: 0, max: 0.2 }),
    members: raw.members === undefined ? false : booleanOf('members', raw.members),
    // A name is made like an id, so that it looks the same in every log and on the wire.
    name: isPeerId(name) ? name : refuse('mesh', idWanted, describeValue(name)),
    quorum: quorumOf(raw, replicas),
    replicas,
    voters,
  };
}

function replicasOf({ replicas }: RawOptions, voterCount: number): number {
  if (replicas === undefined) return voterCount;
  const isOdd = typeof replicas === 'number' && Number.isInteger(replicas) && replicas % 2 === 1;
  if (isOdd && replicas >= 1 && replicas <= voterCount) return replicas;
  const wanted = `an odd number, with ${countOf(voterCount)} from 1 to ${voterCount}`;
  return refuse('replicas', wanted, describeValue(replicas));
}

function quorumOf(raw: RawOptions, voterCount: number): number {
  const majority = Math.floor(voterCount / 2) + 1;
  const quorum = raw.quorum ?? 'majority';
  if (quorum === 'majority') return majority;
  if (quorum === 'unanimous') return voterCount;
  const isEnough = typeof quorum === 'number' && quorum >= majority && quorum <= voterCount;
  if (isEnough && Number.isInteger(quorum)) return quorum;
  const numbers = majority === voterCount ? `${majority}` : `${majority} to ${voterCount}`;
  const of = raw.replicas === undefined ? countOf(voterCount) : `replicas: ${voterCount}`;
  const wanted = `'majority', 'unanimous' or, with ${of}, ${numbers}`;
  return refuse('quorum', wanted, describeValue(quorum));
}

function countOf(voters: number): string {
  return voters === 1 ? '1 voter' : `${voters} voters`;
}
