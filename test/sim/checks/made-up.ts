/**
 * Steps of cores, made up by hand, for a checker to judge: hosts that never start, cores that do
 * what they are told.
 */

import {
  claimId,
  type Input,
  type Lost,
  leaseTimeMs,
  type Message,
  type Output,
  peerId,
  type RoundId,
  roundId,
  roundNumber,
  sessionNumber,
  stamp,
  timeMs,
  wallMs,
} from '../../../src/protocol/index.ts';
import type { Violation } from '../../../src/sim/checker.ts';
import type { BookChecker } from '../../../src/sim/checks/book-checker.ts';
import { Books } from '../../../src/sim/checks/books.ts';
import { type Host, urlOf } from '../../../src/sim/host.ts';
import { latencies } from '../../../src/sim/latency.ts';
import { World } from '../../../src/sim/world.ts';
import { MadeUpCore } from './made-up-core.ts';
import { asked, type Wishes } from './made-up-messages.ts';

interface MeshWishes {
  readonly members?: boolean;
  readonly names?: readonly string[];
}

type Make = (
  setup: ConstructorParameters<typeof BookChecker>[0],
  books: Books,
) => { onStep: BookChecker['onStep']; onTurn?(): void };

/** Voters a, b and c (and m, which is none, where there are members), with a lease of 1,000 ms. */
export class MadeUp {
  readonly world: World = new World({ seed: 1, latency: latencies.local });
  readonly books: Books = new Books(this.world);
  readonly violations: Violation[] = [];
  readonly #checker: ReturnType<Make>;
  readonly #cores = new Map<string, MadeUpCore>();
  /** Of the frames that each has heard of each other, on the present link. */
  readonly #sequences = new Map<string, number>();
  #incarnations = 0;

  constructor(make: Make, { members = false, names = ['a', 'b', 'c'] }: MeshWishes = {}) {
    const { world, books } = this;
    const onViolation = (violation: Violation): void => void this.violations.push(violation);
    this.#checker = make({ world, isFenced: true, isExclusive: true, onViolation }, books);
    const voters = Object.fromEntries(names.map((name) => [name, urlOf(name)]));
    for (const name of members ? [...names, 'm'] : names) {
      const listen = { host: '127.0.0.1', port: 7_400 };
      const peer = { id: name, voters, lease: 1_000, members };
      const listens = name === 'm' ? {} : { listen };
      const clock = { offsetMs: 0, driftPpm: 0 };
      world.add({ name, hasDisk: false, clock, peer: { ...peer, ...listens } });
      this.restart(name);
    }
  }

  host(name: string): Host {
    const host = this.world.hosts.get(name);
    if (host === undefined) throw new Error(`No host ${name}`);
    return host;
  }

  core(name: string): MadeUpCore {
    const core = this.#cores.get(name);
    if (core === undefined) throw new Error(`No core ${name}`);
    return core;
  }

  /** Another core takes the place of the one there is. */
  restart(name: string): void {
    this.#incarnations += 1;
    const { machine } = this.host(name);
    this.#cores.set(name, new MadeUpCore(name, this.#incarnations, machine.monotonicMs()));
  }

  /** In true time. */
  pass(ms: number): this {
    this.world.kernel.nowUs += ms * 1_000;
    return this;
  }

  /** One step; a turn of its own. */
  step(name: string, input: Input, ...outputs: readonly Output[]): this {
    const host = this.host(name);
    const time = {
      now: timeMs(Math.floor(host.machine.monotonicMs()) + 1),
      wall: wallMs(Math.floor(host.machine.wallMs())),
    };
    const step = { input, time, outputs };
    this.#checker.onStep({ host, core: this.core(name), step });
    return this.turn();
  }

  turn(): this {
    this.#checker.onTurn?.();
    return this;
  }

  ask(name: string, claim: number, wishes: Wishes = {}): this {
    return this.step(name, asked(claim, wishes));
  }

