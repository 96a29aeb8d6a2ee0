/**
 * Does commands for locks one after the other, and checks what comes of each against the model.
 */

import { LockLostError, LockTimeoutError, NoQuorumError } from '../peer/errors.ts';
import type { Lock, LockMode } from '../peer/lock.ts';
import { type Attempt, type AttemptOutcome, LockModel } from './lock-model.ts';
import type { Sim } from './sim.ts';
import type { SimNode } from './sim-node.ts';

/** One command; nodes are told by their places among `sim.nodes`. */
export type LockCommand =
  | {
      readonly do: 'acquire';
      readonly node: number;
      readonly name: string;
      readonly mode: LockMode;
    }
  | {
      readonly do: 'acquire-any';
      readonly node: number;
      readonly names: readonly string[];
      readonly mode: LockMode;
    }
  | { readonly do: 'steal'; readonly node: number; readonly name: string }
  /** Of what is held, in the order granted, counted round. */
  | { readonly do: 'release' | 'downgrade'; readonly which: number }
  | { readonly do: 'crash' | 'restart' | 'isolate'; readonly node: number }
  | { readonly do: 'heal' }
  | { readonly do: 'wait'; readonly ms: number };

/** A lock on one of several names. */
export interface One<Held> {
  readonly name: string;
  readonly held: Held;
}

/** What is tested: the peers themselves, or something built on them. */
export interface LockSubject<Held> {
  /** Whether it is held, as its holder sees it. */
  isHeld(held: Held): boolean;
  /** Gives it back. */
  release(held: Held): Promise<unknown>;
  /** Takes a lock without waiting for its holder; `null` when it is taken. */
  tryAcquire(node: SimNode, name: string, mode: LockMode): Promise<Held | null>;
  /**
   * Takes a lock on one of these names, and says on which; `null` when all are taken. Without it, a
   * command to do so does nothing.
   */
  tryAcquireAny?(
    node: SimNode,
    names: readonly string[],
    mode: LockMode,
  ): Promise<One<Held> | null>;
  /** Shares what is held exclusively. Without it, a command to do so does nothing. */
  downgrade?(held: Held): Promise<unknown>;
  /**
   * Takes a lock, exclusively, from whoever holds it; `null` when that took longer than
   * `timeoutMs`. Without it, a command to do so does nothing.
   */
  steal?(node: SimNode, name: string, timeoutMs: number): Promise<Held | null>;
}

/** The peers themselves. */
export const peers: LockSubject<Lock> = {
  isHeld: ({ held }) => held,
  release: (lock) => lock.release(),
  tryAcquire: ({ peer }, name, mode) => peer.tryAcquire(name, { mode }),
  tryAcquireAny: async ({ peer }, names, mode) => {
    const held = await peer.tryAcquireAny(names.map((name) => ({ name, mode })));
    return held && { name: held.name, held };
  },
  downgrade: (lock) => lock.downgrade(),
  steal: async ({ peer }, name, timeout) => {
    try {
      return await peer.acquire(name, { steal: true, timeout });
    } catch (error) {
      if (error instanceof LockTimeoutError) return null;
      throw error;
    }
  },
};

/** How long one command lets the other nodes hear of it. */
const restMs = 1_000;

/** In which every lease has run out, and every voter has recovered. */
const leasesToSteal = 4;

/** A lock that some node has. */
interface InHand<Held> extends One<Held> {
  readonly node: number;
}

/** Does commands, and keeps the model in step. */
export class Player<Held> {
  readonly #sim: Sim;
  readonly #subject: LockSubject<Held>;
  readonly #model: LockModel;
  readonly #stealMs: number;
  #held: InHand<Held>[] = [];

  constructor(sim: Sim, subject: LockSubject<Held>) {
    const nodeCount = sim.nodes.length;
    const { lease, quorum, replicas } = sim.mesh;
    this.#sim = sim;
    this.#subject = subject;
    this.#model = new LockModel({ nodeCount, quorum, replicas, leaseMs: lease });
    this.#stealMs = leasesToSteal * lease;
  }

  async play(command: LockCommand, index: number): Promise<void> {
    const line = `Command ${index + 1}, ${JSON.stringify(command)}`;
    this.#sim.log(line);
    await this.#perform(command, line);
    await this.#sim.sleep(restMs);
    this.#look(line);
  }

