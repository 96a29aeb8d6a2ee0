/**
 * Lets all microtasks run, however many they lead to: the one place of the simulator that waits for
 * the real event loop.
 */

const { setImmediate: atNextTurn } = globalThis;

/** Resolves in another turn of the event loop, when the microtasks of this one are done. */
export function microtasks(): Promise<void> {
  return new Promise((resolve) => {
    atNextTurn(resolve);
  });
}
