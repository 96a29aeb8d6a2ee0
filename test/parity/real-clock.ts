/**
 * The clocks of a real node: this machine's. They can be read, and not set.
 */

import { cannot, type NetClock } from './net.ts';

const shared = 'all nodes share the clocks of this machine';

export const realClock: NetClock = Object.freeze({
  get wall(): number {
    return Date.now();
  },
  get monotonic(): number {
    return performance.now();
  },
  drift: () => cannot('let a clock drift', shared),
  freeze: () => cannot('freeze a clock', shared),
  jump: () => cannot('set a clock', shared),
  thaw: () => cannot('thaw a clock', shared),
});
