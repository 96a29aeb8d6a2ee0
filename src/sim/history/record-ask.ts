/**
 * How the calls of a recorded peer are noted.
 */

import type { HistoryName, HistoryResult } from './operation.ts';
import type { HeldOf } from './recorded-lock.ts';
import type { HistoryCall, HistoryRecorder } from './recorder.ts';

/** Who asks, and where it is noted. */
export interface Asking {
  readonly recorder: HistoryRecorder;
  readonly client: string;
}

/** Notes a call, for a hold of its own. */
export function ask(
  { recorder, client }: Asking,
  { op, names }: { readonly op: 'acquire' | 'try'; readonly names: readonly HistoryName[] },
): { readonly asked: HeldOf; readonly called: HistoryCall } {
  const plain = names.map((each) => (each.mode === undefined ? each.name : each));
  const asked = { client, names: plain, hold: recorder.nextHold(client) };
  return { asked, called: recorder.call({ ...asked, op }) };
}

/** What came of a call that was rejected: its caller has no lock, whatever the reason. */
export function resultOf(error: unknown): HistoryResult {
  const isTimeout =
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_LOCK_TIMEOUT';
  return isTimeout ? 'timeout' : 'failed';
}
