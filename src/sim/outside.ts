/**
 * What is outside of the mesh and answers its nodes, such as a database: reached over links of its
 * own, which may be slow, or held, like any other.
 */

import type { Process } from './process.ts';
import { outside } from './resolve-sim.ts';
import type { Stage } from './stage.ts';

/**
 * Lets `act` happen outside, one delay from now, and brings what comes of it back after another: to
 * a process that still lives, when its machine runs.
 */
export function callOutside<Result>(
  stage: Stage,
  process: Process,
  act: () => Result | Promise<Result>,
): Promise<Result> {
  const { kernel, network } = stage.world;
  const there = network.link(process.name, outside);
  const back = network.link(outside, process.name);
  const wait = stage.waits.begin(process, 'waits for an answer from outside');
  return new Promise((resolve, reject) => {
    if (!process.isAlive) return;
    const answer = (settle: () => void): void => {
      const run = (): void => {
        kernel.noteMicrotasks();
        stage.waits.end(wait);
        settle();
      };
      back.whenOpen(null, () => {
        const delayUs = back.delayUs(back.next());
        kernel.after(delayUs, { kind: 'deliver', actor: process, detail: 'answer', run });
      });
    };
    const run = (): void => {
      kernel.noteMicrotasks();
      settled(act).then(
        (result) => answer(() => resolve(result)),
        (error: unknown) => answer(() => reject(error)),
      );
    };
    there.whenOpen(null, () => {
      const delayUs = there.delayUs(there.next());
      kernel.after(delayUs, { kind: 'deliver', actor: null, detail: 'request', run });
    });
  });
}

async function settled<Result>(act: () => Result | Promise<Result>): Promise<Result> {
  return await act();
}
