/**
 * The loops that are measured. They run in the process of the client, and count what it sees.
 */

import type { Grants, Latencies, OrderOf } from './calls.ts';
import type { LockClient } from './clients/lock-client.ts';
import { clockMs } from './clock.ts';

/** One pair after the other. */
export function runSequential(
  client: LockClient,
  { fromMs, untilMs, prefix }: OrderOf<'sequential'>,
): Promise<Latencies> {
  return runInFlight(client, { fromMs, untilMs, prefix, claims: 1 });
}

/** So many loops at once, each with fresh keys of its own. */
export async function runInFlight(
  client: LockClient,
  { fromMs, untilMs, prefix, claims }: OrderOf<'inFlight'>,
): Promise<Latencies> {
  await until(fromMs);
  const acquireMs = new Column();
  let keys = 0;
  const loop = async (): Promise<void> => {
    for (let now = clockMs(); now < untilMs; now = clockMs()) {
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

/**
 * So many contenders for one key. Each asks again as soon as it has released; what it waits for at
 * the end, it still takes.
 */
export async function runContenders(
  client: LockClient,
  { fromMs, untilMs, key, contenders }: OrderOf<'contend'>,
): Promise<readonly Grants[]> {
  await until(fromMs);
  const contend = async (): Promise<Grants> => {
    const grants = new Column();
    for (let now = clockMs(); now < untilMs; now = clockMs()) {
      const lock = await client.acquire(key);
      const hadMs = clockMs();
      const releasedMs = clockMs();
      const released = lock.release();
      grants.push(now);
      grants.push(hadMs);
      grants.push(releasedMs);
      await released;
    }
    return grants.values();
  };
  return Promise.all(Array.from({ length: contenders }, contend));
}

async function until(ms: number): Promise<void> {
  const left = ms - clockMs();
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}

/** Numbers in a row, without an object for each. */
class Column {
  #values = new Float64Array(1_024);
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
