/**
 * Three peers that vote, here in one process; in earnest each is part of an instance of a service,
 * on a machine of its own. Takes the first of three free ports as its argument.
 */

import { createPeer, type Peer } from 'lockmesh';

const firstPort = Number(process.argv[2] ?? 7401);
const voters = {
  a: `ws://127.0.0.1:${firstPort}`,
  b: `ws://127.0.0.1:${firstPort + 1}`,
  c: `ws://127.0.0.1:${firstPort + 2}`,
};

const [a, b, c] = await Promise.all([start('a', 0), start('b', 1), start('c', 2)]);
await Promise.all([a.ready(), b.ready(), c.ready()]);
console.log('a mesh of three, two votes decide');

// All three want the same name at once. Each in turn holds it alone.
let inside = 0;
const mostInside = await Promise.all([a, b, c].map(takeTurns)).then((counts) =>
  Math.max(...counts),
);
console.log(`at most ${mostInside} was inside at any moment`);

// A claim of several names is granted as a whole, so that two of them never wait for each other.
{
  await using both = await a.acquire(['account:1', { name: 'account:2', mode: 'shared' }]);
  const busy = await b.tryAcquire('account:1');
  const reader = await c.tryAcquire({ name: 'account:2', mode: 'shared' });
  console.log(`a holds ${both.names.join(' and ')}`);
  console.log(`b gets account:1: ${busy !== null}; c may read account:2: ${reader !== null}`);
  await reader?.release();
}

// One peer leaves. The other two are a majority, and go on.
await c.close();
const survivor = await b.acquire('counter', { timeout: 5_000 });
console.log(`without c, b still gets the lock: ${survivor.held}`);
await survivor.release();
await Promise.all([a.close(), b.close()]);

function start(id: string, index: number): Promise<Peer> {
  const listen = { host: '127.0.0.1', port: firstPort + index };
  return createPeer({ id, listen, voters, secret: 'correct horse battery staple' });
}

async function takeTurns(peer: Peer): Promise<number> {
  let most = 0;
  for (let turn = 0; turn < 20; turn += 1) {
    await using _lock = await peer.acquire('counter', { timeout: 5_000 });
    inside += 1;
    await new Promise(setImmediate);
    most = Math.max(most, inside);
    inside -= 1;
  }
  return most;
}
