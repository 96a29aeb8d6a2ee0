/**
 * What the conductor of the benchmark asks of its processes, and what they answer.
 */

/** The calls by name: what each is given, and what it returns. */
export interface Calls {
  /** Pairs of acquire and release, one after the other. */
  readonly sequential: Call<Span & Keys & Bound, Latencies>;
  /** The same with several pairs at once. */
  readonly inFlight: Call<Span & Keys & Bound & { readonly claims: number }, Latencies>;
  /** Contenders for one key, which hold it for no time. Returns a list of grants for each. */
  readonly contend: Call<Span & Contention, readonly Grants[]>;
  /** Takes and keeps locks of fresh keys. */
  readonly hold: Call<Keys & { readonly count: number }, null>;
  /** Waits so many times for one key; each claim that is granted is released at once. */
  readonly queue: Call<{ readonly key: string; readonly count: number }, null>;
  /** Releases what `hold` keeps. */
  readonly letGo: Call<null, null>;
  /** Waits until nothing that `queue` asked for is left. */
  readonly drained: Call<null, null>;
  /** Takes and keeps one lock; returns when it had it, by the machine's clock. */
  readonly take: Call<{ readonly key: string }, number>;
  /** Pairs of one key, so many, one after the other; returns how long all took, in milliseconds. */
  readonly again: Call<{ readonly key: string; readonly count: number }, number>;
  /** Pairs of these keys, one after the other; returns how long each acquire took. */
  readonly each: Call<{ readonly keys: readonly string[] }, Float64Array>;
  /** How many locks it holds. */
  readonly holding: Call<null, number>;
  /** How many messages of the protocol were sent and heard so far, together. */
  readonly messages: Call<null, number>;
  /** Seconds of processor time that the process has used so far. */
  readonly cpu: Call<null, number>;
  /** Bytes of the heap after a collection. */
  readonly heap: Call<null, number>;
  /** Leaves in an orderly way; the process ends. */
  readonly close: Call<null, null>;
}

interface Call<Order, Answer> {
  readonly order: Order;
  readonly answer: Answer;
}

export type CallName = keyof Calls;
export type OrderOf<Name extends CallName> = Calls[Name]['order'];
export type AnswerOf<Name extends CallName> = Calls[Name]['answer'];

/** From when until when, by the machine's clock, in milliseconds. */
interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** After how many it ends early. */
interface Bound {
  readonly pairsMax: number;
}

/** Each key is `prefix` and a number of its own. */
interface Keys {
  readonly prefix: string;
}

interface Contention {
  readonly key: string;
  readonly contenders: number;
  /** How long those who wait at the end may still do so, in milliseconds. */
  readonly graceMs: number;
}

/** How long each acquire took, in milliseconds; and how long all of it took. */
export interface Latencies {
  readonly acquireMs: Float64Array;
  readonly tookMs: number;
}

/**
 * Of each grant: when asked for, when had, when given back; one after the other. Of one that had
 * not come when nobody waited for it any more, the last two are Infinity.
 */
export type Grants = Float64Array;

/** How many numbers a grant takes among {@link Grants}. */
export const perGrant = 3;

/** Conductor → process. */
export interface Order {
  readonly id: number;
  readonly name: CallName;
  readonly order: unknown;
}

/** Process → conductor. `ready` is the first; a server's has a port. */
export type News =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string };
