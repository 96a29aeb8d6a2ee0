/**
 * The `trace` option: what a peer tells of itself, where that goes, and what happens when it
 * cannot.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPeer } from '../../src/peer/create-peer.ts';
import type { PeerWarning } from '../../src/peer/events.ts';
import type { TraceRecord } from '../../src/peer/trace-record.ts';
import { Node } from '../../src/protocol/node.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockmesh-trace-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function linesOf(path: string): TraceRecord[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as TraceRecord);
}

async function lockOnce(trace: Parameters<typeof createPeer>[0]): Promise<PeerWarning[]> {
  const warnings: PeerWarning[] = [];
  const peer = await createPeer({ logger: false, ...trace });
  peer.on('warning', (warning) => warnings.push(warning));
  const lock = await peer.acquire('x');
  await lock.release();
  await peer.close();
  // Events are told from the turn after the peer was created.
  await nextTurn();
  return warnings;
}

describe('a function', () => {
  test('is told each step, numbered, from the start of the core to its end', async () => {
    const records: TraceRecord[] = [];
    await lockOnce({ trace: (record) => records.push(record) });
    expect(records[0]).toMatchObject({ type: 'start', peer: 'local', sequence: 1, version: 1 });
    expect(records.at(-1)).toMatchObject({ type: 'end', error: null, input: null });
    expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, index) => index + 1));
    const outputs = records.flatMap((record) => (record.type === 'step' ? record.outputs : []));
    expect(outputs.map(({ type }) => type)).toContain('granted');
  });

  test('gets all that a core needs to be run again', async () => {
    const records: TraceRecord[] = [];
    await lockOnce({ trace: (record) => records.push(record) });
    const [start, ...rest] = records;
    if (start?.type !== 'start') throw new Error('no start');
    const node = new Node(start.options, start as never);
    for (const record of rest) {
      if (record.type !== 'step') continue;
      expect(node.step(record.input, record as never)).toEqual(record.outputs);
    }
    expect(rest.length).toBeGreaterThan(2);
  });

  test('may fail, now or later: the peer warns, and goes on', async () => {
    const broken = (): never => {
      throw new Error('no room');
    };
    for (const trace of [broken, async () => broken()]) {
      const warnings = await lockOnce({ trace });
      expect(warnings.map(({ type }) => type)).toContain('trace');
      expect(warnings[0]?.message).toBe('The trace of this peer is not complete: no room');
    }
  });
});

describe('a file', () => {
  test('has a line for each record once the peer has closed; more are added', async () => {
    const path = join(folder, 'a.ndjson');
    await lockOnce({ trace: path });
    const count = linesOf(path).length;
    expect(linesOf(path).at(-1)).toMatchObject({ type: 'end' });
    await lockOnce({ trace: path });
    expect(linesOf(path)[count]).toMatchObject({ type: 'start', sequence: 1 });
  });

  test('that cannot be opened is a mistake in the options', async () => {
    const creating = createPeer({ trace: join(folder, 'none', 'a.ndjson'), logger: false });
    await expect(creating).rejects.toMatchObject({ code: 'ERR_CONFIG', field: 'trace' });
  });

  test('grows no further than it may', async () => {
    const path = join(folder, 'a.ndjson');
    const peer = await createPeer({
      ...{ trace: path, logger: false, limits: { traceFileBytesMax: 65_536 } },
    });
    const warnings: PeerWarning[] = [];
    peer.on('warning', (warning) => warnings.push(warning));
    for (let count = 0; count < 400; count++) await (await peer.acquire('x')).release();
    await peer.close();
    expect(readFileSync(path).length).toBeLessThanOrEqual(65_536);
    expect(linesOf(path).length).toBeGreaterThan(50);
    expect(warnings.map(({ type }) => type)).toEqual(['trace']);
  });
});

describe('a stream', () => {
  test('that does not drain loses records, and keeps nobody waiting', async () => {
    const stuck = new Writable({ write: () => {} });
    const limits = { traceBacklogBytesMax: 65_536 };
    const peer = await createPeer({ trace: stuck, logger: false, limits });
    const warnings: PeerWarning[] = [];
    peer.on('warning', (warning) => warnings.push(warning));
    for (let count = 0; count < 400; count++) await (await peer.acquire('x')).release();
    await peer.close();
    await nextTurn();
    expect(stuck.writableLength).toBeLessThan(70_000);
    expect(warnings.map(({ type }) => type)).toEqual(['trace']);
  });

  test('that fails is given up; the process lives', async () => {
    const failing = new Writable({
      write: (_chunk, _encoding, done) => done(new Error('broken pipe')),
    });
    const warnings = await lockOnce({ trace: failing });
    expect(warnings.map(({ message }) => message)).toEqual([
      'The trace of this peer is not complete: broken pipe',
    ]);
  });
});

test('anything else is refused', async () => {
  const creating = createPeer({ trace: 7 as never, logger: false });
  await expect(creating).rejects.toThrow(
    'Cannot create peer: trace must be the path of a file, a stream or a function, received 7',
  );
});
