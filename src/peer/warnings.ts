/**
 * The wording of what a peer warns of. Strangers cannot fill the log: what they cause comes here
 * already limited in rate (links.ts), or is limited by `Warner`.
 */

import type { Emitter } from './emitter.ts';
import type { PeerWarning } from './events.ts';
import type { Refusal } from './link-types.ts';
import { type Log, RateLimit } from './logging.ts';

/** At most one warning of a kind about a peer in this time. */
const intervalMs = 10_000;

/** Tells of a warning by log and event. */
export class Warner {
  readonly #log: Log;
  readonly #emitter: Emitter;
  readonly #monotonic: () => number;
  readonly #limit = new RateLimit(intervalMs);

  constructor(log: Log, emitter: Emitter, monotonic: () => number) {
    this.#log = log;
    this.#emitter = emitter;
    this.#monotonic = monotonic;
  }

  warn(warning: PeerWarning): void {
    const { type, message, peer, cause } = warning;
    const fields = {
      type,
      ...(peer && { other: peer }),
      ...(cause !== undefined && { err: cause }),
    };
    this.#log.write('warn', message, fields);
    this.#emitter.emit('warning', warning);
  }

  /** The same, for what may come again and again. */
  warnSeldom(warning: PeerWarning): void {
    const suppressed = this.#limit.pass(`${warning.type} ${warning.peer ?? ''}`, this.#monotonic());
    if (suppressed === null) return;
    this.warn({ ...warning, message: withSuppressed(warning.message, suppressed) });
  }
}

export function refusedWarning(refusal: Refusal): PeerWarning {
  const { byUs, code, detail, peer, remote, suppressed } = refusal;
  const who = peer === null ? remote : `${peer} at ${remote}`;
  const act = byUs ? `Refused ${who}` : `Was refused by ${who}`;
  const message = withSuppressed(`${act}: ${detail} (${code})`, suppressed);
  const type = byUs && code === 'malformed' ? 'malformed' : 'refused';
  return { type, message, ...(peer !== null && { peer }) };
}

export function clockAheadWarning(peer: string, maxClockAheadMs: number): PeerWarning {
  const message =
    `Closed the link to ${peer}: its clock is more than maxClockAhead (${maxClockAheadMs} ms) ` +
    'ahead of this machine, both should be set right';
  return { type: 'clock-ahead', message, peer };
}

export function reentrantWarning(name: string): PeerWarning {
  const message =
    `A callback of locks.request asks for ${JSON.stringify(name)}, which it holds: it waits for ` +
    'itself, and should use the lock that it was given';
  return { type: 'reentrant', message };
}

export function singletonWarning(name: string, cause: unknown): PeerWarning {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `The singleton ${JSON.stringify(name)} failed, and is run again soon: ${why}`;
  return { type: 'singleton', message, cause };
}

export function stateFileWarning(cause: unknown): PeerWarning {
  const why = cause instanceof Error ? cause.message : String(cause);
  return {
    type: 'state-file',
    message: `Casts no new votes until it can be written: ${why}`,
    cause,
  };
}

export function traceWarning(cause: unknown): PeerWarning {
  const why = cause instanceof Error ? cause.message : String(cause);
  return { type: 'trace', message: `The trace of this peer is not complete: ${why}`, cause };
}

export function restartedWarning(id: string): PeerWarning {
  const message =
    `Starting anew: other peers knew of a later start of ${id}, so that the clock of this ` +
    'machine must have been set back; with a stateFile this does not happen';
  return { type: 'restarted', message };
}

export function twoVotersWarning(): PeerWarning {
  const message =
    'A mesh of two voters stands still when either of them is missing: have three, or one';
  return { type: 'two-voters', message };
}

function withSuppressed(message: string, suppressed: number): string {
  return suppressed === 0 ? message : `${message}, and ${suppressed} more like it`;
}
