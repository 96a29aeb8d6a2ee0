/**
 * A process with some real peers in it, told from outside what to do.
 */

import type { ActName, Acts, Answer, Order } from './acts.ts';
import { Tenant } from './tenant.ts';

type Doing = { readonly [Name in ActName]: (given: Acts[Name]['given']) => Promise<unknown> };

const tenants = new Map<string, Tenant>();

const doing: Doing = {
  open: async (openings) => {
    await Promise.all(
      openings.map(async (opening) => {
        tenants.set(opening.peer, await Tenant.open(opening));
      }),
    );
  },
  ready: async () => {
    await Promise.all([...tenants.values()].map((tenant) => tenant.ready()));
  },
  take: async (given) => await tenant(given.peer).take(given),
  look: async ({ peer }) => tenant(peer).look(),
  give: async ({ peer }) => await tenant(peer).give(),
  turns: async (given) => {
    let place = 0;
    for (const each of tenants.values()) {
      each.turns(given, place);
      place += 1;
    }
  },
  stop: async () => {
    const all = await Promise.all([...tenants.values()].map((each) => each.stop()));
    return all.flat();
  },
  ask: async (given) => await tenant(given.peer).ask(given),
  served: async ({ peer }) => await tenant(peer).served(),
  churn: async (given) => await tenant(given.peer).churn(given),
  heap: async () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  },
};

function tenant(peer: string): Tenant {
  const found = tenants.get(peer);
  if (found === undefined) throw new Error(`There is no peer ${peer} here`);
  return found;
}

/** One act of those there are, with what is given for it. */
async function perform<Name extends ActName>({ act, given }: Order<Name>): Promise<unknown> {
  return await doing[act](given);
}

function tell(answer: Answer): void {
  process.send?.(answer);
}

process.on('message', (order: Order) => {
  const { number } = order;
  perform(order).then(
    (answer = null) => tell({ number, answer, error: null }),
    (error: unknown) => tell({ number, answer: null, error: String(error) }),
  );
});
// Whoever has started it is gone.
process.on('disconnect', () => process.exit());
