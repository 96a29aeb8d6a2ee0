/**
 * A lock is taken from a holder that hangs: the operator's console steals it, the holder is told
 * before anybody else may go on, and what it still writes comes too late. Three peers, here in one
 * process. Takes the first of three free ports as its argument.
 */

import { createPeer, type Peer } from 'lockmesh';

const firstPort = Number(process.argv[2] ?? 7431);
const ids = ['worker', 'console', 'other'];
const voters = Object.fromEntries(ids.map((id, at) => [id, `ws://127.0.0.1:${firstPort + at}`]));
const peers = await Promise.all(ids.map((id, at) => start(id, firstPort + at)));
await Promise.all(peers.map((peer) => peer.ready()));
const [worker, operator, other] = peers;

let fence = 0;
const write = (token: number): boolean => {
  fence = Math.max(fence, token);
  return token === fence;
};

// The work never ends by itself; in the shape of the Web Locks API.
const hanging = worker?.locks.request('import', async (lock) => {
  await new Promise((resolve) => lock.signal.addEventListener('abort', resolve));
  console.log(`the worker is told: ${lock.signal.reason.code}`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(`the worker writes late: ${write(lock.token)}`);
});
const stopped = hanging?.catch((error: Error) => error.name);
await new Promise((resolve) => setTimeout(resolve, 50));
const next = other?.acquire('import');

const stolen = await operator?.acquire('import', { steal: true, timeout: 10_000 });
console.log(`the console has it: ${stolen?.held}`);
console.log(`the console writes: ${write(stolen?.token ?? 0)}`);
console.log(`the request of the worker rejected: ${await stopped}`);
await new Promise((resolve) => setTimeout(resolve, 100));
await stolen?.release();
console.log(`whoever waited is next: ${(await next)?.held}`);
await Promise.all(peers.map((peer) => peer.close()));

function start(id: string, port: number): Promise<Peer> {
  const secret = 'correct horse battery staple';
  const listen = { host: '127.0.0.1', port };
  return createPeer({ id, listen, voters, secret, allowSteal: true });
}
