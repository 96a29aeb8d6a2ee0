/**
 * Nothing is left over at rest, and no peer finds a fault in itself.
 */

import { describe, expect, test } from 'vitest';
import { InternalError } from '../../../src/peer/errors.ts';
import type { Violation } from '../../../src/sim/checker.ts';
import { AtRest } from '../../../src/sim/checks/at-rest.ts';
import { Books } from '../../../src/sim/checks/books.ts';
import { Crash } from '../../../src/sim/checks/crash.ts';
import type { Host } from '../../../src/sim/host.ts';
import { addHosts } from '../../../src/sim/mesh.ts';
import { World } from '../../../src/sim/world.ts';
import { smallPlan } from '../small-plan.ts';

/** Three real peers, linked and voting, and what is found at rest after `live`. */
async function foundAfter(
  live: (hosts: readonly Host[]) => Promise<unknown>,
  restMs = 3_000,
): Promise<readonly string[]> {
  const { mesh } = smallPlan();
  const world = new World({ seed: 1, latency: mesh.latency });
  const found: string[] = [];
  const onViolation = ({ message }: Violation): void => void found.push(message);
  const setup = { world, isExclusive: true, isFenced: true, onViolation };
  const checker = new AtRest(setup, new Books(world));
  world.watch(checker);
  const hosts = addHosts(world, mesh);
  const sleep = (ms: number): Promise<void> => {
    return new Promise((resolve) => {
      const run = (): void => {
        world.kernel.noteMicrotasks();
        resolve();
      };
      world.kernel.after(ms * 1_000, { kind: 'operation', actor: null, detail: '', run });
    });
  };
  let isOver = false;
  const story = async (): Promise<void> => {
    const peers = await Promise.all(hosts.map((host) => host.start()));
    await Promise.all(peers.map((peer) => peer.ready()));
    await live(hosts);
    await sleep(restMs);
    checker.atRest();
    isOver = true;
  };
  world.kernel.noteMicrotasks();
  const told = story();
  await world.kernel.run(() => isOver, 60_000_000);
  await told;
  return found;
}

describe('AtRest', () => {
  test('is content when all claims have ended', async () => {
    const found = await foundAfter(async ([host]) => {
      const lock = await host?.peer?.acquire('x');
      await lock?.release();
    });
    expect(found).toEqual([]);
  });

  test('finds a claim that is held, its entries and its rounds', async () => {
    const found = await foundAfter(([host]) => host?.peer?.acquire('x') ?? Promise.resolve());
    expect(found).toContainEqual(expect.stringMatching(/at rest, a keeps 1 entries/));
    expect(found).toContainEqual(expect.stringMatching(/at rest, a keeps 1 rounds/));
    expect(found).toContainEqual(expect.stringMatching(/at rest, b keeps 1 entries/));
    expect(found).toContainEqual(expect.stringMatching(/at rest, a's claim 1 .*, still is held/));
    expect(found).toContainEqual(expect.stringMatching(/peer of a says: 1 held, 0 pending/));
  });

  test('finds a claim that waits', async () => {
    const found = await foundAfter(async ([host, other]) => {
      await host?.peer?.acquire('x');
      void other?.peer?.acquire('x').catch(() => {});
    });
    expect(found).toContainEqual(expect.stringMatching(/b's claim 1 on x, still waits/));
    expect(found).toContainEqual(expect.stringMatching(/peer of b says: 0 held, 1 pending/));
  });

  test('finds a second timer of a peer, and none of its program', async () => {
    const found = await foundAfter(async ([host, other]) => {
      host?.process.setTimer(100_000, () => {});
      other?.process.sleep(100_000, () => {});
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/at rest, a has 2 timers set/);
  });

  test('finds a connection that belongs to no link, until it is closed as a stranger', async () => {
    const dial = async ([host]: readonly Host[]): Promise<void> => {
      const dialled = host?.process.transport.dial('ws://b:7400');
      dialled?.attach({ onOpen() {}, onMessage() {}, onClose() {} });
    };
    const early = [expect.stringMatching(/4 connections stand between 3 linked pairs/)];
    expect(await foundAfter(dial, 100)).toEqual(early);
    expect(await foundAfter(dial)).toEqual([]);
  });

  test('is content with a process that has ended', async () => {
    const found = await foundAfter(async ([, other]) => {
      other?.kill({ network: 'reset', disk: 'last write kept' });
    });
    expect(found).toEqual([]);
  });

  test('finds a link of which one end knows nothing', async () => {
    const found = await foundAfter(async ([host]) => host?.machine.pause());
    expect(found).toContainEqual(expect.stringMatching(/a believes to be linked with c, which is/));
  });
});

describe('Crash', () => {
  function failures(...errors: readonly unknown[]): readonly Violation[] {
    const { mesh } = smallPlan();
    const world = new World({ seed: 1, latency: mesh.latency });
    const found: Violation[] = [];
    const onViolation = (violation: Violation): void => void found.push(violation);
    const checker = new Crash({ world, isExclusive: true, isFenced: true, onViolation });
    const [host] = addHosts(world, mesh);
    if (host !== undefined) for (const error of errors) world.onFailure(host, error);
    checker.onTurn();
    checker.onTurn();
    return found;
  }

  test('finds a peer that closed by itself, once, and names the fault', () => {
    const cause = new Error('Broken invariant: a session outlives its link');
    const found = failures(new InternalError('Closed this peer', { cause }));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ check: 'crash', name: 'Violation' });
    expect(found[0]?.message).toMatch(/At 0 ms: a \(monotonic .*a session outlives its link/);
  });

  test('leaves other errors to whoever runs the world', () => {
    expect(failures(new Error('refused as a duplicate'))).toEqual([]);
  });
});
