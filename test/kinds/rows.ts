/** One scripted check for each kind of lock, over three processes. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { LocksSnapshot } from '../../src/peer/web-locks.ts';
import type { Call, Told } from './calls.ts';

/** A process that does as it is told. */
export interface Instance {
  tell<Value>(what: Call): Promise<Value>;
}

export type Three = readonly [a: Instance, b: Instance, c: Instance];

/** Rejects where the kind does not do what it says. */
export type Check = (three: Three) => Promise<void>;

/** Long enough for whatever can be granted to be. */
const settledMs = 150;

function want(value: unknown, what: string): asserts value {
  if (value === null || value === undefined || value === false) throw new Error(`not so: ${what}`);
}

function acquire(
  by: Instance,
  request: Extract<Call, { call: 'acquire' }>['request'],
): Promise<Told> {
  return by.tell<Told>({ call: 'acquire', request, options: { timeout: 10_000 } });
}

function release(by: Instance, lock: Told): Promise<void> {
  return by.tell({ call: 'release', lock: lock.id });
}

async function isOpen(promise: Promise<unknown>): Promise<boolean> {
  return await Promise.race([promise.then(() => false), sleep(settledMs).then(() => true)]);
}

export const checks: Readonly<Record<string, Check>> = {
  'exclusive: one holder, tokens that grow': async ([a, b, c]) => {
    const first = await acquire(a, 'x');
    const second = acquire(b, 'x');
    want(await isOpen(second), 'b waits while a holds');
    want((await c.tell({ call: 'tryAcquire', request: 'x' })) === null, 'a try finds it taken');
    await release(a, first);
    const { token, id } = await second;
    want(token > first.token, 'the second token is greater');
    want(await b.tell({ call: 'held', lock: id }), 'b holds');
    await release(b, await second);
  },
  'shared: readers together, and a writer in its turn': async ([a, b, c]) => {
    const reader = { name: 'r', mode: 'shared' } as const;
    const readers = await Promise.all([acquire(a, reader), acquire(b, reader)]);
    const writer = acquire(c, 'r');
    want(await isOpen(writer), 'the writer waits for both');
    const late = acquire(a, reader);
    want(await isOpen(late), 'a later reader waits behind the writer');
    await Promise.all([release(a, readers[0]), release(b, readers[1])]);
    await release(c, await writer);
    await release(a, await late);
  },
  'all of several: any mix of modes, no deadlock': async ([a, b, c]) => {
    const take = async (by: Instance, names: readonly string[]): Promise<void> => {
      for (let turn = 0; turn < 20; turn += 1) await release(by, await acquire(by, names));
    };
    await Promise.all([take(a, ['p', 'q', 's']), take(b, ['s', 'q', 'p']), take(c, ['q', 'p'])]);
    const mixed = await acquire(a, ['p', { name: 'q', mode: 'shared' }]);
    const reader = { call: 'tryAcquire', request: { name: 'q', mode: 'shared' } } as const;
    const other = await b.tell<Told | null>(reader);
    want(other, 'the shared part is shared');
    want((await c.tell({ call: 'tryAcquire', request: 'p' })) === null, 'the other part is not');
    await Promise.all([release(a, mixed), release(b, other)]);
  },
  'any of several: whichever is free, and nothing else': async ([a, b, c]) => {
    const requests = ['gpu:0', 'gpu:1'];
    const [one, two] = await Promise.all(
      [a, b].map((by) => by.tell<Told>({ call: 'acquireAny', requests })),
    );
    want(one && two && one.name !== two.name, 'two have different ones');
    const third = c.tell<Told>({ call: 'acquireAny', requests });
    want(await isOpen(third), 'the third waits');
    await release(b, two);
    want((await third).name === two.name, 'and gets the one that is free');
    await Promise.all([release(a, one), release(c, await third)]);
    const both = await acquire(a, requests);
    await release(a, both);
  },
  'semaphore: as many as permits, each with its slot': async (three) => {
    const call = { name: 'exports', permits: 2 } as const;
    const slots: number[] = [];
    let inside = 0;
    let most = 0;
    await Promise.all(
      [...three, ...three, ...three].map(async (by) => {
        const permit = await by.tell<Told>({ call: 'permit', ...call });
        inside += 1;
        most = Math.max(most, inside);
        slots.push(permit.slot ?? -1);
        await sleep(10);
        inside -= 1;
        await release(by, permit);
      }),
    );
    want(most === 2, `at most two were inside, ${most} were`);
    want(
      slots.every((slot) => slot === 0 || slot === 1),
      'slots are 0 and 1',
    );
    const [a, b, c] = three;
    const held = [await a.tell<Told>({ call: 'permit', ...call })];
    held.push(await a.tell<Told>({ call: 'permit', ...call }));
    want((await c.tell({ call: 'tryPermit', ...call })) === null, 'none is left to try for');
    want(held[0]?.slot !== held[1]?.slot, 'the two have different slots');
    await Promise.all(held.map((permit) => release(a, permit)));
    await release(b, await b.tell<Told>({ call: 'permit', ...call }));
  },
  'linger: again at no cost, and handed over': async ([a, b]) => {
    const ask = { call: 'acquire', request: 'l', options: { linger: 60_000 } } as const;
    const first = await a.tell<Told>(ask);
    await release(a, first);
    const again = await a.tell<Told>(ask);
    want(again.token === first.token + 1, 'the same round, the next token');
    const other = acquire(b, 'l');
    want(await isOpen(other), 'b waits for who holds it');
    await release(a, again);
    want((await other).token > again.token, 'b has a greater token');
    await release(b, await other);
  },
  'polite holders: told when somebody waits': async ([a, b]) => {
    const lock = await acquire(a, 'm');
    const contended = a.tell<boolean>({ call: 'contended', lock: lock.id });
    want(await isOpen(contended), 'nobody is told while nobody waits');
    const other = acquire(b, 'm');
    want(await contended, 'a is told');
    want(await a.tell({ call: 'held', lock: lock.id }), 'and holds on');
    await release(a, lock);
    await release(b, await other);
  },
  'steal: the holder is told, then it is taken': async ([a, b, c]) => {
    const lock = await acquire(a, 'stolen');
    const waiting = acquire(b, 'stolen');
    const loss = a.tell<string>({ call: 'lossOf', lock: lock.id });
    want(await isOpen(Promise.race([waiting, loss])), 'b waits while a holds');
    const options = { steal: true };
    const stolen = await c.tell<Told>({ call: 'acquire', request: 'stolen', options });
    want((await loss) === 'ERR_LOCK_STOLEN', 'a is told');
    want((await a.tell({ call: 'held', lock: lock.id })) === false, 'a holds no more');
    want(stolen.token > lock.token, 'c has a greater token');
    want(await isOpen(waiting), 'b waits on');
    await release(c, stolen);
    await release(b, await waiting);
  },
  'downgrade: readers are let in, writers wait': async ([a, b, c]) => {
    const lock = await acquire(a, 'shared later');
    const reader = acquire(b, { name: 'shared later', mode: 'shared' });
    want(await isOpen(reader), 'the reader waits for the writer');
    const writer = acquire(c, 'shared later');
    want((await a.tell({ call: 'downgrade', lock: lock.id })) === 'shared', 'a shares it');
    want((await reader).token > lock.token, 'the reader has a greater token');
    want(await a.tell({ call: 'held', lock: lock.id }), 'a holds on');
    want(await isOpen(writer), 'the other writer waits for both');
    await Promise.all([release(a, lock), release(b, await reader)]);
    await release(c, await writer);
  },
  'singletons: each fire is run once, remembered by name': async (three) => {
    const fire = (at: number): Promise<boolean[]> =>
      Promise.all(three.map((by) => by.tell<boolean>({ call: 'fire', name: 'nightly', at })));
    for (const at of [1_000, 2_000, 3_000]) {
      want((await fire(at)).filter(Boolean).length === 1, `fire ${at} is run once`);
    }
    want(
      (await fire(1_000)).every((ran) => !ran),
      'one who is late does not run it again',
    );
    const answers = await Promise.all(
      three.map((by) => by.tell<boolean>({ call: 'shouldRun', key: 'job:1', ttlMs: 1_000 })),
    );
    want(answers.filter(Boolean).length === 1, 'node-cron is told yes once');
  },
  'election: one leads, all see it, others follow': async (three) => {
    const [a, b] = three;
    const leaders = async (): Promise<string> => {
      await sleep(settledMs);
      const all = three.map((by) => by.tell<{ value: string } | null>({ call: 'leader' }));
      return (await Promise.all(all)).map((leader) => leader?.value ?? 'nobody').join();
    };
    for (const by of three) await by.tell({ call: 'elect' });
    want((await leaders()) === 'nobody,nobody,nobody', 'nobody leads at first');
    await a.tell({ call: 'campaign' });
    want((await leaders()) === 'here is a,here is a,here is a', 'all see that a leads');
    await b.tell({ call: 'campaign' });
    want((await leaders()) === 'here is a,here is a,here is a', 'b waits');
    await a.tell({ call: 'resign' });
    want((await leaders()) === 'here is b,here is b,here is b', 'b follows when a resigns');
    await b.tell({ call: 'endElection' });
    want((await leaders()) === 'here is a,nobody,here is a', 'and a again, which b sees no more');
    await a.tell({ call: 'endElection' });
  },
  'singleton always: on one instance at each moment': async (three) => {
    const runs = async (): Promise<string> => {
      await sleep(settledMs);
      const all = three.map((by) => by.tell<number>({ call: 'alwaysRuns' }));
      return (await Promise.all(all)).join();
    };
    for (const by of three) {
      await by.tell({ call: 'always' });
      want((await runs()) === '1,0,0', 'it runs where it was begun first');
    }
    await three[0].tell({ call: 'endAlways' });
    want((await runs()) === '1,1,0', 'and where it was begun next, when that stops');
    await three[2].tell({ call: 'endAlways' });
    await three[1].tell({ call: 'endAlways' });
    want((await runs()) === '1,1,0', 'and nowhere when all have stopped');
  },
  'web locks: held while the callback runs': async ([a, b]) => {
    const given = a.tell<[string, string]>({ call: 'request', name: 'w', holdMs: 400 });
    await sleep(settledMs);
    want((await b.tell({ call: 'ifAvailable', name: 'w' })) === false, 'b finds it taken');
    const { held } = await a.tell<{ held: { name: string }[] }>({ call: 'query' });
    want(
      held.some(({ name }) => name === 'w'),
      'a tells that it holds it',
    );
    want((await given).join() === 'w,exclusive', 'the callback was given it');
    const next = await b.tell<[string, string]>({ call: 'request', name: 'w', holdMs: 0 });
    want(next.join() === 'w,exclusive', 'b is given it when that is over');
  },
  'deadlock: found across calls, the youngest is told': async ([a, b, c]) => {
    const held = await Promise.all([acquire(a, 'd1'), acquire(b, 'd2'), acquire(c, 'd3')]);
    const next = (by: Instance, name: string, lock: Told): Promise<Told | string> => {
      const call = { call: 'acquireHolding', name, lock: lock.id } as const;
      return by.tell<Told>(call).catch((error: Error) => error.message);
    };
    const first = next(a, 'd2', held[0]);
    want(await isOpen(first), 'a waits for b');
    const second = next(b, 'd3', held[1]);
    want(await isOpen(second), 'b waits for c');
    want((await next(c, 'd1', held[2])) === 'ERR_DEADLOCK', 'c, the youngest, is told');
    want(await isOpen(second), 'nobody else is');
    await release(c, held[2]);
    const two = await second;
    want(typeof two === 'object', 'b goes on once c lets go');
    await Promise.all([release(b, two), release(b, held[1])]);
    const one = await first;
    want(typeof one === 'object', 'and then a');
    await Promise.all([release(a, one), release(a, held[0])]);
  },
  'reentrancy: told, instead of waiting for itself': async ([a, b]) => {
    const code = await a
      .tell({ call: 'reenter', name: 're' })
      .catch((error: Error) => error.message);
    want(code === 'ERR_REENTRANT', `the callback is told, and not ${code}`);
    await release(b, await acquire(b, 're'));
  },
  'looking: who holds and who waits, in the whole mesh': async ([a, b, c]) => {
    const lock = await acquire(a, 'seen');
    const waiting = acquire(b, 'seen');
    want(await isOpen(waiting), 'b waits');
    const options = { scope: 'mesh', name: 'seen' } as const;
    const { held, pending, unanswered } = await c.tell<LocksSnapshot>({ call: 'query', options });
    want(held.length === 1 && held[0]?.clientId === 'a', 'c sees that a holds it');
    want(held[0]?.token === lock.token, 'and by which token');
    want(pending.length === 1 && pending[0]?.clientId === 'b', 'and that b waits');
    want(unanswered.length === 0, 'all have answered');
    await release(a, lock);
    await release(b, await waiting);
  },
  'bad input: named, and rejected at the call': async ([a]) => {
    const codeOf = async (what: Call): Promise<string> => {
      return await a.tell(what).then(
        () => 'nothing',
        (error: Error) => error.message,
      );
    };
    const bad: readonly Call[] = [
      { call: 'acquire', request: { name: 'x', mode: 'other' as 'shared' } },
      { call: 'acquireAny', requests: [] },
      { call: 'permit', name: 'x', permits: 33 },
      { call: 'fire', name: 'x', at: Number.NaN },
      { call: 'acquire', request: 'x', options: { maxHold: -1 } },
      { call: 'query', options: { scope: 'all' as 'mesh' } },
    ];
    for (const call of bad) want((await codeOf(call)) === 'TypeError', JSON.stringify(call));
  },
};
