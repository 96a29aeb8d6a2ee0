/**
 * Why a history cannot be read, judged or exported.
 */

/** A history is not what it must be; the message says where, and what is wanted. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  /** Stable: branch on this rather than on the message. */
  readonly code = 'ERR_SIM_HISTORY';
}
