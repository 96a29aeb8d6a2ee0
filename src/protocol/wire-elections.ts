/**
 * What is said of elections, on the wire (wire.ts): the fields after the tag.
 */

import type { FieldSink } from './field-sink.ts';
import { type FieldSource, leadingField, nameField, stampField } from './fields.ts';
import type { Leader, Observe } from './leading.ts';

export function writeElection(message: Observe | Leader, to: FieldSink): void {
  to.text(message.name);
  if (message.type === 'observe') return to.integer(message.isOn ? 1 : 0);
  const { token, leader } = message;
  to.integer(token);
  to.array(leader === null ? 0 : 2);
  if (leader === null) return;
  to.text(leader.peer);
  to.text(leader.value);
}

export function readObserve(from: FieldSource): Observe {
  const name = nameField(from, 'observe: name');
  return { type: 'observe', name, isOn: from.integer('observe: on', 0, 1) === 1 };
}

export function readLeader(from: FieldSource): Leader {
  const name = nameField(from, 'leader: name');
  const token = stampField(from, 'leader: token');
  return { type: 'leader', name, token, leader: leadingField(from, 'leader: leader') };
}
