/**
 * A job of node-cron on three instances, here in one process: each of its fires is run by one of
 * them. Takes the first of three free ports as its argument.
 */

import { createPeer, type Peer } from 'lockmesh';
import { schedule } from 'node-cron';

const firstPort = Number(process.argv[2] ?? 7421);
const ids = ['a', 'b', 'c'];
const voters = Object.fromEntries(ids.map((id, at) => [id, `ws://127.0.0.1:${firstPort + at}`]));
const peers = await Promise.all(ids.map((id, at) => start(id, firstPort + at)));
await Promise.all(peers.map((peer) => peer.ready()));

/** Who ran the job, by when it was due. */
const runs = new Map<string, string[]>();
const tasks = peers.map((peer) =>
  schedule('* * * * * *', ({ date }) => note(date, peer), {
    name: 'tidy',
    distributed: true,
    runCoordinator: peer.runCoordinator(),
  }),
);
await new Promise((resolve) => setTimeout(resolve, 2_600));
await Promise.all(tasks.map((task) => task.destroy()));
console.log(
  `by node-cron, each of ${runs.size} fires is run once: ${[...runs.values()].every(isOne)}`,
);

// Any other scheduler will do: what it calls is told when it was due.
const done: string[] = [];
const jobs = peers.map((peer) =>
  peer.singleton('nightly', () => void done.push(peer.id), { per: 'fire' }),
);
const due = new Date('2026-03-01T03:00:00Z');
await Promise.all(jobs.map((job) => job(due)));
console.log(`by hand, it is run ${done.length} time`);
await Promise.all(peers.map((peer) => peer.close()));

function start(id: string, port: number): Promise<Peer> {
  const secret = 'correct horse battery staple';
  return createPeer({ id, listen: { host: '127.0.0.1', port }, voters, secret });
}

function note(date: Date, { id }: Peer): void {
  const key = date.toISOString();
  runs.set(key, [...(runs.get(key) ?? []), id]);
}

function isOne(ids: readonly string[]): boolean {
  return ids.length === 1;
}
