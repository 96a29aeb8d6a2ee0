/**
 * What a process full of peers may be told to do, and what it answers. Times are of the clock that
 * all processes of a machine share, in milliseconds.
 */

/** A lock that was held. */
export interface Stretch {
  readonly name: string;
  readonly holder: string;
  readonly token: number;
  readonly askedMs: number;
  /** When it was in hand. */
  readonly fromMs: number;
  /** When it was seen to be held for the last time. */
  readonly untilMs: number;
}

/** A peer to be opened. */
export interface Opening {
  readonly peer: string;
  /** Urls of the voters. */
  readonly voters: Readonly<Record<string, string>>;
  /** Where it listens, if it votes. */
  readonly port: number | null;
  readonly members: boolean;
  readonly leaseMs: number;
  readonly waitersMax: number;
}

/** How many of the locks that a peer took are held, and how many it was told are lost. */
export interface InHand {
  readonly held: number;
  readonly told: number;
}

/** By name: what it is given, and what it answers. */
export interface Acts {
  /** Opens peers, and does not wait for others. */
  readonly open: { readonly given: readonly Opening[]; readonly answer: null };
  /** Waits until all of its peers see a quorum. */
  readonly ready: { readonly given: null; readonly answer: null };
  /** Takes many names, and holds them. @returns their tokens */
  readonly take: {
    readonly given: { readonly peer: string; readonly prefix: string; readonly count: number };
    readonly answer: readonly number[];
  };
  readonly look: { readonly given: { readonly peer: string }; readonly answer: InHand };
  /** Gives back what it has taken. */
  readonly give: { readonly given: { readonly peer: string }; readonly answer: null };
  /** Begins to take turns at some names, on all of its peers. */
  readonly turns: {
    readonly given: { readonly names: number; readonly restMs: number };
    readonly answer: null;
  };
  /** Ends that, once all have had theirs. */
  readonly stop: { readonly given: null; readonly answer: readonly Stretch[] };
  /** Asks for one name many times, with a pause between two. @returns when all have asked */
  readonly ask: {
    readonly given: {
      readonly peer: string;
      readonly name: string;
      readonly count: number;
      readonly everyMs: number;
    };
    readonly answer: null;
  };
  /** Waits until all who have asked were served. */
  readonly served: {
    readonly given: { readonly peer: string };
    readonly answer: readonly Stretch[];
  };
  /** Takes many names, each once, and gives them back at once. */
  readonly churn: {
    readonly given: {
      readonly peer: string;
      readonly prefix: string;
      readonly count: number;
      readonly inFlight: number;
    };
    readonly answer: null;
  };
  /** @returns the bytes that are in use once all garbage is collected */
  readonly heap: { readonly given: null; readonly answer: number };
}

export type ActName = keyof Acts;

/** What is sent to a process. */
export interface Order<Name extends ActName = ActName> {
  readonly number: number;
  readonly act: Name;
  readonly given: Acts[Name]['given'];
}

/** What it sends back. */
export interface Answer {
  readonly number: number;
  readonly answer: unknown;
  /** Why there is none. */
  readonly error: string | null;
}
