/**
 * Finding a bug in a service of one's own, under simulated crashes, pauses and partitions. Several
 * instances add to an account under a lock. One that stands still between its read and its write
 * goes on when the lock is long another's, and undoes what that has added.
 */

import { runSim, type Sim, SimFailure, type SimProcess, swarm } from 'lockmesh/sim';

/** A row in a database. Mended, it refuses writers that are older than its last reader. */
class Account {
  balance = 0;
  isFenced = false;
  #fence = 0;

  read(token: number): number {
    this.#fence = Math.max(this.#fence, token);
    return this.balance;
  }

  write(balance: number, token: number): boolean {
    if (this.isFenced && token < this.#fence) return false;
    this.balance = balance;
    return true;
  }
}

/** The service, as in production, but for the peer and the time that it is given. */
async function deposit({ peer, request, sleep }: SimProcess, account: Account): Promise<boolean> {
  await using lock = await peer.acquire('account', { timeout: 2_000 });
  const balance = await request(() => account.read(lock.token));
  await sleep(50); // looks at the customer
  return await request(() => account.write(balance + 1, lock.token));
}

const options = { seeds: 10, peer: { lease: 1_000 }, faults: swarm({ for: 10_000 }) };
for (const isFenced of [false, true]) {
  const scenario = (sim: Sim) => noDepositIsLost(sim, Object.assign(new Account(), { isFenced }));
  const result = await runSim(options, scenario).catch((error: unknown) => error);
  console.log(isFenced ? 'mended:' : 'as it was:');
  if (result instanceof SimFailure) {
    console.log(`  seed ${result.seed} fails: ${result.cause}`);
    console.log(`  the fault: ${result.faults.join('; ')}`);
    console.log(`  to repeat it: ${result.repeat}`);
  } else console.log('  every seed passes');
}

async function noDepositIsLost(sim: Sim, account: Account): Promise<void> {
  let deposits = 0;
  for (const node of sim.nodes) {
    void node.run(async (process) => {
      for (;;) {
        await process.sleep(process.random() * 200);
        if (await deposit(process, account).catch(() => false)) deposits += 1;
      }
    });
  }
  await sim.sleep(15_000);
  if (account.balance < deposits) throw new Error(`${deposits} deposits, ${account.balance} left`);
}