  /** The core says that a claim is held, for a lease. */
  grant(name: string, claim: number, wishes: GrantWishes = {}): this {
    const { validForMs = 1_000 } = wishes;
    this.core(name).validity.set(claimId(claim), validForMs);
    return this.step(name, { type: 'wake' }, this.granted(claim, wishes));
  }

  granted(claim: number, { token = claim, number = claim }: GrantWishes = {}): Output {
    const round = roundNumber(number);
    return { type: 'granted', claim: claimId(claim), round, token: stamp(token) };
  }

  lose(name: string, claim: number, reason: Lost['reason'] = 'lease'): this {
    this.core(name).validity.delete(claimId(claim));
    return this.step(name, { type: 'wake' }, { type: 'lost', claim: claimId(claim), reason });
  }

  release(name: string, claim: number): this {
    this.core(name).validity.delete(claimId(claim));
    return this.step(name, { type: 'release', claim: claimId(claim) });
  }

  round(name: string, number: number): RoundId {
    return roundId(peerId(name), this.core(name).incarnation, roundNumber(number));
  }

  /** A link from one to the other, whose HELLO names the session that it keeps. */
  link(name: string, to: string, wishes: { session?: number; recovering?: boolean } = {}): this {
    const { session = 1, recovering = false } = wishes;
    const of = this.core(to).incarnation;
    this.#sequences.delete(`${name} ${to}`);
    this.step(name, { type: 'link-up', peer: peerId(to), incarnation: of });
    const hello = { type: 'hello', incarnation: of, session: sessionNumber(session) } as const;
    return this.hear(name, to, [{ ...hello, recovering }]);
  }

  unlink(name: string, to: string): this {
    return this.step(name, { type: 'link-down', peer: peerId(to) });
  }

  /** A frame that echoes what the receiver's lease clock showed so many ms ago. */
  hear(
    name: string,
    from: string,
    messages: readonly Message[],
    { echoedMsAgo = 0, clock = 0, outputs = [] }: FrameWishes = {},
  ): this {
    const echo = Math.floor(this.host(name).machine.monotonicMs()) + 1 - echoedMsAgo;
    const sequence = this.#next(`${name} ${from}`);
    const head = { sequence, stamp: leaseTimeMs(1), echo: leaseTimeMs(echo) };
    const frame = { ...head, clock: stamp(clock) };
    const input = { type: 'frame', peer: peerId(from), frame: { ...frame, messages } } as const;
    return this.step(name, input, ...outputs);
  }

  say(name: string, to: string, ...messages: readonly Message[]): this {
    const frame = { sequence: 1, stamp: leaseTimeMs(1), echo: leaseTimeMs(1), clock: stamp(0) };
    const output = { type: 'frame', to: peerId(to), frame: { ...frame, messages } } as const;
    return this.step(name, { type: 'flush' }, output);
  }

  /** What the core says of its own voter. */
  tellVoting(name: string): this {
    const output = { type: 'voter', voter: peerId(name), state: 'voting' } as const;
    return this.step(name, { type: 'wake' }, output);
  }

  /** The core says that a quorum votes. */
  tellQuorum(name: string): this {
    return this.step(name, { type: 'wake' }, { type: 'quorum', present: true });
  }

  kill(name: string): this {
    const host = this.host(name);
    host.kill({ network: 'reset', disk: 'last write kept' });
    this.books.onDeath(host);
    return this;
  }

  #next(way: string): number {
    const sequence = (this.#sequences.get(way) ?? 0) + 1;
    this.#sequences.set(way, sequence);
    return sequence;
  }

  /** The next frame that `name` would have heard of `from` is lost. */
  skip(name: string, from: string): this {
    this.#next(`${name} ${from}`);
    return this;
  }

  /** What was found, in a few words each. */
  get found(): readonly string[] {
    return this.violations.map(({ message }) => message);
  }
}

interface FrameWishes {
  readonly echoedMsAgo?: number;
  /** What the sender's hybrid clock shows. */
  readonly clock?: number;
  /** Of the step that takes the frame. */
  readonly outputs?: readonly Output[];
}

interface GrantWishes {
  readonly token?: number;
  readonly number?: number;
  readonly validForMs?: number;
}
