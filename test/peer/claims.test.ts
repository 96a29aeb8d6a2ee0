/**
 * What an application waits for, where time acts while it gives up: a claim is granted in the very
 * step in which another is withdrawn.
 */

import { expect, test } from 'vitest';
import { Claims } from '../../src/peer/claims.ts';
import { PeerClosedError } from '../../src/peer/errors.ts';
import { anyRequestsOf } from '../../src/peer/lock-request.ts';
import { type ClaimId, timeMs, wallMs } from '../../src/protocol/ids.ts';

/** Grants whatever is asked for and not yet released when anything is released. */
class Core {
  readonly time = { now: timeMs(1), wall: wallMs(1) };
  readonly open = new Set<ClaimId>();
  readonly claims: Claims = new Claims({
    clocks: { wall: () => 1 },
    driver: {
      time: this.time,
      acquire: (claim) => void this.open.add(claim),
      release: (claim) => this.#release(claim),
      heed() {},
      downgrade() {},
      holds: () => true,
      validForMs: () => 1,
      settle() {},
    },
    onLost() {},
  });

  #release(claim: ClaimId): void {
    for (const other of this.open) this.claims.onGranted(other, 1);
    this.open.delete(claim);
  }

  ask(names: readonly string[], signal?: AbortSignal): ReturnType<Claims['askAny']> {
    return this.claims.askAny(anyRequestsOf(names, signal === undefined ? {} : { signal }));
  }
}

test('any of several that is given up rejects, and holds nothing', async () => {
  const core = new Core();
  const abort = new AbortController();
  const asked = core.ask(['x', 'y', 'z'], abort.signal);
  const reason = new Error('It was given up');
  abort.abort(reason);
  await expect(asked).rejects.toBe(reason);
  expect([...core.open]).toEqual([]);
  expect(core.claims).toMatchObject({ heldCount: 0, waitingCount: 0 });
});

test('any of several that is granted holds one', async () => {
  const core = new Core();
  const asked = core.ask(['x', 'y', 'z']);
  const [first] = core.open;
  core.claims.onGranted(first ?? expect.unreachable('it was asked for'), 1);
  await expect(asked).resolves.toMatchObject({ name: 'x' });
  expect([...core.open]).toEqual([first]);
  expect(core.claims).toMatchObject({ heldCount: 1, waitingCount: 0 });
});

test('when all is given up, nothing is granted', async () => {
  const core = new Core();
  const asked = [core.ask(['x', 'y']), core.ask(['z'])];
  const error = new PeerClosedError('The peer was closed');
  core.claims.giveUp(error);
  for (const each of asked) await expect(each).rejects.toBe(error);
  expect([...core.open]).toEqual([]);
  expect(core.claims).toMatchObject({ heldCount: 0, waitingCount: 0 });
});

test('one signal has one listener, however many names there are', async () => {
  const core = new Core();
  const abort = new AbortController();
  let listeners = 0;
  const { addEventListener } = abort.signal;
  abort.signal.addEventListener = (...args: Parameters<typeof addEventListener>): void => {
    listeners += 1;
    addEventListener.apply(abort.signal, args);
  };
  const asked = core.ask(
    Array.from({ length: 32 }, (_, at) => `x${at}`),
    abort.signal,
  );
  expect(listeners).toBe(1);
  abort.abort(new Error('It was given up'));
  await expect(asked).rejects.toThrow('It was given up');
});
