/**
 * LOOK and VIEW on the wire (wire.ts).
 */

import { isName, nameBytesMax } from './claim.ts';
import { begin, type FieldSink, writeResources } from './field-sink.ts';
import {
  count,
  type FieldSource,
  incarnationField,
  lookField,
  peerField,
  resourcesField,
  roundField,
  stampField,
} from './fields.ts';
import type { Look, Sight, View } from './message.ts';
import { tags } from './wire-tags.ts';

const sightsMax = 10_000;

/** No name is empty: that is all of them. */
export function writeLook({ look, name }: Look, to: FieldSink): void {
  begin(to, tags.look);
  to.integer(look);
  to.text(name ?? '');
}

export function writeView({ look, sights, isLast, isCut }: View, to: FieldSink): void {
  begin(to, tags.view);
  to.integer(look);
  to.integer((isLast ? 1 : 0) + (isCut ? 2 : 0));
  to.array(sights.length);
  for (const sight of sights) writeSight(sight, to);
}

/** What waits has been held for 0, what is held for a millisecond more than it has. */
function writeSight(sight: Sight, to: FieldSink): void {
  to.array(8);
  to.text(sight.peer);
  to.integer(sight.incarnation);
  to.integer(sight.round);
  writeResources(sight.resources, to);
  to.integer(sight.heldForMs === null ? 0 : sight.heldForMs + 1);
  to.integer(sight.ticket);
  to.integer(sight.token);
  to.integer(sight.isStealing ? 1 : 0);
}

export function readLook(from: FieldSource): Look {
  const look = lookField(from, 'look: number');
  const name = from.text('look: name', nameBytesMax);
  if (name !== '' && !isName(name)) from.refuse('look: name', 'a name', JSON.stringify(name));
  return { type: 'look', look, name: name === '' ? null : name };
}

export function readView(from: FieldSource): View {
  const look = lookField(from, 'view: look');
  const flags = from.integer('view: flags', 0, 3);
  const sights: Sight[] = [];
  const length = from.array('view: sights', 0, sightsMax);
  for (let left = length; left > 0 && from.fault === undefined; left--) {
    sights.push(readSight(from));
  }
  return { type: 'view', look, sights, isLast: flags % 2 === 1, isCut: flags >= 2 };
}

function readSight(from: FieldSource): Sight {
  from.array('view: sight', 8, 8);
  const peer = peerField(from, 'view: peer');
  const incarnation = incarnationField(from, 'view: incarnation');
  const round = roundField(from, 'view: round');
  const resources = resourcesField(from, 'view: resources');
  const held = count(from, 'view: held');
  const ticket = stampField(from, 'view: ticket');
  const token = stampField(from, 'view: token');
  const isStealing = from.integer('view: steals', 0, 1) === 1;
  const heldForMs = held === 0 ? null : held - 1;
  return { peer, incarnation, round, resources, heldForMs, ticket, token, isStealing };
}
