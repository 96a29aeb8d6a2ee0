/**
 * What locks do, told as simply as it can be: one command after the other, on nodes that are up, or
 * down, or cut off. Where the mesh may do this or that, since a lease has yet to run out, say, it
 * allows both.
 */

/** How an attempt may come out. */
export type AttemptOutcome = 'granted' | 'taken' | 'failed';

/** Who asks for what; nodes are told by their indices. */
export interface Attempt {
  readonly node: number;
  readonly name: string;
  readonly isShared: boolean;
}

interface Holder extends Attempt {
  isShared: boolean;
  /** Until when nobody can say whether it still holds; `null`: it does. */
  doubtUntilMs: number | null;
  /** Nobody has it in hand any more, but the voters may still keep it. */
  isOrphan: boolean;
}

export interface LockModelSetup {
  readonly nodeCount: number;
  readonly quorum: number;
  /** How many of the nodes decide on a name. */
  readonly replicas: number;
  readonly leaseMs: number;
}

export class LockModel {
  readonly #setup: LockModelSetup;
  readonly #down = new Set<number>();
  readonly #cutOff = new Set<number>();
  #holders: Holder[] = [];
  /** Until when votes may be missing, since a voter has just gone or come. */
  #unsettledUntilMs = 0;
  /** Until when what is held of a name may be lost to one that stole it in vain. */
  readonly #wantedUntilMs = new Map<string, number>();

  constructor(setup: LockModelSetup) {
    this.#setup = setup;
  }

  isUp(node: number): boolean {
    return !this.#down.has(node);
  }

  /** Whether a node has a name in hand: `maybe` while nobody can say. */
  holds(node: number, name: string, nowMs: number): 'yes' | 'no' | 'maybe' {
    const holder = this.#find(node, name, nowMs);
    if (holder === undefined) return 'no';
    return holder.doubtUntilMs === null ? 'yes' : 'maybe';
  }

  /** How an attempt may come out that does not wait. */
  allowed(attempt: Attempt, nowMs: number): ReadonlySet<AttemptOutcome> {
    const rivals = this.#known(nowMs).filter((holder) => areRivals(holder, attempt));
    if (!this.#hasQuorum(attempt.node)) {
      const isPossible = this.#reached(attempt.node) >= this.#setup.quorum;
      const isHeld = rivals.some(({ doubtUntilMs }) => doubtUntilMs === null);
      return new Set(['failed', 'taken', ...(isPossible && !isHeld ? ['granted' as const] : [])]);
    }
    const isUnsettled = nowMs < this.#unsettledUntilMs;
    const outcomes = new Set<AttemptOutcome>();
    if (rivals.some(({ doubtUntilMs }) => doubtUntilMs === null)) outcomes.add('taken');
    else outcomes.add('granted');
    if (rivals.length > 0 || isUnsettled) outcomes.add('taken');
    if (isUnsettled) outcomes.add('failed');
    return outcomes;
  }

  /** How one of several may come out, of which one is granted; `free`: which that may be. */
  allowedOfAny(
    attempts: readonly Attempt[],
    nowMs: number,
  ): { readonly outcomes: ReadonlySet<AttemptOutcome>; readonly free: readonly Attempt[] } {
    const each = attempts.map((attempt) => ({ attempt, allowed: this.allowed(attempt, nowMs) }));
    const isAll = (outcome: AttemptOutcome) => each.every(({ allowed }) => allowed.has(outcome));
    const free = each.filter(({ allowed }) => allowed.has('granted'));
    const outcomes = new Set<AttemptOutcome>();
    if (free.length > 0) outcomes.add('granted');
    if (isAll('taken')) outcomes.add('taken');
    // Those that may be taken may be so, and the others not be answered.
    const mayFail = each.some(({ allowed }) => allowed.has('failed'));
    if (mayFail && each.every(({ allowed }) => allowed.has('taken') || allowed.has('failed'))) {
      outcomes.add('failed');
    }
    return { outcomes, free: free.map(({ attempt }) => attempt) };
  }

