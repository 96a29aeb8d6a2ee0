/**
 * Elections in runs of plans: drawn, told, run and judged.
 */

import { describe, expect, test } from 'vitest';
import type { Lock } from '../../src/peer/lock.ts';
import type { Peer } from '../../src/peer/peer.ts';
import { isElection } from '../../src/sim/acts.ts';
import type { Claim } from '../../src/sim/client-claim.ts';
import { describePlan } from '../../src/sim/describe-plan.ts';
import { drawPlan } from '../../src/sim/draw-plan.ts';
import { watchElections } from '../../src/sim/election-watch.ts';
import { Elections, type Term, type View } from '../../src/sim/elections.ts';
import { mutatePlan } from '../../src/sim/mutate-plan.ts';
import type { Operation, Plan } from '../../src/sim/plan.ts';
import { packPlan, unpackPlan } from '../../src/sim/plan-bytes.ts';
import { smallerPlans } from '../../src/sim/reductions.ts';
import { runPlan } from '../../src/sim/run-plan.ts';
import type { RunReport } from '../../src/sim/run-report.ts';
import { toTest } from '../../src/sim/to-test.ts';
import { MadeUp } from './checks/made-up.ts';
import { ask, smallPlan } from './small-plan.ts';

const plans: readonly Plan[] = Array.from({ length: 1_000 }, (_, index) => drawPlan(index + 1));

function electionsIn({ steps }: Plan): readonly Operation[] {
  return steps.flatMap(({ act }) => (act.do === 'acquire' && isElection(act) ? [act] : []));
}

describe('plans', () => {
  test('have elections, some of them, in which each kind of part is taken', () => {
    const drawn = plans.filter((plan) => electionsIn(plan).length > 0);
    expect(drawn.length).toBeGreaterThan(80);
    expect(drawn.length).toBeLessThan(160);
    const words = new Set(drawn.flatMap(electionsIn).map(({ patience }) => patience));
    expect([...words].sort()).toEqual(['always', 'lead', 'observe', 'resign']);
  });

  test('are told in words', () => {
    const steps = [
      ask(1, 0, { patience: 'lead', holdMs: 20 }),
      ask(2, 1, { patience: 'resign', holdMs: 20, giveUpMs: 30 }),
      ask(3, 2, { patience: 'always', holdMs: 20 }),
      ask(4, 0, { patience: 'observe', holdMs: 0 }),
      ask(5, 0, { patience: 'observe', holdMs: 7 }),
    ];
    expect(describePlan(smallPlan(steps)).slice(1, -1)).toEqual([
      '1 ms: a campaigns for x, for 20 ms in all',
      '2 ms: b campaigns for x, for 20 ms in all, and resigns after half of that, ' +
        'gives up after 30 ms',
      '3 ms: c runs what always holds x, for 20 ms in all, and fails after half of that',
      '4 ms: a observes x',
      '5 ms: a observes x, for 7 ms',
    ]);
    const printed = toTest(smallPlan(steps)).split('\n');
    const at = printed.findIndex((line) => line.includes('// 3 ms: c runs what always holds x'));
    expect(printed[at + 1]).toContain("patience: 'always'");
  });

  test('are packed, changed and made smaller with the elections in them', () => {
    const plan = plans.find((each) => electionsIn(each).length > 4);
    if (plan === undefined) throw new Error('Some plan has five');
    expect(unpackPlan(packPlan(plan))).toEqual(plan);
    const mutated = Array.from({ length: 40 }, (_, seed) => mutatePlan(plan, seed));
    const counts = mutated.map((each) => electionsIn(each).length);
    expect(Math.max(...counts)).toBeGreaterThan(electionsIn(plan).length);
    const smaller = [...smallerPlans(plan)].map((each) => electionsIn(each).length);
    expect(Math.min(...smaller)).toBeLessThan(electionsIn(plan).length);
  });
});

describe('runPlan()', () => {
  async function run(...steps: Plan['steps']): Promise<RunReport> {
    return await runPlan(smallPlan(steps));
  }

  test('has candidates lead, resign and see each other', async () => {
    const report = await run(
      ask(1, 0, { patience: 'observe', holdMs: 0 }),
      ask(2, 0, { patience: 'lead', holdMs: 200 }),
      ask(3, 1, { patience: 'resign', holdMs: 200 }),
      ask(4, 2, { patience: 'lead', holdMs: 100 }),
    );
    expect(report.failure).toBe(null);
    // Who resigns leads twice; and one more is elected at the end.
    expect(report.tally).toMatchObject({ asked: 3 + 3 + 1, granted: 4 + 3 + 1 });
    expect(report.witnessed).toContain('another peer was seen to lead');
    expect(report.witnessed).toContain('nobody was seen to lead any more');
  });

  test('runs again what always runs, and fails', async () => {
    const report = await run(ask(2, 0, { patience: 'always', holdMs: 200 }));
    expect(report.failure).toBe(null);
    expect(report.tally).toMatchObject({ asked: 1 + 3 + 1, granted: 2 + 3 + 1 });
  });

  test('has a leader stolen from lead again, for the rest of its time', async () => {
    const report = await run(
      ask(2, 0, { patience: 'lead', holdMs: 200 }),
      ask(100, 1, { patience: 'steal' }),
    );
    expect(report.failure).toBe(null);
    expect(report.witnessed).toContain('a leader lost its lock');
    expect(report.tally).toMatchObject({ asked: 2 + 3 + 1, granted: 3 + 3 + 1 });
  });

  test('has who gives up campaign no more', async () => {
    const report = await run(
      ask(1, 0, { holdMs: 300 }),
      ask(2, 1, { patience: 'lead', holdMs: 10, giveUpMs: 50 }),
    );
    expect(report.failure).toBe(null);
    // The last to lead is told to end in the same way.
    expect(Object.fromEntries(report.tally.failed)).toEqual({ aborted: 2 });
  });
});

