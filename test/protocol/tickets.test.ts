/** Tickets as a node takes them: many at once, and those of claims that wait for a quorum. */

import assert from 'node:assert/strict';
import { expect, test } from 'vitest';
import { stampAt, ticketSlots } from '../../src/protocol/clock.ts';
import {
  type Acquire,
  claimId,
  incarnation,
  leaseTimeMs,
  type Message,
  Node,
  peerId,
  sessionNumber,
  stamp,
  type Time,
  timeMs,
  wallMs,
} from '../../src/protocol/index.ts';
import { nodeOptions } from '../harness/node-options.ts';

const peer = peerId('b');
const of = incarnation(1);
const voters = [peerId('a'), peer];

const at = (ms: number): Time => ({ now: timeMs(ms), wall: wallMs(1_750_000_000_000 + ms) });

const acquire = (claim: number): Acquire => ({
  type: 'acquire',
  claim: claimId(claim),
  resources: [{ name: 'x', mode: 'exclusive' }],
  patience: 'wait',
  timeoutMs: Number.POSITIVE_INFINITY,
  maxHoldMs: Number.POSITIVE_INFINITY,
  lingerMs: 0,
  value: null,
});

test('a peer that takes very many tickets at once is not refused for its clock', () => {
  const options = nodeOptions({ leaseMs: 10_000, maxClockAheadMs: 1_000, voters });
  const node = new Node(options, at(1));
  for (let claim = 1; claim <= 150_000; claim += 1) {
    node.step(acquire(claim), at(1));
    node.step({ type: 'release', claim: claimId(claim) }, at(1));
  }
  node.step({ type: 'link-up', peer, incarnation: of }, at(2));
  const [sent] = node.step({ type: 'flush' }, at(2));
  assert(sent?.type === 'frame');
  const other = new Node({ ...options, id: peer }, at(1));
  other.step({ type: 'link-up', peer: peerId('a'), incarnation: of }, at(2));
  const heard = other.step({ type: 'frame', peer: peerId('a'), frame: sent.frame }, at(2));
  expect(heard.map(({ type }) => type)).not.toContain('unlink');
});

test('what had to wait for a quorum begins with tickets and tokens in one order', () => {
  const node = new Node(nodeOptions({ voters }), at(1));
  node.step(acquire(1), at(1));
  node.step(acquire(2), at(1));
  node.step({ type: 'link-up', peer, incarnation: of }, at(2));
  const greeting: Message[] = [
    { type: 'hello', incarnation: of, session: sessionNumber(1), recovering: false },
    { type: 'settled', incarnation: of },
  ];
  const head = { sequence: 1, stamp: leaseTimeMs(1), echo: leaseTimeMs(0), clock: stamp(0) };
  node.step({ type: 'frame', peer, frame: { ...head, messages: greeting } }, at(3));
  const messages = node.step({ type: 'flush' }, at(4)).flatMap((output) => {
    return output.type === 'frame' ? output.frame.messages : [];
  });
  const prepares = messages.filter((message) => message.type === 'prepare');
  expect(prepares.map(({ round }) => round)).toEqual([1, 2]);
  for (const { ticket, token } of prepares) {
    expect(ticket).toBe(token);
    expect(ticket).toBeGreaterThan(stampAt(at(2).wall));
  }
  const [first = stamp(0), second = stamp(0)] = prepares.map(({ ticket }) => ticket);
  expect(second - first).toBe(ticketSlots);
});
