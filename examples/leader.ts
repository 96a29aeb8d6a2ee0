/**
 * Three peers elect a leader, here in one process, and all of them see which it is. When it closes,
 * another one takes over. Takes the first of three free ports as its argument.
 */

import { once } from 'node:events';
import { createPeer, type Election, type Leader, type Lock, type Peer } from 'lockmesh';

const firstPort = Number(process.argv[2] ?? 7431);
const ids = ['a', 'b', 'c'];
const voters = Object.fromEntries(ids.map((id, at) => [id, `ws://127.0.0.1:${firstPort + at}`]));
const peers = await Promise.all(ids.map((id, at) => start(id, firstPort + at)));
await Promise.all(peers.map((peer) => peer.ready()));

// All are told of the leader's value: here, where to send what only the leader may do.
const elections = peers.map((peer) => peer.elect('scheduler', { value: `http://${peer.id}` }));
const runs = Promise.allSettled(elections.map((election) => election.run(schedule)));

const [first] = await Promise.all(elections.map((election) => seen(election, 0)));
console.log(`all see the same leader: ${elections.every(isSeenAs(first))}`);
console.log(`one leads: ${elections.filter(({ isLeader }) => isLeader).length}`);

await peers.find(({ id }) => id === first?.peer)?.close();
const others = elections.filter((_, at) => ids[at] !== first?.peer);
const [second] = await Promise.all(others.map((each) => seen(each, (first?.token ?? 0) + 1)));
console.log(`then another one: ${second?.peer !== first?.peer}`);
console.log(`which both others see: ${others.every(isSeenAs(second))}`);

await Promise.all(peers.map((peer) => peer.close()));
console.log(`and no more: ${(await runs).every(({ status }) => status === 'rejected')}`);

function start(id: string, port: number): Promise<Peer> {
  const secret = 'correct horse battery staple';
  return createPeer({ id, listen: { host: '127.0.0.1', port }, voters, secret });
}

/** What a leader does: stops when it is told that it leads no more, and fences what it writes. */
async function schedule(signal: AbortSignal, { token }: Lock): Promise<number> {
  if (!signal.aborted) await once(signal, 'abort');
  return token;
}

/** The leader that an election shows, once that has such a token or a greater one. */
function seen(election: Election, token: number): Promise<Leader> {
  const { current } = election;
  if (current !== null && current.token >= token) return Promise.resolve(current);
  return new Promise((resolve) => {
    election.once('change', () => resolve(seen(election, token)));
  });
}

function isSeenAs(leader: Leader | undefined): (election: Election) => boolean {
  return ({ current }) => current?.value === leader?.value;
}
