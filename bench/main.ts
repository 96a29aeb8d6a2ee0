/**
 * `npm run bench`: what a lock costs, next to what the network alone costs, in the same run on the
 * same machine. `--json` prints the figures once more, as JSON, on the last line.
 *
 * Three peers vote, in three processes on loopback. This one measures.
 */

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Peer } from 'lockmesh';
import { WebSocket } from 'ws';
import { type Member, type Mesh, startMesh } from './mesh.ts';
import { cpuUsedMs } from './messages.ts';

const lease = 10_000;
const warmUps = 500;
const samples = 3_000;
const cleanStops = 5;
const idleMs = 10_000;
/** What the engine tidies up after the work before is not the mesh's. */
const settleMs = 5_000;
/** About as long as the frame of a PREPARE. */
const payload = Buffer.alloc(64, 'x');

const mesh = await startMesh(lease);
const latency = await measureLatency(mesh);
const idlePercent = await measureIdle(mesh);
const handOverMs = await measureCleanStops(mesh);
const takeoverMs = await measureTakeover(mesh);
await Promise.all([mesh.peer.close(), mesh.members[1].close()]);

const acquire = summary(latency.acquire);
const bare = summary(latency.bare);
const ratio = acquire.p50 / bare.p50;
print('sequential acquire', `p50 ${ms(acquire.p50)}, p99 ${ms(acquire.p99)}`, `${samples} times`);
print('bare ws exchange', `p50 ${ms(bare.p50)}, p99 ${ms(bare.p99)}`, 'two asked, one awaited');
print('ratio of the p50', `${ratio.toFixed(2)}`, 'at most 2');
print('idle mesh of three', `${idlePercent.toFixed(2)} % of a core`, 'under 1 %');
print('clean stop', `next holder after ${handOverMs.map(ms).join(', ')}`, 'at most 100 ms');
print('SIGKILL', `next holder after ${ms(takeoverMs)}`, `at most ${ms(lease + 1_000)}`);
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ acquire, bare, ratio, idlePercent, handOverMs, takeoverMs, lease }));
}

/** Takes turns between a lock and a bare exchange, so that both meet the same machine. */
async function measureLatency({
  peer,
  members,
}: Mesh): Promise<{ readonly acquire: number[]; readonly bare: number[] }> {
  const sockets = await Promise.all(members.map(connect));
  const acquire: number[] = [];
  const bare: number[] = [];
  globalThis.gc?.();
  for (let turn = 0; turn < warmUps + samples; turn += 1) {
    const acquireMs = await timeAcquire(peer);
    await settle();
    const bareMs = await timeExchange(sockets);
    await settle();
    if (turn < warmUps) continue;
    acquire.push(acquireMs);
    bare.push(bareMs);
  }
  for (const socket of sockets) socket.terminate();
  return { acquire, bare };
}

async function timeAcquire(peer: Peer): Promise<number> {
  const startedAt = performance.now();
  const lock = await peer.acquire('sequential');
  const tookMs = performance.now() - startedAt;
  await lock.release();
  return tookMs;
}

/** Lets what is under way end, so that neither measurement is disturbed by the other. */
async function settle(): Promise<void> {
  for (const startedAt = performance.now(); performance.now() - startedAt < 0.5; ) {
    await new Promise(setImmediate);
  }
}

/** Sends to both, and waits for the first answer. */
async function timeExchange(sockets: readonly WebSocket[]): Promise<number> {
  const answers = sockets.map(
    (socket) => new Promise((resolve) => socket.once('message', resolve)),
  );
  const startedAt = performance.now();
  for (const socket of sockets) socket.send(payload);
  await Promise.race(answers);
  const tookMs = performance.now() - startedAt;
  await Promise.all(answers);
  return tookMs;
}

async function connect({ echoPort }: Member): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${echoPort}`, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}

/** What all three processes use of the processor while nothing is asked of them, in percent. */
async function measureIdle({ members }: Mesh): Promise<number> {
  globalThis.gc?.();
  await sleep(settleMs);
  const startedAt = performance.now();
  const usedBefore = await usedByAll(members);
  await sleep(idleMs);
  const usedMs = (await usedByAll(members)) - usedBefore;
  return (usedMs / (performance.now() - startedAt)) * 100;
}

async function usedByAll(members: readonly Member[]): Promise<number> {
  const used = await Promise.all(members.map((member) => member.cpuUsedMs()));
  return used.reduce((sum, each) => sum + each, cpuUsedMs());
}

/** From the order to close until we hold what the closed peer held. Restarts it each time. */
async function measureCleanStops({ peer, members }: Mesh): Promise<readonly number[]> {
  const took: number[] = [];
  let [member] = members;
  for (let turn = 0; turn < cleanStops; turn += 1) {
    took.push(await timeUntilOurs(peer, member, () => member.close()));
    member = await member.again();
  }
  await member.close();
  return took;
}

/** From SIGKILL until we hold what the killed peer held. */
async function measureTakeover({ peer, members }: Mesh): Promise<number> {
  const member = await members[0].again();
  return timeUntilOurs(peer, member, () => member.kill());
}

async function timeUntilOurs(
  peer: Peer,
  holder: Member,
  end: () => Promise<void>,
): Promise<number> {
  await holder.hold('contended');
  const waiting = peer.acquire('contended', { timeout: 3 * lease });
  await sleep(500);
  const endedAt = performance.now();
  const ended = end();
  const lock = await waiting;
  const tookMs = performance.now() - endedAt;
  await Promise.all([lock.release(), ended]);
  return tookMs;
}

function summary(values: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function ms(value: number): string {
  return value < 1_000 ? `${value.toFixed(2)} ms` : `${(value / 1_000).toFixed(2)} s`;
}

function print(what: string, figure: string, note: string): void {
  console.log(`${what.padEnd(20)} ${figure.padEnd(60)} (${note})`);
}
