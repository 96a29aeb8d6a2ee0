/**
 * The loops that are measured. They run in the process of the client, and count what it sees.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Grants, type Latencies, type OrderOf, perGrant } from './calls.ts';
import type { LockClient } from './clients/lock-client.ts';
import { clockMs } from './clock.ts';

/** One pair after the other. */
export function runSequential(
  client: LockClient,
  order: OrderOf<'sequential'>,
): Promise<Latencies> {
  return runInFlight(client, { ...order, claims: 1 });
}

/** So many loops at once, each with fresh keys of its own. */
export async function runInFlight(
  client: LockClient,
  { fromMs, untilMs, pairsMax, prefix, claims }: OrderOf<'inFlight'>,
): Promise<Latencies> {
  await until(fromMs);
  const acquireMs = new Column();
  let keys = 0;
  const loop = async (): Promise<void> => {
    for (let now = clockMs(); now < untilMs && keys < pairsMax; now = clockMs()) {
      keys += 1;
      const lock = await client.acquire(`${prefix}:${keys}`);
      acquireMs.push(clockMs() - now);
      await lock.release();
    }
  };
  const startedMs = clockMs();
  await Promise.all(Array.from({ length: claims }, loop));
  return { acquireMs: acquireMs.values(), tookMs: clockMs() - startedMs };
}

const pairsPerTurn = 1_000;

/** Pairs of one key. */
export async function runAgain(
  client: LockClient,
  { key, count }: OrderOf<'again'>,
): Promise<number> {
  const startedMs = clockMs();
  for (let left = count; left > 0; left -= 1) {
    // What is granted without a message is granted in the same turn: others must have theirs.
    if (left % pairsPerTurn === 0) await nextTurn();
    const lock = await client.acquire(key);
    await lock.release();
  }
  return clockMs() - startedMs;
}

/** Pairs of these keys; each begins when what the one before has said has left. */
export async function runEach(
  client: LockClient,
  { keys }: OrderOf<'each'>,
): Promise<Float64Array> {
  const acquireMs = new Column();
  for (const key of keys) {
    const startedMs = clockMs();
    const lock = await client.acquire(key);
    acquireMs.push(clockMs() - startedMs);
    await lock.release();
    await nextTurn();
  }
  return acquireMs.values();
}

/**
 * So many contenders for one key. Each asks again as soon as it has released; what it waits for at
 * the end, it still takes, if that comes soon. What does not is a grant that was never had.
 */
export async function runContenders(
  client: LockClient,
  { fromMs, untilMs, key, contenders, graceMs }: OrderOf<'contend'>,
): Promise<readonly Grants[]> {
  await until(fromMs);
  const all = Array.from({ length: contenders }, () => new Contender(client, key));
  let failure: Error | null = null;
  const contending = all.map((each) =>
    each.contend(untilMs).catch((error: Error) => {
      failure ??= error;
    }),
  );
  await Promise.race([Promise.all(contending), until(untilMs + graceMs)]);
  if (failure !== null) throw failure;
  const grants = all.map((each) => each.grants());
  // What those reject with who now give up comes too late to count.
  client.giveUp?.();
  return grants;
}

class Contender {
  readonly #client: LockClient;
  readonly #key: string;
  readonly #grants = new Column();
  /** Since when it waits; Infinity while it does not. */
  #askedMs = Number.POSITIVE_INFINITY;

  constructor(client: LockClient, key: string) {
    this.#client = client;
    this.#key = key;
  }

  async contend(untilMs: number): Promise<void> {
    for (let now = clockMs(); now < untilMs; now = clockMs()) {
      this.#askedMs = now;
      const lock = await this.#client.acquire(this.#key);
      const hadMs = clockMs();
      this.#askedMs = Number.POSITIVE_INFINITY;
      const releasedMs = clockMs();
      const released = lock.release();
      this.#grants.push(now);
      this.#grants.push(hadMs);
      this.#grants.push(releasedMs);
      await released;
    }
  }

  grants(): Grants {
    const had = this.#grants.values();
    if (this.#askedMs === Number.POSITIVE_INFINITY) return had;
    const never = Number.POSITIVE_INFINITY;
    const all = new Float64Array(had.length + perGrant);
    all.set(had);
    all.set([this.#askedMs, never, never], had.length);
    return all;
  }
}

async function until(ms: number): Promise<void> {
  const left = ms - clockMs();
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}

/** Numbers in a row, without an object for each. */
class Column {
  #values = new Float64Array(48);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  values(): Float64Array {
    return this.#values.slice(0, this.#length);
  }
}
