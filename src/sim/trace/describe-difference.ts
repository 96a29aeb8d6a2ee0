/**
 * How a step that came out differently is told.
 */

import { describeInput, describeMessage, describeOutput } from '../../protocol/describe.ts';
import type { Output } from '../../protocol/output.ts';
import type { PeerEvent } from './trace-event.ts';

export function describeDifference(
  { process, input, outputs }: PeerEvent & { readonly type: 'step' },
  others: readonly Output[],
): string {
  const recorded = linesOf(outputs);
  const again = linesOf(others);
  const at = recorded.findIndex((line, index) => line !== again[index]);
  const index = at < 0 ? recorded.length : at;
  const [was, is] = [recorded[index] ?? 'nothing more', again[index] ?? 'nothing more'];
  return `${process} was recorded to answer ${describeInput(input)} with ${was}; again, with ${is}`;
}

/** A line for each output, and for each message of a frame. */
export function linesOf(outputs: readonly Output[]): readonly string[] {
  return outputs.flatMap((output) => {
    if (output.type !== 'frame') return [describeOutput(output)];
    const { to, frame } = output;
    return [
      describeOutput(output),
      ...frame.messages.map((each) => `→ ${to} ${describeMessage(each)}`),
    ];
  });
}
