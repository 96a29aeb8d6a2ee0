/**
 * The clocks of one node, as the author of a scenario sees and sets them.
 */

import type { Host } from './host.ts';
import { numberOf } from './refusals.ts';
import { driftOf } from './resolve-sim.ts';
import type { Stage } from './stage.ts';

const yearMs = 366 * 86_400_000;

/** The wall clock and the monotonic clock of one node. */
export class SimClock {
  readonly #stage: Stage;
  readonly #host: Host;
  readonly #index: number;

  /** @internal */
  constructor(stage: Stage, host: Host, index: number) {
    this.#stage = stage;
    this.#host = host;
    this.#index = index;
  }

  /** What the wall clock shows, in milliseconds since 1970. */
  get wall(): number {
    return this.#host.machine.wallMs();
  }

  /** What the monotonic clock shows, in milliseconds. */
  get monotonic(): number {
    return this.#host.machine.monotonicMs();
  }

  /**
   * Sets the wall clock, as an operator or a time service does.
   *
   * @param ms by how many milliseconds ahead; back, if negative
   * @throws `TypeError` for an impossible time
   */
  jump(ms: number): void {
    const bounds = { what: 'the time', least: -yearMs, most: yearMs };
    numberOf(`set the clock of ${this.#host.name}`, ms, bounds);
    this.#stage.begin({ do: 'jump', host: this.#index, ms });
  }

  /**
   * Lets the monotonic clock run at another rate from now on. Beyond the `maxClockDrift` of the
   * peers (1 % unless set) they promise no exclusion.
   *
   * @param ppm by how many millionths it is fast; slow, if negative
   * @throws `TypeError` for an impossible rate
   */
  drift(ppm: number): void {
    driftOf(`set the clock of ${this.#host.name}`, ppm, 'the drift');
    this.#stage.begin({ do: 'drift', host: this.#index, ppm });
  }

  /** Lets the monotonic clock stand still while the process runs on: no timer rings. */
  freeze(): void {
    this.#stage.noteFrozen();
    this.#host.machine.clock.freeze(this.#stage.world.kernel.nowUs);
    this.#host.process.onClockChange();
  }

  /** Lets a frozen clock run on, from where it stood. */
  thaw(): void {
    this.#host.machine.clock.thaw(this.#stage.world.kernel.nowUs);
    this.#host.process.onClockChange();
  }
}