  /** How one may come out that steals, and waits for longer than any lease lasts. */
  allowedToSteal(node: number, nowMs: number): ReadonlySet<AttemptOutcome> {
    if (this.#hasQuorum(node) && nowMs >= this.#unsettledUntilMs) return new Set(['granted']);
    const isPossible = this.#reached(node) >= this.#setup.quorum;
    return new Set(['failed', 'taken', ...(isPossible ? ['granted' as const] : [])]);
  }

  /** It has stolen in vain: whoever holds it may lose it all the same. */
  stoleInVain({ name }: Attempt, nowMs: number): void {
    this.#wantedUntilMs.set(name, nowMs + 3 * this.#setup.leaseMs);
    for (const holder of this.#known(nowMs)) {
      if (holder.name === name && !holder.isOrphan) this.#doubt(holder, nowMs);
    }
  }

  grant(attempt: Attempt, nowMs: number): void {
    // Whoever was in doubt has lost it, or nobody else could have it.
    this.#holders = this.#holders.filter((holder) => !areRivals(holder, attempt));
    const holder = { ...attempt, doubtUntilMs: null, isOrphan: false };
    this.#holders.push(holder);
    this.#doubt(holder, nowMs);
  }

  /** The holder shares it from now on; to those who do not hear it, it is as it was. */
  downgrade(node: number, name: string, nowMs: number): void {
    const holder = this.#find(node, name, nowMs);
    if (holder === undefined || holder.isShared) return;
    if (!this.#hasQuorum(node)) {
      const before = { ...holder };
      this.#holders.push(before);
      this.#orphan(before, nowMs);
    }
    holder.isShared = true;
  }

  /** What a node has in hand outlived every doubt. */
  confirm(node: number, name: string, nowMs: number): void {
    const holder = this.#find(node, name, nowMs);
    if (holder === undefined || (holder.doubtUntilMs ?? 0) > nowMs) return;
    if (this.#hasQuorum(node)) holder.doubtUntilMs = null;
  }

  /** The holder gives it back, which those who hear it know at once. */
  release(node: number, name: string, nowMs: number): void {
    if (!this.#hasQuorum(node)) return this.lose(node, name, nowMs);
    const holder = this.#find(node, name, nowMs);
    this.#holders = this.#holders.filter((each) => each !== holder);
  }

  /** The holder has it no more; others may learn that later. */
  lose(node: number, name: string, nowMs: number): void {
    const holder = this.#find(node, name, nowMs);
    if (holder !== undefined) this.#orphan(holder, nowMs);
  }

  crash(node: number, nowMs: number): void {
    this.#down.add(node);
    for (const holder of this.#holders) if (holder.node === node) this.#orphan(holder, nowMs);
    this.#change(nowMs);
  }

  restart(node: number, nowMs: number): void {
    this.#down.delete(node);
    this.#change(nowMs);
  }

  isolate(node: number, nowMs: number): void {
    this.#cutOff.add(node);
    this.#change(nowMs);
  }

  /** Nobody is cut off, and all are up. */
  heal(nowMs: number): void {
    this.#cutOff.clear();
    this.#down.clear();
    this.#change(nowMs);
  }

  #find(node: number, name: string, nowMs: number): Holder | undefined {
    return this.#known(nowMs).find((each) => {
      return each.node === node && each.name === name && !each.isOrphan;
    });
  }

  /** Those who may hold at this time; who can still be asked is, before it is forgotten. */
  #known(nowMs: number): readonly Holder[] {
    this.#holders = this.#holders.filter(({ node, doubtUntilMs, isOrphan }) => {
      if (doubtUntilMs === null || doubtUntilMs >= nowMs) return true;
      return !isOrphan && this.#hasQuorum(node);
    });
    return this.#holders;
  }

  /** For as long as one that stole its name in vain may not be forgotten by all. */
  #doubt(holder: Holder, nowMs: number): void {
    const untilMs = this.#wantedUntilMs.get(holder.name) ?? 0;
    if (untilMs <= nowMs) return;
    const isHeard = this.#hasQuorum(holder.node);
    const doubtUntilMs = isHeard ? untilMs : Number.POSITIVE_INFINITY;
    holder.doubtUntilMs = Math.max(holder.doubtUntilMs ?? 0, doubtUntilMs);
  }

  #orphan(holder: Holder, nowMs: number): void {
    holder.isOrphan = true;
    holder.doubtUntilMs ??= nowMs + 2 * this.#setup.leaseMs;
  }

  #change(nowMs: number): void {
    const { leaseMs } = this.#setup;
    this.#known(nowMs);
    this.#unsettledUntilMs = nowMs + 3 * leaseMs;
    for (const holder of this.#holders) {
      if (holder.isOrphan) continue;
      if (!this.#hasQuorum(holder.node)) {
        const keeps = this.#keepsOthersOut(holder.node);
        holder.doubtUntilMs = keeps ? Number.POSITIVE_INFINITY : nowMs + 2 * leaseMs;
      } else if (holder.doubtUntilMs === Number.POSITIVE_INFINITY) {
        holder.doubtUntilMs = nowMs + 2 * leaseMs;
      }
    }
  }

  /** Whether it reaches a quorum of every name's voters; else perhaps of some. */
  #hasQuorum(node: number): boolean {
    const { nodeCount, quorum, replicas } = this.#setup;
    return this.#reached(node) >= nodeCount - replicas + quorum;
  }

  /** Whether so many hear the holder that the others are no quorum: then it may stay one. */
  #keepsOthersOut(node: number): boolean {
    const { quorum, replicas } = this.#setup;
    return this.#reached(node) > replicas - quorum;
  }

  /** How many nodes one can talk to, itself included. */
  #reached(node: number): number {
    if (this.#down.has(node)) return 0;
    if (this.#cutOff.has(node)) return 1;
    return this.#setup.nodeCount - new Set([...this.#down, ...this.#cutOff]).size;
  }
}

/** Whether both cannot hold at once. */
function areRivals(one: Attempt, other: Attempt): boolean {
  return one.name === other.name && !(one.isShared && other.isShared);
}
