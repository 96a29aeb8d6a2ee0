/**
 * Which frame that came is which frame that was sent.
 */

import type { Frame } from '../../protocol/message.ts';
import type { CoreLog, RecordedStep } from './split.ts';
import type { RecordedEvent } from './trace-event.ts';

/** Where a frame was sent. */
export interface Sender {
  readonly core: CoreLog;
  readonly event: RecordedStep;
}

/** For each event in which a frame came, the one in which it was sent, where that is known. */
export function pairFrames(cores: readonly CoreLog[]): ReadonlyMap<RecordedEvent, Sender> {
  const sent = new Map<string, Sender[]>();
  for (const core of cores) {
    walk(core, (event, linked) => {
      if (event.type !== 'step') return;
      for (const output of event.outputs) {
        if (output.type !== 'frame') continue;
        const from = `${core.peer}/${core.incarnation}`;
        const to = `${output.to}/${linked.get(output.to) ?? ''}`;
        const key = keyOf({ from, to }, output.frame);
        const senders = sent.get(key);
        if (senders === undefined) sent.set(key, [{ core, event }]);
        else senders.push({ core, event });
      }
    });
  }
  return received(cores, sent);
}

function received(
  cores: readonly CoreLog[],
  sent: ReadonlyMap<string, readonly Sender[]>,
): ReadonlyMap<RecordedEvent, Sender> {
  const pairs = new Map<RecordedEvent, Sender>();
  // Two links made within one millisecond may carry frames with equal heads: in order, then.
  const taken = new Map<string, number>();
  for (const core of cores) {
    walk(core, (event, linked) => {
      if (event.type !== 'step' || event.input.type !== 'frame') return;
      const { peer, frame } = event.input;
      const from = `${peer}/${linked.get(peer) ?? ''}`;
      const key = keyOf({ from, to: `${core.peer}/${core.incarnation}` }, frame);
      const senders = sent.get(key) ?? [];
      const count = taken.get(key) ?? 0;
      taken.set(key, count + 1);
      const sender = senders[Math.min(count, senders.length - 1)];
      if (sender !== undefined) pairs.set(event, sender);
    });
  }
  return pairs;
}

/** Goes through the events of a core, with the incarnations that it was last linked with. */
function walk(
  { events }: CoreLog,
  visit: (event: RecordedStep, linked: ReadonlyMap<string, number>) => void,
): void {
  const linked = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'step' && event.input.type === 'link-up') {
      linked.set(event.input.peer, event.input.incarnation);
    }
    visit(event, linked);
  }
}

function keyOf(
  { from, to }: { readonly from: string; readonly to: string },
  { sequence, stamp, echo, clock, messages }: Frame,
): string {
  return `${from} ${to} ${sequence} ${stamp} ${echo} ${clock} ${messages.length}`;
}
