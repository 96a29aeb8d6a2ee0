/**
 * A deadlock across calls: a holds one account and asks for the other, b the other way round. The
 * younger of the two calls is told, lets go, and begins again. Three peers, here in one process.
 * Takes the first of three free ports as its argument.
 */

import { createPeer, DeadlockError, type Peer } from 'lockmesh';

const firstPort = Number(process.argv[2] ?? 7411);
const ids = ['a', 'b', 'c'];
const voters = Object.fromEntries(ids.map((id, at) => [id, `ws://127.0.0.1:${firstPort + at}`]));
const [a, b, c] = await Promise.all([start('a', 0), start('b', 1), start('c', 2)]);
await Promise.all([a.ready(), b.ready(), c.ready()]);

await Promise.all([transfer(a, 'account:1', 'account:2'), transfer(b, 'account:2', 'account:1')]);
// Better: both in one call, which never deadlocks.
await using both = await c.acquire(['account:1', 'account:2']);
console.log(`c holds ${both.names.join(' and ')}`);
await Promise.all([a.close(), b.close(), c.close()]);

async function transfer(peer: Peer, from: string, to: string): Promise<void> {
  for (let isDone = false; !isDone; ) {
    isDone = await peer.locks.request(from, async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      try {
        // Within a callback, what is held is known; elsewhere it is said: { holding: [lock] }.
        return await peer.locks.request(to, () => true);
      } catch (error) {
        if (!(error instanceof DeadlockError)) throw error;
        for (const { holds, wants } of error.cycle) {
          console.log(`one holds ${holds.join()} and waits for ${wants.join()}`);
        }
        return false;
      }
    });
  }
}

function start(id: string, at: number): Promise<Peer> {
  const listen = { host: '127.0.0.1', port: firstPort + at };
  const secret = 'correct horse battery staple';
  return createPeer({ id, listen, voters, secret, deadlockProbeAfter: 200 });
}
