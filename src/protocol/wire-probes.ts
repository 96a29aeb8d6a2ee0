/**
 * PROBE and CHASE on the wire (wire.ts).
 */

import { nameBytesMax } from './claim.ts';
import { hopNamesMax, hopsMax } from './deadlocks.ts';
import { begin, type FieldSink, writeTexts } from './field-sink.ts';
import {
  count,
  type FieldSource,
  incarnationField,
  peerField,
  roundField,
  roundIdField,
  stampField,
} from './fields.ts';
import type { Chase, Hop, Probe } from './pursuit.ts';
import { tags } from './wire-tags.ts';

export function writeProbe(message: Probe | Chase, to: FieldSink): void {
  begin(to, tags[message.type]);
  to.integer(message.round);
  to.text(message.origin);
  to.integer(message.ticket);
  to.integer(message.attempt);
  to.array(message.path.length);
  for (const hop of message.path) writeHop(hop, to);
  to.integer(message.passed);
  if (message.type === 'chase') to.integer(Number(message.isShared));
}

function writeHop(hop: Hop, to: FieldSink): void {
  to.array(7);
  to.text(hop.peer);
  to.integer(hop.incarnation);
  to.integer(hop.round);
  to.integer(hop.via);
  to.text(hop.voter);
  writeTexts(hop.holds, to);
  writeTexts(hop.wants, to);
}

export function readProbe(from: FieldSource, type: 'probe' | 'chase'): Probe | Chase {
  const round = roundField(from, `${type}: round`);
  const origin = roundIdField(from, `${type}: origin`);
  const ticket = stampField(from, `${type}: ticket`);
  const attempt = count(from, `${type}: attempt`);
  const path: Hop[] = [];
  const length = from.array(`${type}: path`, 0, hopsMax);
  for (let left = length; left > 0 && from.fault === undefined; left--) path.push(readHop(from));
  const passed = from.integer(`${type}: passed`, 0, path.length);
  const pursuit = { origin, ticket, attempt, path, passed };
  if (type === 'probe') return { type, round, ...pursuit };
  return { type, round, isShared: from.integer('chase: shared', 0, 1) === 1, ...pursuit };
}

function readHop(from: FieldSource): Hop {
  from.array('path: claim', 7, 7);
  const peer = peerField(from, 'path: peer');
  const incarnation = incarnationField(from, 'path: incarnation');
  const round = roundField(from, 'path: round');
  const via = roundField(from, 'path: via');
  const voter = peerField(from, 'path: voter');
  const holds = namesField(from, 'path: holds');
  const wants = namesField(from, 'path: wants');
  return { peer, incarnation, round, via, voter, holds, wants };
}

function namesField(from: FieldSource, name: string): readonly string[] {
  const names: string[] = [];
  const length = from.array(name, 0, hopNamesMax);
  for (let left = length; left > 0 && from.fault === undefined; left--) {
    names.push(from.text(name, nameBytesMax));
  }
  return names;
}