  async #perform(command: LockCommand, line: string): Promise<void> {
    const nowMs = this.#sim.now;
    switch (command.do) {
      case 'acquire':
        return await this.#acquire(command, line);
      case 'acquire-any':
        return await this.#acquireAny(command, line);
      case 'steal':
        return await this.#steal(command, line);
      case 'release':
        return await this.#release(command.which);
      case 'downgrade':
        return await this.#downgrade(command.which);
      case 'crash':
        if (!this.#model.isUp(command.node)) return;
        this.#sim.node(command.node).crash();
        return this.#model.crash(command.node, nowMs);
      case 'restart':
        if (this.#model.isUp(command.node)) return;
        await this.#sim.node(command.node).restart();
        return this.#model.restart(command.node, nowMs);
      case 'isolate':
        this.#sim.partition([[command.node]]);
        return this.#model.isolate(command.node, nowMs);
      case 'heal':
        this.#sim.heal();
        return this.#model.heal(nowMs);
      case 'wait':
        return await this.#sim.sleep(command.ms);
    }
  }

  async #acquire(
    { node, name, mode }: LockCommand & { readonly do: 'acquire' },
    line: string,
  ): Promise<void> {
    const attempt = { node, name, isShared: mode === 'shared' };
    if (!this.#model.isUp(node) || this.#inHand(node, name) !== undefined) return;
    const allowed = this.#model.allowed(attempt, this.#sim.now);
    const host = this.#sim.node(node);
    const held = await this.#try(() => this.#subject.tryAcquire(host, name, mode), allowed, line);
    if (held !== null) this.#grant(attempt, held);
  }

  async #acquireAny(
    { node, names, mode }: LockCommand & { readonly do: 'acquire-any' },
    line: string,
  ): Promise<void> {
    const isInHand = names.some((name) => this.#inHand(node, name) !== undefined);
    const tryAny = this.#subject.tryAcquireAny?.bind(this.#subject);
    if (!this.#model.isUp(node) || isInHand || tryAny === undefined) return;
    const attempts = names.map((name) => ({ node, name, isShared: mode === 'shared' }));
    const allowed = this.#model.allowedOfAny(attempts, this.#sim.now);
    const host = this.#sim.node(node);
    const one = await this.#try(() => tryAny(host, names, mode), allowed.outcomes, line);
    if (one === null) return;
    const attempt = allowed.free.find(({ name }) => name === one.name);
    const free = JSON.stringify(allowed.free.map(({ name }) => name));
    if (attempt === undefined) {
      throw new Error(`${line}: granted ${JSON.stringify(one.name)}, expected one of ${free}`);
    }
    this.#grant(attempt, one.held);
  }

  async #steal(
    { node, name }: LockCommand & { readonly do: 'steal' },
    line: string,
  ): Promise<void> {
    const attempt = { node, name, isShared: false };
    if (!this.#model.isUp(node) || this.#inHand(node, name) !== undefined) return;
    const steal = this.#subject.steal?.bind(this.#subject);
    if (steal === undefined) return;
    const allowed = this.#model.allowedToSteal(node, this.#sim.now);
    const host = this.#sim.node(node);
    const held = await this.#try(() => steal(host, name, this.#stealMs), allowed, line);
    if (held !== null) this.#grant(attempt, held);
    else this.#model.stoleInVain(attempt, this.#sim.now);
  }

  /** What is granted, if that is allowed. */
  async #try<Granted>(
    call: () => Promise<Granted | null>,
    allowed: ReadonlySet<AttemptOutcome>,
    line: string,
  ): Promise<Granted | null> {
    const [outcome, held] = await outcomeOf(call);
    if (allowed.has(outcome)) return held;
    throw new Error(`${line}: ${outcome}, expected ${[...allowed].join(' or ')}`);
  }

  #grant(attempt: Attempt, held: Held): void {
    this.#model.grant(attempt, this.#sim.now);
    this.#held.push({ node: attempt.node, name: attempt.name, held });
  }

  async #downgrade(which: number): Promise<void> {
    const inHand = this.#held[which % this.#held.length];
    if (inHand === undefined || this.#subject.downgrade === undefined) return;
    try {
      await this.#subject.downgrade(inHand.held);
      this.#model.downgrade(inHand.node, inHand.name, this.#sim.now);
    } catch (error) {
      // That it is lost, whoever looks at it sees, too.
      if (!(error instanceof LockLostError)) throw error;
    }
  }

  async #release(which: number): Promise<void> {
    const inHand = this.#held[which % this.#held.length];
    if (inHand === undefined) return;
    this.#drop(inHand);
    await this.#subject.release(inHand.held);
    this.#model.release(inHand.node, inHand.name, this.#sim.now);
  }

  /** Each holder sees what the model says. */
  #look(line: string): void {
    const { now } = this.#sim;
    for (const inHand of this.#held) {
      const { node, name, held } = inHand;
      if (!this.#model.isUp(node)) {
        this.#drop(inHand);
        continue;
      }
      const expected = this.#model.holds(node, name, now);
      const isHeld = this.#subject.isHeld(held);
      if (isHeld ? expected === 'no' : expected === 'yes') {
        const seen = isHeld ? 'holds' : 'does not hold';
        throw new Error(
          `${line}: node ${node} ${seen} ${JSON.stringify(name)}: ${expected}, says the model`,
        );
      }
      if (isHeld) this.#model.confirm(node, name, now);
      else {
        this.#model.lose(node, name, now);
        this.#drop(inHand);
      }
    }
  }

  #inHand(node: number, name: string): InHand<Held> | undefined {
    return this.#held.find((each) => each.node === node && each.name === name);
  }

  #drop(inHand: InHand<Held>): void {
    this.#held = this.#held.filter((each) => each !== inHand);
  }
}

async function outcomeOf<Granted>(
  call: () => Promise<Granted | null>,
): Promise<readonly [AttemptOutcome, Granted | null]> {
  try {
    const held = await call();
    return held === null ? ['taken', null] : ['granted', held];
  } catch (error) {
    if (!(error instanceof NoQuorumError)) throw error;
    return ['failed', null];
  }
}
