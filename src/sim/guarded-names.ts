/**
 * What a simulated run may not call, by name, and what there is in its place: whatever tells real
 * time or true chance, reaches another process or machine, or completes at a real moment.
 *
 * That last is why reading a file with a promise is refused and with `readFileSync` is not: for a
 * thread of Node's pool the run does not wait, so that its answer would come between other events
 * each time. What is done when the call returns is the same at the same step of every run.
 */

import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns';
import dnsPromises from 'node:dns/promises';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import workerThreads from 'node:worker_threads';
import zlib from 'node:zlib';
import type { RefusedCall } from './real-world-error.ts';

/** One function that is guarded where people find it. */
export interface GuardedName extends RefusedCall {
  /** The object that has it, itself or by inheritance. */
  readonly owner: object;
  readonly property: string;
}

/** The current time by `Date`, which is not guarded by its name alone: `new Date(0)` is allowed. */
export const dateNames: Readonly<Record<'now' | 'new' | 'call', RefusedCall>> = {
  now: { label: 'Date.now', instead: 'use wall() of the program, or node.clock.wall' },
  new: { label: 'new Date()', instead: 'use wall() of the program, or node.clock.wall' },
  call: { label: 'Date()', instead: 'use wall() of the program, or node.clock.wall' },
};

/**
 * All but `Date`, as they are found now: tests may have put fakes in place of some. A name that
 * this version of Node does not have may be among them.
 */
export function guardedNames(): readonly GuardedName[] {
  return [
    ...clocks(),
    ...waits(),
    ...chance(),
    ...network(),
    ...otherThreads(),
    ...files(),
    ...pool(),
  ];
}

function clocks(): readonly GuardedName[] {
  const instead = 'use now() of the program, or sim.now';
  return [
    ...named(performance, { prefix: 'performance.', instead }, ['now']),
    ...named(process, { prefix: 'process.', instead }, ['hrtime', 'uptime']),
    ...named(process.hrtime, { prefix: 'process.hrtime.', instead }, ['bigint']),
  ];
}

function waits(): readonly GuardedName[] {
  const instead = 'use sleep() of the program, or sim.sleep';
  const scheduler = { prefix: 'timersPromises.scheduler.', instead };
  return [
    ...named(globalThis, { prefix: '', instead }, timerNames),
    ...named(timers, { prefix: 'timers.', instead }, timerNames),
    ...named(timersPromises, { prefix: 'timersPromises.', instead }, timerNames),
    ...named(timersPromises.scheduler, scheduler, ['wait', 'yield']),
    ...named(AbortSignal, { prefix: 'AbortSignal.', instead }, ['timeout']),
  ];
}

const timerNames = ['setTimeout', 'setInterval', 'setImmediate'];

function chance(): readonly GuardedName[] {
  const instead = 'use random() of the program, or sim.random';
  return [
    ...named(Math, { prefix: 'Math.', instead }, ['random']),
    // Of node:crypto, `getRandomValues` is this very function, read anew at each call.
    ...named(crypto.webcrypto, { prefix: 'crypto.', instead }, ['randomUUID', 'getRandomValues']),
    ...named(crypto, { prefix: 'crypto.', instead }, [
      ...['randomUUID', 'randomBytes', 'randomInt', 'randomFill', 'randomFillSync'],
      ...['pseudoRandomBytes', 'prng', 'rng'],
      ...['generateKeySync', 'generateKeyPairSync', 'generatePrimeSync'],
    ]),
  ];
}

function network(): readonly GuardedName[] {
  const instead = 'use a stand-in, since a run has no real network';
  const queries = (module: object) => functionsOf(module, /^(lookup|resolve|reverse)/);
  return [
    ...named(globalThis, { prefix: '', instead }, ['fetch']),
    ...named(globalThis, { prefix: 'new ', instead }, ['WebSocket', 'EventSource']),
    ...named(net, { prefix: 'net.', instead }, ['connect', 'createConnection', 'createServer']),
    // Every connection and server of Node begins with these two, of whatever protocol it is.
    ...named(net.Socket.prototype, { prefix: 'net.Socket#', instead }, ['connect']),
    ...named(net.Server.prototype, { prefix: 'net.Server#', instead }, ['listen']),
    ...named(http, { prefix: 'http.', instead }, ['request', 'get']),
    ...named(https, { prefix: 'https.', instead }, ['request', 'get']),
    ...named(dgram, { prefix: 'dgram.', instead }, ['createSocket']),
    ...named(dns, { prefix: 'dns.', instead }, queries(dns)),
    ...named(dnsPromises, { prefix: 'dns.promises.', instead }, queries(dnsPromises)),
  ];
}

function otherThreads(): readonly GuardedName[] {
  const instead = 'do it outside of the run';
  const { ChildProcess } = childProcess;
  const channels = ['MessageChannel', 'BroadcastChannel'];
  return [
    ...named(childProcess, { prefix: 'childProcess.', instead }, [
      ...['spawn', 'fork', 'exec', 'execFile', 'spawnSync', 'execSync', 'execFileSync'],
    ]),
    ...named(ChildProcess.prototype, { prefix: 'ChildProcess#', instead }, ['spawn']),
    ...named(globalThis, { prefix: 'new ', instead }, channels),
    ...named(workerThreads, { prefix: 'new ', instead }, ['Worker', ...channels]),
  ];
}

function files(): readonly GuardedName[] {
  const instead = 'use its Sync form, or do it before the run';
  return [
    ...named(fsPromises, { prefix: 'fs.promises.', instead }, functionsOf(fsPromises, /^[a-z]/)),
    ...named(fs, { prefix: 'fs.', instead }, [
      ...withSyncForm(fs),
      ...['createReadStream', 'createWriteStream', 'openAsBlob', 'watch', 'watchFile'],
    ]),
  ];
}

/** What else Node computes in another thread. */
function pool(): readonly GuardedName[] {
  const instead = 'use its Sync form, or do it before the run';
  const { subtle } = crypto.webcrypto;
  const subtleNames = functionsOf(Object.getPrototypeOf(subtle), /^(?!constructor)/);
  return [
    ...named(zlib, { prefix: 'zlib.', instead }, withSyncForm(zlib)),
    ...named(crypto, { prefix: 'crypto.', instead }, withSyncForm(crypto)),
    ...named(subtle, { prefix: 'crypto.subtle.', instead: 'use node:crypto' }, subtleNames),
  ];
}

/** `properties` of `owner`, all to be told and replaced in the same way. */
function named(
  owner: object,
  how: { readonly prefix: string; readonly instead: string },
  properties: readonly string[],
): readonly GuardedName[] {
  return properties.map((property) => {
    return { owner, property, label: how.prefix + property, instead: how.instead };
  });
}

function withSyncForm(module: object): readonly string[] {
  return functionsOf(module, /^/).filter((name) => Object.hasOwn(module, `${name}Sync`));
}

/** The names that match, of functions that an object has itself. */
function functionsOf(owner: object, pattern: RegExp): readonly string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(owner))
    .filter(([name, { value }]) => pattern.test(name) && typeof value === 'function')
    .map(([name]) => name);
}
