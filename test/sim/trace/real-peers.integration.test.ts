/**
 * What peers on real sockets have recorded, each for itself, is put together and judged.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPeer } from '../../../src/peer/create-peer.ts';
import type { TraceRecord } from '../../../src/peer/trace-record.ts';
import { checkTrace } from '../../../src/sim/trace/check-trace.ts';
import { readTrace } from '../../../src/sim/trace/read-trace.ts';
import { isOfPeer, type PeerEvent, type Trace } from '../../../src/sim/trace/trace-event.ts';
import { RealMesh } from '../../harness/real-mesh.ts';

const files = new Map<string, string[]>();
let trace: Trace = [];

/** As a file has them. */
function textOf(id: string): string {
  return (files.get(id) ?? []).join('');
}

beforeAll(async () => {
  const mesh = await RealMesh.create(['a', 'b', 'c'], { lease: 1_000 });
  const open = (id: string) => {
    const lines = files.get(id) ?? [];
    files.set(id, lines);
    return mesh.open(id, {
      trace: (record: TraceRecord) => lines.push(`${JSON.stringify(record)}\n`),
    });
  };
  const peers = await Promise.all(['a', 'b', 'c'].map(open));
  await Promise.all(peers.map((peer) => peer.ready()));
  const turns = peers.map(async (peer) => {
    for (let count = 0; count < 10; count++) {
      const lock = await peer.acquire(['x', { name: 'y', mode: 'shared' }]);
      await lock.release();
    }
  });
  await Promise.all(turns);
  // Once more, with the third anew.
  const [first, , third] = peers;
  if (first === undefined || third === undefined) throw new Error('no peers');
  await mesh.crash(third);
  await (await first.acquire('x')).release();
  await (await open('c')).ready();
  await mesh.close();
  trace = readTrace(textOf('a'), textOf('b'), textOf('c'));
});

afterAll(() => {
  files.clear();
});

function steps(): readonly PeerEvent[] {
  return trace.filter(isOfPeer);
}

test('every frame that came is traced to where it was sent, and stands behind it', () => {
  const places = new Map(trace.map(({ id }, index) => [id, index]));
  const heard = steps().filter((event) => event.type === 'step' && event.input.type === 'frame');
  expect(heard.length).toBeGreaterThan(100);
  for (const { id, cause, process } of heard) {
    expect(cause).not.toBeNull();
    expect(cause?.startsWith(`${process}:`)).toBe(false);
    expect(places.get(cause ?? '')).toBeLessThan(places.get(id) ?? 0);
  }
});

test('clocks count the events of each process, and never go back along a cause', () => {
  const byId = new Map(steps().map((event) => [event.id, event]));
  for (const { clock, process, cause, sequence } of steps()) {
    expect(clock[process]).toBe(sequence);
    const before = cause === null ? undefined : byId.get(cause);
    for (const [other, count] of Object.entries(before?.clock ?? {})) {
      expect(clock[other]).toBeGreaterThanOrEqual(count);
    }
  }
  expect(new Set(steps().map(({ process }) => process))).toEqual(new Set(['a', 'b', 'c', 'c#2']));
});

test('the cores, run again on it, ask for the same; no promise is broken', () => {
  const { findings, unjudged, compared, grants } = checkTrace(trace);
  expect({ findings, unjudged }).toEqual({ findings: [], unjudged: [] });
  expect(compared).toBe(steps().filter(({ type }) => type === 'step').length);
  expect(grants).toBe(31);
});

test('two holders at one time are found by the wall clocks of their peers', async () => {
  // Two meshes of one, taken for one mesh.
  const texts = await Promise.all(
    ['a', 'b'].map(async (id) => {
      const lines: string[] = [];
      const told = (record: TraceRecord) => lines.push(`${JSON.stringify(record)}\n`);
      const peer = await createPeer({ id, voters: { [id]: '' }, logger: false, trace: told });
      const lock = await peer.acquire('x');
      await sleep(300);
      await lock.release();
      await peer.close();
      return lines.join('');
    }),
  );
  const { findings } = checkTrace(readTrace(...texts));
  expect(findings.map(({ check }) => check)).toContain('exclusion');
  expect(checkTrace(readTrace(...texts), { clockSkew: 1_000 }).findings).not.toContainEqual(
    expect.objectContaining({ check: 'exclusion' }),
  );
});
