/**
 * Listens for the abort of a call's signal, if it has one.
 */

/** @returns what ends it; `null` without a signal */
export function listen(
  signal: AbortSignal | undefined,
  onAborted: (reason: unknown) => void,
): (() => void) | null {
  if (signal === undefined) return null;
  const onAbort = (): void => onAborted(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  return () => signal.removeEventListener('abort', onAbort);
}
