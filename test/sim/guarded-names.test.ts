/**
 * The names that are guarded: each is refused in a run, however it was imported, and works outside.
 */

import childProcess, { execFile, fork, spawn } from 'node:child_process';
import * as crypto from 'node:crypto';
import { createHmac, randomBytes, randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import fs, { readFile, readFileSync } from 'node:fs';
import * as fsPromises from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import net, { connect } from 'node:net';
import * as timers from 'node:timers';
import { setImmediate as nextTurn, scheduler, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { BroadcastChannel as Channel, Worker } from 'node:worker_threads';
import { gzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { guardedNames } from '../../src/sim/guarded-names.ts';
import { installGuards, runGuarded } from '../../src/sim/guards.ts';
import { refusal } from '../harness/refusals.ts';

/** As a test runner has it, that prints the time in a run too. */
const EarlierDate = Date;

let undo = () => {};

beforeEach(() => {
  undo = installGuards();
});

afterEach(() => {
  undo();
});

/** Each leaves nothing behind where it is allowed, and opens no port. */
const calls: readonly (readonly [label: string, call: () => unknown])[] = [
  ['Date.now', () => Date.now()],
  ['new Date()', () => new Date()],
  ['Date()', () => Date()],
  ['performance.now', () => performance.now()],
  ['process.hrtime', () => process.hrtime()],
  ['process.hrtime.bigint', () => process.hrtime.bigint()],
  ['process.uptime', () => process.uptime()],
  ['Math.random', () => Math.random()],
  ['crypto.randomUUID', () => globalThis.crypto.randomUUID()],
  ['crypto.randomUUID', () => randomUUID()],
  ['crypto.getRandomValues', () => globalThis.crypto.getRandomValues(new Uint8Array(1))],
  ['crypto.getRandomValues', () => crypto.webcrypto.getRandomValues(new Uint8Array(1))],
  ['crypto.randomBytes', () => randomBytes(1)],
  ['crypto.randomBytes', () => crypto.randomBytes(1)],
  ['crypto.randomInt', () => randomInt(9)],
  ['crypto.randomFillSync', () => crypto.randomFillSync(new Uint8Array(1))],
  ['crypto.randomFill', () => crypto.randomFill(new Uint8Array(1), () => {})],
  ['crypto.scrypt', () => crypto.scrypt('a', 'b', 8, () => {})],
  ['crypto.subtle.digest', () => crypto.subtle.digest('SHA-256', new Uint8Array(1))],
  ['setTimeout', () => clearTimeout(setTimeout(() => {}, 0))],
  ['setInterval', () => clearInterval(setInterval(() => {}, 0))],
  ['setImmediate', () => clearImmediate(setImmediate(() => {}))],
  ['setTimeout', () => clearTimeout(timers.setTimeout(() => {}, 0))],
  ['timersPromises.setTimeout', () => sleep(0)],
  ['timersPromises.setTimeout', () => promisify(setTimeout)(0)],
  ['timersPromises.setImmediate', () => nextTurn()],
  ['timersPromises.scheduler.wait', () => scheduler.wait(0)],
  ['AbortSignal.timeout', () => AbortSignal.timeout(0)],
  ['fetch', () => fetch('data:,hello')],
  ['net.connect', () => connect('/no/such/pipe').on('error', () => {})],
  ['net.Socket#connect', () => new net.Socket().on('error', () => {}).connect('/no/such/pipe')],
  ['net.createServer', () => net.createServer()],
  [
    'net.Server#listen',
    () =>
      http
        .createServer()
        .listen('/no/such/pipe')
        .on('error', () => {}),
  ],
  ['http.get', () => http.get({ socketPath: '/no/such/pipe' }).on('error', () => {})],
  ['http.request', () => http.request({ socketPath: '/no' }).on('error', () => {})],
  ['https.get', () => https.get({ socketPath: '/no/such/pipe' }).on('error', () => {})],
  ['dgram.createSocket', () => createSocket('udp4').close()],
  ['dns.promises.lookup', () => lookup('127.0.0.1')],
  ['new Worker', () => new Worker('', { eval: true })],
  ['new MessageChannel', () => new MessageChannel().port1.close()],
  ['new BroadcastChannel', () => new Channel('guards').close()],
  ['childProcess.spawn', () => spawn(process.execPath, ['--version'])],
  ['childProcess.execFile', () => execFile(process.execPath, ['--version'])],
  ['childProcess.fork', () => fork('no-such.js', { silent: true })],
  ['childProcess.execFileSync', () => childProcess.execFileSync(process.execPath, ['--version'])],
  ['fs.readFile', () => readFile('package.json', () => {})],
  ['fs.createReadStream', () => fs.createReadStream('package.json').destroy()],
  ['fs.promises.readFile', () => fsPromises.readFile('package.json')],
  ['fs.promises.readFile', () => fs.promises.readFile('package.json')],
  ['zlib.gzip', () => gzip('a', () => {})],
];

describe('in a run', () => {
  test.each(calls)('%s is refused', (label, call) => {
    expect(refusal(call).call).toBe(label);
  });

  test('every guarded name that this Node has is refused', () => {
    const names = guardedNames().filter(({ owner, property }) => Reflect.has(owner, property));
    expect(names.length).toBeGreaterThan(150);
    for (const { owner, property } of names) {
      const found: unknown = Reflect.get(owner, property);
      if (typeof found !== 'function') throw new Error(`${property} is no function`);
      expect(refusal(() => Reflect.apply(found, owner, [])).code).toBe('ERR_SIM_REAL_WORLD');
    }
  });

  test('named imports of modules that Node itself has loaded are refused', async () => {
    const source = 'import { randomBytes } from "node:crypto"; export default () => randomBytes(1)';
    const { default: roll } = await import(/* @vite-ignore */ `data:text/javascript,${source}`);
    expect(refusal(roll).call).toBe('crypto.randomBytes');
    const required = createRequire(import.meta.url)('node:crypto');
    expect(refusal(() => required.randomBytes(1)).call).toBe('crypto.randomBytes');
  });

  test('a date that is given stays allowed', () => {
    runGuarded(() => {
      const date = new Date(86_400_000);
      expect(date.toISOString()).toBe('1970-01-02T00:00:00.000Z');
      expect(date).toBeInstanceOf(Date);
      expect(date.constructor).toBe(Date);
      expect(Date.UTC(1970, 0, 2)).toBe(86_400_000);
      expect(Date.parse('1970-01-02')).toBe(86_400_000);
      expect(new Date(1970, 0)).toEqual(new Date('1970-01-01T00:00:00'));
    });
  });

  test('a class that extends Date is one', () => {
    class Day extends Date {}
    const day = runGuarded(() => new Day(0));
    expect(day).toBeInstanceOf(Day);
    expect(day).toBeInstanceOf(Date);
    expect(refusal(() => new Day()).call).toBe('new Date()');
    expect(refusal(() => Reflect.construct(new Date(0).constructor, [])).call).toBe('new Date()');
  });

  test('what needs nothing of the world goes on working', async () => {
    await runGuarded(async () => {
      const proof = createHmac('sha256', 'key').update('text').digest();
      expect(timingSafeEqual(proof, Uint8Array.from(proof))).toBe(true);
      const controller = new AbortController();
      controller.abort();
      expect(AbortSignal.any([controller.signal]).aborted).toBe(true);
      expect(structuredClone({ a: [1] })).toEqual({ a: [1] });
      expect(readFileSync('package.json', 'utf8')).toContain('lockmesh');
      await new Promise<void>((resolve) => process.nextTick(resolve));
      await new Promise<void>((resolve) => queueMicrotask(resolve));
      clearTimeout(undefined);
    });
  });

  test('who took hold of Date before has the real one', () => {
    expect(runGuarded(() => EarlierDate.now())).toBeGreaterThan(0);
    expect(runGuarded(() => new EarlierDate())).toBeInstanceOf(Date);
  });
});

describe('outside of a run', () => {
  test.each(calls)('%s works', async (_, call) => {
    await call();
  });

  test('guards look like what they stand in for', () => {
    expect(setTimeout).toBe(timers.setTimeout);
    expect(setTimeout.name).toBe('setTimeout');
    expect(Date.length).toBe(7);
    expect(new Date()).toBeInstanceOf(Date);
    expect(Date.now()).toBeGreaterThan(0);
    expect(typeof Date()).toBe('string');
    expect(typeof process.hrtime.bigint()).toBe('bigint');
  });
});
