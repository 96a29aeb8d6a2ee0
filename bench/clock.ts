/**
 * One clock for all processes of a run: that of the machine, which does not jump.
 */

/** What lies between `performance.now()`, which begins anew in each process, and that clock. */
const offsetMs = bestOffsetMs();

/** In milliseconds, comparable between processes of one machine. */
export function clockMs(): number {
  return performance.now() + offsetMs;
}

/** Of several looks at both clocks, the one that took least: the process may be stopped in one. */
function bestOffsetMs(): number {
  let best = { offsetMs: 0, tookMs: Number.POSITIVE_INFINITY };
  for (let look = 0; look < 100; look += 1) {
    const beforeMs = performance.now();
    const machineMs = Number(process.hrtime.bigint()) / 1e6;
    const tookMs = performance.now() - beforeMs;
    if (tookMs < best.tookMs) best = { offsetMs: machineMs - beforeMs - tookMs / 2, tookMs };
  }
  return best.offsetMs;
}
