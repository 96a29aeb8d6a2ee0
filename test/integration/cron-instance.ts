/**
 * One instance of an application that runs a job each second, by node-cron, on a machine whose
 * clock is off by some milliseconds. Told by its arguments: its id, the ports of all, its offset.
 * Tells its parent each run.
 */

const [, , id = 'a', ports = '', offset = '0'] = process.argv;
const offsetMs = Number(offset);
const TrueDate = Date;

/** Set before anything else is loaded: neither the scheduler nor the peer knows another clock. */
globalThis.Date = class extends TrueDate {
  constructor(...args: readonly unknown[]) {
    if (args.length === 0) super(TrueDate.now() + offsetMs);
    else super(...(args as [number]));
  }

  static override now(): number {
    return TrueDate.now() + offsetMs;
  }
} as DateConstructor;

const { schedule } = await import('node-cron');
const { createPeer } = await import('../../src/peer/index.js');

const urls = ports.split(',').map((port, at) => {
  return ['abcde'.charAt(at), `ws://127.0.0.1:${port}`] as const;
});
const voters = Object.fromEntries(urls);
const port = Number(new URL(voters[id] ?? '').port);
const peer = await createPeer({
  ...{ id, voters, listen: { host: '127.0.0.1', port }, lease: 4_000, logger: false },
});
await peer.ready();
const tell = (job: string, at: Date): void =>
  void process.send?.({ job, at: at.toISOString(), id });
schedule('* * * * * *', ({ date }) => tell('coordinated', date), {
  name: 'coordinated',
  distributed: true,
  runCoordinator: peer.runCoordinator(),
  distributedLease: 4_000,
});
let due = new Date();
const single = peer.singleton('single', () => tell('single', due), { per: 'fire' });
schedule('* * * * * *', async ({ date }) => {
  due = date;
  await single(date);
});
process.send?.({ ready: id });
process.once('disconnect', () => process.exit());