describe('watchElections()', () => {
  /** What is found where a holds x with token 5 to lead, and all that it is told besides. */
  function found(tell: (it: MadeUp, elections: Elections) => void): readonly string[] {
    let elections: Elections | undefined;
    const it = new MadeUp((setup, books) => {
      elections = new Elections(setup.world);
      watchElections(setup, books, elections);
      return { onStep: (seen) => books.onStep(seen) };
    });
    it.ask('a', 1, { value: 'here' }).grant('a', 1, { token: 5 });
    if (elections !== undefined) tell(it, elections);
    return it.found;
  }

  function term(it: MadeUp, name: string, of: Partial<Lock> & { lost?: boolean } = {}): Term {
    const host = it.host(name);
    const { act } = ask(0, 0, { patience: 'lead' });
    if (act.do !== 'acquire') throw new Error('It is an operation');
    const lock = { held: true, token: 5, ...of } as Lock;
    const claim: Claim = { operation: act, host, askedAtMs: 0, state: 'held', locks: [lock] };
    const signal = of.lost === true ? AbortSignal.abort() : new AbortController().signal;
    return { claim, process: host.process, name: 'x', lock, signal };
  }

  function begin(elections: Elections, each: Term): void {
    for (const tell of elections.began) tell(each);
    elections.terms.add(each);
  }

  test('is content with one who leads, and is seen', () => {
    const none = found((it, elections) => {
      begin(elections, term(it, 'a'));
      see(it, elections, { peer: 'a', value: 'here', token: 5 });
      see(it, elections, null);
    });
    expect(none).toEqual([]);
  });

  test('finds work that does not lead, or beside other work', () => {
    const lost = found((it, elections) => begin(elections, term(it, 'a', { held: false })));
    expect(lost[0]).toMatch(/a leads x with token 5, which does not lead/);
    const two = found((it, elections) => {
      begin(elections, term(it, 'a'));
      begin(elections, term(it, 'b', { token: 6 }));
    });
    expect(two[0]).toMatch(/b leads x with token 6, while a leads x with token 5/);
    const over = found((it, elections) => {
      begin(elections, term(it, 'a'));
      for (const each of elections.terms) elections.terms.delete(each);
      begin(elections, term(it, 'b', { token: 6 }));
    });
    expect(over).toEqual([]);
    const late = found((it, elections) => {
      elections.terms.add(term(it, 'a', { lost: true }));
      begin(elections, term(it, 'b', { token: 6 }));
    });
    expect(late).toEqual([]);
  });

  test('finds a leader that was never elected, with that value, or of an earlier time', () => {
    const seen = (leader: { peer: string; value: string; token: number }): readonly string[] => {
      return found((it, elections) => see(it, elections, leader));
    };
    expect(seen({ peer: 'b', value: 'here', token: 5 })[0]).toMatch(/with which a \("here"\) was/);
    expect(seen({ peer: 'a', value: 'there', token: 5 })[0]).toMatch(/with which a \("here"\) was/);
    expect(seen({ peer: 'a', value: 'here', token: 6 })[0]).toMatch(
      /with which nobody was elected/,
    );
    const back = found((it, elections) => {
      it.release('a', 1).ask('a', 2, { value: 'again' }).grant('a', 2, { token: 7 });
      const view = viewOf(it);
      for (const tell of elections.shown) {
        tell(view, { peer: 'a', value: 'again', token: 7 });
        tell(view, { peer: 'a', value: 'here', token: 5 });
      }
    });
    expect(back[0]).toMatch(/b sees a \("here"\) lead x with token 5, after one with token 7/);
  });

  function viewOf(it: MadeUp): View {
    const election = { name: 'x' } as View['election'];
    return { host: it.host('b'), peer: {} as Peer, election };
  }

  function see(
    it: MadeUp,
    elections: Elections,
    leader: { peer: string; value: string; token: number } | null,
  ): void {
    for (const tell of elections.shown) tell(viewOf(it), leader);
  }
});
