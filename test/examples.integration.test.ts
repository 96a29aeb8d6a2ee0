/**
 * The examples run as a reader would run them, each as a process of its own, and print what their
 * comments say.
 */

import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { filesIn, root, textOf } from './tidy/sources.ts';

/** But for the two that are programs of some size. */
const examples = filesIn('examples', '.ts').filter((path) => !/\/(baselines|demo)\//.test(path));

describe('the examples', () => {
  test.each(examples)('%s has fewer than 60 lines', (path) => {
    expect(textOf(path).trimEnd().split('\n').length).toBeLessThan(60);
  });

  test('quick-start locks twice', async () => {
    const [first = '', second = ''] = await run('quick-start');
    expect(first).toMatch(/^invoice:42 is ours: true, fenced by token \d+$/);
    expect(second).toMatch(/^and again, with a greater token: \d+$/);
    expect(tokenIn(second)).toBeGreaterThan(tokenIn(first));
  });

  test('three-peers lets one in at a time, and goes on without one peer', async () => {
    expect(await run('three-peers', String(await threeFreePorts()))).toEqual([
      'a mesh of three, two votes decide',
      'at most 1 was inside at any moment',
      'a holds account:1 and account:2',
      'b gets account:1: false; c may read account:2: true',
      'without c, b still gets the lock: true',
    ]);
  });

  test('permits lets two in at a time, and gives whichever is free', async () => {
    expect(await run('permits', String(await threeFreePorts()))).toEqual([
      'at most 2 exports ran at once',
      'in slots 0 and 1',
      'a and b have different cards: true',
      'c gets one: false',
      'and when a is done, it gets that of a: true',
    ]);
  });

  test('look tells who holds and who waits, and who did not answer', async () => {
    const seen = ['a holds report (exclusive)', 'b holds invoice:1 (exclusive)'];
    seen.push('b holds invoice:2 (shared)', 'b waits for report');
    expect(await run('look', String(await threeFreePorts()))).toEqual([
      ...seen,
      'c waits for report',
      'c gives up: ERR_PEER_CLOSED',
      'without c:',
      ...seen,
      'no answer from c',
    ]);
  });

  test('steal tells the worker, and its late write is refused', async () => {
    expect(await run('steal', String(await threeFreePorts()))).toEqual([
      'the worker is told: ERR_LOCK_STOLEN',
      'the console has it: true',
      'the console writes: true',
      'the request of the worker rejected: AbortError',
      'the worker writes late: false',
      'whoever waited is next: true',
    ]);
  });

  test('downgrade lets readers in, and no writer', async () => {
    expect(await run('downgrade', String(await threeFreePorts()))).toEqual([
      'a reader finds index 1',
      'a reader finds index 1',
      'shared, and held: true',
      'after the builder: true',
      'nobody builds meanwhile: true',
      'the next one builds: exclusive',
    ]);
  });

  test('leader is seen by all, and followed by another', async () => {
    expect(await run('leader', String(await threeFreePorts()))).toEqual([
      'all see the same leader: true',
      'one leads: 1',
      'then another one: true',
      'which both others see: true',
      'and no more: true',
    ]);
  });

  test('deadlock names the circle, and both get through', async () => {
    const lines = await run('deadlock', String(await threeFreePorts()));
    expect(lines.toSorted()).toEqual([
      'c holds account:1 and account:2',
      'one holds account:1 and waits for account:2',
      'one holds account:2 and waits for account:1',
    ]);
  });

  test('cron has each fire run by one', async () => {
    const [fires, byHand] = await run('cron', String(await threeFreePorts()));
    expect(fires).toMatch(/^by node-cron, each of [1-9] fires is run once: true$/);
    expect(byHand).toBe('by hand, it is run 1 time');
  });

  test('fenced-store refuses the late write', async () => {
    expect(await run('fenced-store')).toEqual([
      'first is told: ERR_LOCK_LOST',
      'second has the greater token: true',
      'second writes: true',
      'first still holds: false',
      'first writes late: false',
      'the store has: written by the second',
      'first, asked, throws',
    ]);
  });

  test('simulate finds the bug, says how to repeat it, and passes the mended service', async () => {
    const lines = await run('simulate');
    expect(lines).toHaveLength(6);
    const [was, fails = '', takes = '', repeat = '', mended, passes] = lines;
    expect([was, mended, passes]).toEqual(['as it was:', 'mended:', '  every seed passes']);
    expect(fails).toMatch(/^ {2}seed \d+ fails: Error: \d+ deposits, \d+ left$/);
    expect(takes).toMatch(/^ {2}the fault: .*[abc] stands still, for \d+ ms$/);
    expect(repeat).toMatch(/^ {2}to repeat it: runSim\({ …, replay: 'sim1-[0-9a-z-]+' }, …\)$/);
  });

  test('from-redis makes right what is wrong there', async () => {
    expect(await run('from-redis')).toEqual([
      'ann gets it: true',
      'bob gets it too: false',
      'bob releases what ann holds: false',
      'ann: LockLostError',
      'bob gets it once it expired: true',
      'ann releases what bob holds: false',
      'bob releases it: true',
    ]);
  });
});

/** Runs an example to its end; what it printed, line by line. Rejects unless it exits with 0. */
async function run(name: string, ...args: readonly string[]): Promise<readonly string[]> {
  const file = `dist/examples/${name}.js`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, ...args], {
    cwd: root,
    timeout: 60_000,
  });
  expect(stderr).toBe('');
  return stdout.trimEnd().split('\n');
}

function tokenIn(line: string): number {
  return Number(/\d+$/.exec(line)?.[0]);
}

/** The first of three neighbouring ports that are free at this moment. */
async function threeFreePorts(): Promise<number> {
  for (let first = 20_000 + (process.pid % 10_000); ; first += 3) {
    const servers = await Promise.all([0, 1, 2].map((index) => listening(first + index)));
    await Promise.all(servers.map((server) => server && promisify(server.close.bind(server))()));
    if (servers.every((server) => server !== null)) return first;
  }
}

/** A server on the port; `null` when that is taken. */
function listening(port: number): Promise<Server | null> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve(server));
  });
}
