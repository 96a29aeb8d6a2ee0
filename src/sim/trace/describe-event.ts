/**
 * What happened in one event, in a few words and in full.
 */

import {
  describeInput,
  describeMessage,
  describeResources,
  describeStamp,
} from '../../protocol/describe.ts';
import type { Input } from '../../protocol/input.ts';
import type { Frame } from '../../protocol/message.ts';
import type { Output } from '../../protocol/output.ts';
import { linesOf } from './describe-difference.ts';
import { isOfPeer, type PeerEvent, type TraceEvent } from './trace-event.ts';

/** What an event is, for those who draw it. */
export type EventKind =
  | 'life'
  | 'call'
  | 'granted'
  | 'failed'
  | 'lost'
  | 'heard'
  | 'sent'
  | 'link'
  | 'other'
  | 'quiet'
  | 'fault'
  | 'violation';

/** By the most telling thing that came of it. */
export function kindOf(event: TraceEvent): EventKind {
  if (!isOfPeer(event)) return event.type;
  if (event.type !== 'step') return 'life';
  const { input, outputs } = event;
  for (const type of ['lost', 'failed', 'granted'] as const) {
    if (outputs.some((output) => output.type === type)) return type;
  }
  if (isQuiet(event)) return 'quiet';
  return kinds[input.type];
}

const kinds: Readonly<Record<Input['type'], EventKind>> = Object.freeze({
  acquire: 'call',
  release: 'call',
  heed: 'call',
  downgrade: 'call',
  look: 'call',
  observe: 'call',
  unobserve: 'call',
  'link-up': 'link',
  'link-down': 'link',
  frame: 'heard',
  flush: 'sent',
  retire: 'other',
  wake: 'other',
  persisted: 'other',
});

/** Whether nothing came of it but that a lease was renewed. */
function isQuiet({ input, outputs }: PeerEvent & { readonly type: 'step' }): boolean {
  if (outputs.some((output) => output.type !== 'frame' || !isKeepAlive(output.frame))) return false;
  if (input.type === 'frame') return isKeepAlive(input.frame);
  return input.type === 'wake' || input.type === 'flush';
}

/** Whether a frame only renews leases. */
export function isKeepAlive({ messages }: Frame): boolean {
  return messages.length === 0;
}

/** On one line, short. */
export function titleOf(event: TraceEvent): string {
  switch (event.type) {
    case 'fault':
      return event.phase === 'ends' ? `Over: ${event.what}` : event.what;
    case 'violation':
      return `${event.check}: ${event.message}`;
    case 'start':
      return `${event.process} starts`;
    case 'end':
      if (event.error !== null) return `${event.process} finds a fault in itself`;
      return event.killed === true ? `${event.process} is killed` : `${event.process} closes`;
    case 'step': {
      const outcomes = event.outputs.flatMap(outcomeOf);
      const act = actOf(event);
      return [...(act === '' && outcomes.length > 0 ? [] : [act || 'wakes']), ...outcomes].join(
        '; ',
      );
    }
  }
}

/** All that is known of it, a line each. */
export function linesOfEvent(event: TraceEvent): readonly string[] {
  if (!isOfPeer(event)) return [event.type === 'fault' ? event.what : event.message];
  if (event.type === 'start') {
    const { leaseMs, quorum, voters } = event.options;
    return [
      `incarnation ${event.incarnation}`,
      `lease ${leaseMs} ms, ${quorum} of ${voters.join(' ')}`,
    ];
  }
  if (event.type === 'end') {
    const { error, input } = event;
    const text = error === null ? [] : error.split('\n');
    return input === null ? text : [`in ${describeInput(input)}`, ...text];
  }
  const { input, outputs } = event;
  const heard = input.type === 'frame' ? input.frame.messages.map(describeMessage) : [];
  const asked = linesOf(outputs).map((line) => `⇒ ${line}`);
  return [describeInput(input), ...heard.map((line) => `  ${line}`), ...asked];
}

/** The messages of a frame in words, short. */
export function labelOf({ messages }: Frame): string {
  const counts = new Map<string, number>();
  for (const { type } of messages) counts.set(type, (counts.get(type) ?? 0) + 1);
  const words = [...counts].map(([type, count]) => (count === 1 ? type : `${type} ×${count}`));
  return words.join(', ') || 'keep-alive';
}

function actOf({ input, outputs }: PeerEvent & { readonly type: 'step' }): string {
  switch (input.type) {
    case 'acquire': {
      const verb = input.patience === 'try' ? 'tries for' : 'asks for';
      return `${verb} ${describeResources(input.resources)} (claim ${input.claim})`;
    }
    case 'release':
      return `lets claim ${input.claim} go`;
    case 'downgrade':
      return `shares what claim ${input.claim} holds`;
    case 'heed':
      return `asks who wants what claim ${input.claim} holds`;
    case 'look':
      return `looks who has ${input.name ?? 'what'}`;
    case 'observe':
      return `observes the election ${input.name}`;
    case 'unobserve':
      return `observes the election ${input.name} no more`;
    case 'link-up':
      return `linked with ${input.peer}`;
    case 'link-down':
      return `link with ${input.peer} lost`;
    case 'frame':
      return `hears ${input.peer}: ${labelOf(input.frame)}`;
    case 'persisted':
      return 'its state file is written';
    case 'flush':
    case 'retire':
    case 'wake':
      return sentBy(outputs);
  }
}

function sentBy(outputs: readonly Output[]): string {
  const labels = new Map<string, string[]>();
  for (const output of outputs) {
    if (output.type !== 'frame') continue;
    const label = labelOf(output.frame);
    labels.set(label, [...(labels.get(label) ?? []), output.to]);
  }
  const words = [...labels].map(([label, to]) => `${label} to ${to.join(' ')}`);
  return words.length === 0 ? '' : `says ${words.join('; ')}`;
}

function outcomeOf(output: Output): readonly string[] {
  switch (output.type) {
    case 'granted':
      return [`claim ${output.claim} granted, token ${describeStamp(output.token)}`];
    case 'failed':
      return [`claim ${output.claim} failed: ${output.failure.reason}`];
    case 'lost':
      return [`claim ${output.claim} lost: ${output.reason}`];
    case 'wanted':
      return [`claim ${output.claim} is wanted by others`];
    case 'looked':
      return [`sees ${output.sights.length} claims`];
    case 'leader':
      return [`${output.leader?.peer ?? 'nobody'} leads in ${output.name}`];
    case 'unlink':
      return [`gives up its link with ${output.peer}: ${output.reason}`];
    case 'quorum':
      return [output.present ? 'a quorum votes' : 'no quorum votes'];
    case 'voter':
      return [`${output.voter} is ${output.state}`];
    default:
      return [];
  }
}
