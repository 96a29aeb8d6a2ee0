/**
 * The error of a call that would bring real time, chance or input and output into a simulated run.
 */

import { firstPlace } from './stack-place.ts';

/** What was called, and what there is in its place. */
export interface RefusedCall {
  /** As people write it: `Math.random`, `fs.promises.readFile`. */
  readonly label: string;
  /** What to do, beginning with a verb: `use sim.sleep`. */
  readonly instead: string;
}

/**
 * Code under simulation called something of the real world: a clock, a timer, chance, the network,
 * a process or a file. Two runs of the same seed would no longer be the same.
 */
export class RealWorldError extends Error {
  override readonly name = 'RealWorldError';
  /** Stable: branch on this rather than on the message. */
  readonly code = 'ERR_SIM_REAL_WORLD';
  /** What was called: `Math.random`. */
  readonly call: string;
  /** `src/service.ts:12:3`, from the working directory; `null` when Node itself made the call. */
  readonly callSite: string | null;

  /**
   * @internal
   * @param below the function that was called: the stack begins with its caller
   */
  constructor({ label, instead }: RefusedCall, below: (...args: never[]) => unknown) {
    const callSite = placeAbove(below);
    const place = callSite === null ? byNode : `called at ${callSite}`;
    super(`Cannot call ${label} in a simulation: ${instead}, ${place}`);
    this.call = label;
    this.callSite = callSite;
    Error.captureStackTrace(this, below);
  }
}

/** Where no frame is anybody's: Node loads a module, or calls what was handed to it. */
const byNode = 'called by Node itself, perhaps for an import()';

/** Enough to get out of Node and the libraries, where they are what calls. */
const framesMax = 40;

function placeAbove(below: (...args: never[]) => unknown): string | null {
  const before = Error.stackTraceLimit;
  const trace: { stack?: unknown } = {};
  Error.stackTraceLimit = framesMax;
  Error.captureStackTrace(trace, below);
  Error.stackTraceLimit = before;
  return firstPlace(trace.stack);
}
