/**
 * Several holders at once: at most two exports run at a time, among all instances, and each has a
 * graphics card to itself, whichever is free. Three peers, here in one process. Takes the first of
 * three free ports as its argument.
 */

import { createPeer, type Peer } from 'lockmesh';

const firstPort = Number(process.argv[2] ?? 7411);
const ids = ['a', 'b', 'c'];
const voters = Object.fromEntries(ids.map((id, at) => [id, `ws://127.0.0.1:${firstPort + at}`]));
const peers = await Promise.all(ids.map((id, at) => start(id, firstPort + at)));
await Promise.all(peers.map((peer) => peer.ready()));

let running = 0;
let most = 0;
const slots = new Set<number>();
await Promise.all([...peers, ...peers, ...peers].map(runExport));
console.log(`at most ${most} exports ran at once`);
console.log(`in slots ${[...slots].toSorted().join(' and ')}`);

const [a, b, c] = peers;
await using first = await a?.acquireAny(['gpu:0', 'gpu:1']);
await using second = await b?.acquireAny(['gpu:0', 'gpu:1']);
console.log(`a and b have different cards: ${first?.name !== second?.name}`);
console.log(`c gets one: ${(await c?.tryAcquireAny(['gpu:0', 'gpu:1'])) !== null}`);
await first?.release();
const third = await c?.acquireAny(['gpu:0', 'gpu:1']);
console.log(`and when a is done, it gets that of a: ${third?.name === first?.name}`);
await Promise.all(peers.map((peer) => peer.close()));

function start(id: string, port: number): Promise<Peer> {
  const secret = 'correct horse battery staple';
  return createPeer({ id, listen: { host: '127.0.0.1', port }, voters, secret });
}

async function runExport(peer: Peer): Promise<void> {
  await using permit = await peer.semaphore('exports', 2).acquire();
  running += 1;
  most = Math.max(most, running);
  slots.add(permit.slot);
  await new Promise((resolve) => setTimeout(resolve, 10));
  running -= 1;
}
