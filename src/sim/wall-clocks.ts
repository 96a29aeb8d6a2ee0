/**
 * How far the wall clocks of a plan may be set, so that what the protocol assumes of them holds
 * whatever part of the plan remains (docs/protocol.md, section 1).
 *
 * Without state files they stay within a lease of each other and are never set back. With them they
 * are set as anybody likes, but no farther apart than peers accept (`maxClockAhead`, 1 h): a clock
 * beyond that is refused, which is right, and stops a test.
 */

import type { Plan, PlanMesh } from './plan.ts';
import type { Stream } from './random.ts';

/** Short of `maxClockAhead` by what clocks are off otherwise. */
const apartMaxMs = 3_570_000;

/** An hour, less what clocks may be off otherwise. */
const hourMs = 3_480_000;

export class WallClocks {
  readonly #mesh: PlanMesh;
  readonly #mayGoBack: boolean;
  /** The least and the most that each may show, relative to true time, with any of its jumps. */
  readonly #least: number[];
  readonly #most: number[];

  /** @param mayGoBack whether clocks may be set back, where they may at all */
  constructor(mesh: PlanMesh, mayGoBack: boolean) {
    this.#mesh = mesh;
    this.#mayGoBack = mayGoBack && mesh.hasDisk;
    this.#least = mesh.clocks.map(({ offsetMs }) => offsetMs);
    this.#most = [...this.#least];
  }

  /** Whether the clocks of a plan are set within what is assumed. */
  static suit({ mesh, steps }: Pick<Plan, 'mesh' | 'steps'>): boolean {
    const clocks = new WallClocks(mesh, true);
    return steps.every(({ act }) => {
      return (act.do !== 'jump' && act.do !== 'strobe') || clocks.set(act.host, act.ms);
    });
  }

  get mayGoBack(): boolean {
    return this.#mayGoBack;
  }

  /** A jump of a host that keeps what is assumed, or `null` when there is no such any more. */
  jump(host: number, chance: Stream, isSuch: (ms: number) => boolean = () => true): number | null {
    const { leaseMs, hasDisk } = this.#mesh;
    const sizes = hasDisk
      ? [chance.between(1, leaseMs), 2 * leaseMs, 90_000, hourMs]
      : [chance.between(1, leaseMs), chance.between(1, 1 + (leaseMs >> 2))];
    const jumps = chance.shuffled(sizes).flatMap((ms) => chance.shuffled([-ms, ms]));
    return jumps.find((ms) => isSuch(ms) && this.set(host, ms)) ?? null;
  }

  /** Sets the clock of a host by so much, if that keeps what is assumed. */
  set(host: number, ms: number): boolean {
    if (ms < 0 && !this.#mayGoBack) return false;
    const least = (this.#least[host] ?? 0) + Math.min(ms, 0);
    const most = (this.#most[host] ?? 0) + Math.max(ms, 0);
    const allowedMs = this.#mesh.hasDisk ? apartMaxMs : this.#mesh.leaseMs - 1;
    const lowest = Math.min(0, least, ...this.#least);
    const highest = Math.max(0, most, ...this.#most);
    if (highest - lowest > allowedMs) return false;
    this.#least[host] = least;
    this.#most[host] = most;
    return true;
  }
}
