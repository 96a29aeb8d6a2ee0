/**
 * One peer rebuilds an index, alone; then it serves what it built, and all others may, at once and
 * with it. Nobody can rebuild it in between. Three peers, here in one process. Takes the first of
 * three free ports as its argument.
 */

import { createPeer, type Peer } from 'lockmesh';

const firstPort = Number(process.argv[2] ?? 7441);
const ids = ['a', 'b', 'c'];
const voters = Object.fromEntries(ids.map((id, at) => [id, `ws://127.0.0.1:${firstPort + at}`]));
const peers = await Promise.all(ids.map((id, at) => start(id, firstPort + at)));
await Promise.all(peers.map((peer) => peer.ready()));
const [a, b, c] = peers;

let index = 'none';
const lock = await a?.acquire('index');
const reading = [b, c].map(async (peer) => {
  const reader = await peer?.acquire({ name: 'index', mode: 'shared' });
  console.log(`a reader finds index ${index}`);
  return reader;
});
await new Promise((resolve) => setTimeout(resolve, 50));
index = '1';
await lock?.downgrade();
const readers = await Promise.all(reading);
console.log(`${lock?.mode}, and held: ${lock?.held}`);
console.log(`after the builder: ${readers.every((reader) => after(reader?.token))}`);
console.log(`nobody builds meanwhile: ${(await b?.tryAcquire('index')) === null}`);

const building = c?.acquire('index');
await Promise.all([lock, ...readers].map((each) => each?.release()));
console.log(`the next one builds: ${(await building)?.mode}`);
await Promise.all(peers.map((peer) => peer.close()));

/** Whether whoever has this token came after the one that built. */
function after(token: number | undefined): boolean {
  return token !== undefined && lock !== undefined && token > lock.token;
}

function start(id: string, port: number): Promise<Peer> {
  const secret = 'correct horse battery staple';
  return createPeer({ id, listen: { host: '127.0.0.1', port }, voters, secret });
}
