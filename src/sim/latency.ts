/**
 * How long a message takes, as a distribution and a draw from it. Whole numbers only: no logarithm
 * whose last digit might differ between machines.
 */

/** A distribution of one-way delays, in microseconds. */
export type Latency =
  | { readonly kind: 'constant'; readonly us: number }
  | { readonly kind: 'uniform'; readonly leastUs: number; readonly mostUs: number }
  /** `leastUs`, and then exponential with this mean. */
  | { readonly kind: 'exponential'; readonly leastUs: number; readonly meanUs: number }
  /**
   * As a network with a long tail: half are within `medianUs`, one in forty beyond 4 times that.
   */
  | { readonly kind: 'log-normal'; readonly medianUs: number }
  /** `usualUs`, but for one in a thousand. */
  | { readonly kind: 'bimodal'; readonly usualUs: number; readonly rareUs: number };

/** Networks by name. */
export const latencies: Readonly<
  Record<'loopback' | 'local' | 'region' | 'world' | 'jittery', Latency>
> = Object.freeze({
  /** One machine. */
  loopback: { kind: 'constant', us: 50 },
  /** One data centre. */
  local: { kind: 'exponential', leastUs: 200, meanUs: 100 },
  /** Data centres of one region. */
  region: { kind: 'log-normal', medianUs: 1_500 },
  /** Continents apart. */
  world: { kind: 'uniform', leastUs: 40_000, mostUs: 120_000 },
  /** Good, and now and then very bad. */
  jittery: { kind: 'bimodal', usualUs: 500, rareUs: 200_000 },
});

/** The delay that a draw of 32 bits gives, in whole microseconds. */
export function delayUs(latency: Latency, draw: number): number {
  switch (latency.kind) {
    case 'constant':
      return latency.us;
    case 'uniform': {
      const span = latency.mostUs - latency.leastUs + 1;
      return latency.leastUs + scaled(draw, span);
    }
    case 'exponential':
      return latency.leastUs + Math.floor((latency.meanUs * Math.LN2 * halvings(draw)) / 65_536);
    case 'log-normal':
      return doubled(latency.medianUs, normal(draw));
    case 'bimodal':
      return scaled(draw, 1_000) === 0 ? latency.rareUs : latency.usualUs;
  }
}

/** A whole number below `bound`, from a draw. */
function scaled(draw: number, bound: number): number {
  return Math.floor((draw / 0x1_0000_0000) * bound);
}

/** −log2 of the draw as a fraction of 2^32, in 65,536ths, linear between powers of two. */
function halvings(draw: number): number {
  const zeros = Math.clz32(draw);
  const mantissa = zeros >= 31 ? 0 : ((draw << (zeros + 1)) >>> 16) & 0xffff;
  return (zeros + 1) * 65_536 - mantissa;
}

/** Nearly normal with deviation 65,536: four bytes of the draw added up (central limit). */
function normal(draw: number): number {
  const sum = (draw & 0xff) + ((draw >>> 8) & 0xff) + ((draw >>> 16) & 0xff) + (draw >>> 24);
  return Math.floor(((sum - 510) * 65_536) / 148);
}

/** `us` times 2 to the `exponent` in 65,536ths, linear between powers of two. */
function doubled(us: number, exponent: number): number {
  const whole = Math.floor(exponent / 65_536);
  const rest = exponent - whole * 65_536;
  return Math.max(1, Math.floor(us * 2 ** whole * (1 + rest / 65_536)));
}
