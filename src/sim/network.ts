/**
 * The network between the machines: one link for each direction of each pair, and the connections
 * that processes make over them.
 *
 * A dial travels to the other machine, is accepted there, and the news of it travels back; so both
 * ends of a connection may dial at once, and one may believe in a connection of which the other
 * knows nothing.
 */

import type { Connection, Listener, Transport } from '../peer/transport.ts';
import { End } from './connection.ts';
import type { Effects } from './effects.ts';
import type { Kernel } from './kernel.ts';
import type { Latency } from './latency.ts';
import { Link } from './link.ts';
import type { Parcel } from './parcel.ts';
import { keyOf } from './random.ts';
import type { Actor } from './task.ts';
import type { Wire } from './wire.ts';

/** How many messages of each direction are remembered to be replayed, on a hostile network. */
const rememberedMax = 64;

/** How a process ends, as its connections show it. */
export type Death = 'reset' | 'reset, tail lost' | 'silent';

interface Listening {
  readonly actor: Actor;
  readonly onConnection: (connection: Connection) => void;
}

interface Pair {
  readonly dialler: End;
  readonly acceptor: End;
}

interface Dial {
  readonly from: Actor;
  readonly url: string;
  readonly there: Link;
  readonly back: Link;
}

interface NetworkSetup {
  readonly kernel: Kernel;
  readonly effects: Effects;
  readonly seed: number;
  readonly latency: Latency;
}

export class Network {
  readonly #setup: NetworkSetup;
  readonly #links = new Map<string, Link>();
  readonly #listeners = new Map<string, Listening>();
  readonly #pairs = new Set<Pair>();
  readonly #remembered = new Map<Link, Map<number, Uint8Array>>();
  /** Machines that do not answer, not even to say that nobody listens. */
  readonly #dark = new Set<string>();
  #ports = 40_000;

  constructor(setup: NetworkSetup) {
    this.#setup = setup;
  }

  /** The direction from one machine to another. */
  link(from: string, to: string): Link {
    const name = `${from}→${to}`;
    const known = this.#links.get(name);
    if (known !== undefined) return known;
    const { seed, latency } = this.#setup;
    const link = new Link({ from, to }, keyOf(seed, `net/${name}`), latency);
    this.#links.set(name, link);
    return link;
  }

  /** All directions that have been spoken of. */
  links(): Iterable<Link> {
    return this.#links.values();
  }

  /** What a process sees of the network: it listens at `url`, and dials from its machine. */
  transport(actor: Actor, url: string, isProgram = false): Transport {
    return {
      dial: (to) => this.#dial(actor, to, isProgram),
      listen: async (onConnection): Promise<Listener> => {
        this.#listeners.set(url, { actor, onConnection });
        return {
          url,
          close: async () => {
            if (this.#listeners.get(url)?.actor === actor) this.#listeners.delete(url);
          },
        };
      },
    };
  }

  /** How many connections stand. */
  get openCount(): number {
    return [...this.#pairs].filter(({ dialler }) => dialler.isOpen).length;
  }

  /** Breaks the connections between two machines; both ends are told, each in its time. */
  reset(one: string, other: string, toldUs: readonly [number, number]): void {
    for (const { dialler, acceptor } of this.#between(one, other)) {
      const [first, second] = dialler.actor.name === one ? toldUs : [toldUs[1], toldUs[0]];
      dialler.break('Connection reset', first);
      acceptor.break('Connection reset', second);
    }
  }

  /** Breaks them so that each end reads what is under way, and then sees that it is gone. */
  sever(one: string, other: string): void {
    for (const { dialler, acceptor } of this.#between(one, other)) {
      dialler.sever();
      acceptor.sever();
    }
  }

  /** The connections between two machines carry nothing any more; only `told`, if any, notices. */
  halfOpen(one: string, other: string, told: string | null): void {
    for (const pair of this.#between(one, other)) {
      for (const end of [pair.dialler, pair.acceptor]) {
        if (end.actor.name === told) end.break('Connection lost', 0);
        else if (end.isOpen) {
          end.deafen();
          this.#setup.effects.count('connections half-open');
        }
      }
    }
  }

  /** Both ends of the connections between two machines close at once, as if asked to. */
  closeBetween(one: string, other: string): void {
    for (const { dialler, acceptor } of this.#between(one, other)) {
      dialler.break('Closed by the other end: going away', 0);
      acceptor.break('Closed by the other end: going away', 0);
    }
  }

  /** A process has died. With `silent` its machine is off: it answers nothing until `relight`. */
  died(actor: Actor, how: Death): void {
    for (const [url, listening] of [...this.#listeners]) {
      if (listening.actor === actor) this.#listeners.delete(url);
    }
    if (how === 'silent') this.#dark.add(actor.name);
    for (const pair of [...this.#pairs]) {
      for (const end of [pair.dialler, pair.acceptor]) if (end.actor === actor) end.die(how);
      this.#forgetIfGone(pair);
    }
  }

  relight(machine: string): void {
    this.#dark.delete(machine);
    // What was connected to the machine before it went off is answered with a reset.
    for (const { dialler, acceptor } of [...this.#pairs]) {
      const [mine, theirs] =
        dialler.actor.name === machine ? [dialler, acceptor] : [acceptor, dialler];
      if (mine.actor.name !== machine || mine.actor.isAlive) continue;
      theirs.break('Connection reset', this.link(machine, theirs.actor.name).delayUs(0));
    }
  }

  #between(one: string, other: string): readonly Pair[] {
    return [...this.#pairs].filter(({ dialler, acceptor }) => {
      const names = [dialler.actor.name, acceptor.actor.name];
      return names.includes(one) && names.includes(other);
    });
  }

  #dial(from: Actor, url: string, isProgram: boolean): Connection {
    const to = machineOf(url);
    const dial = { from, url, there: this.link(from.name, to), back: this.link(to, from.name) };
    const wire = this.#wire(from.name, isProgram, () => this.#forget(end));
    const end = new End(wire, from, { link: dial.there, remote: `${to}:7400` });
    dial.there.whenOpen(dialParcel('dial', wire, end), () => {
      const delayUs = dial.there.delayUs(dial.there.next());
      const run = (): void => this.#arrive(dial, end, wire);
      this.#setup.kernel.after(delayUs, { kind: 'accept', actor: null, detail: url, run });
    });
    if (dial.there.isHeld) this.#setup.effects.count('dials swallowed');
    return end;
  }

  /** The dial has reached the other machine. */
  #arrive({ from, url, there, back }: Dial, end: End, wire: Wire): void {
    const { kernel, effects } = this.#setup;
    if (end.isGone) return;
    if (this.#dark.has(there.to)) {
      effects.count('dials swallowed');
      return;
    }
    const listening = this.#listeners.get(url);
    if (listening === undefined || there.refusesDials) {
      if (there.refusesDials) effects.count('dials refused');
      back.whenOpen(dialParcel('answer', wire, end), () => {
        end.break(`connect ECONNREFUSED ${url}`, back.delayUs(back.next()));
      });
      return;
    }
    this.#ports += 1;
    const remote = `${from.name}:${this.#ports}`;
    const acceptor = new End(wire, listening.actor, { link: back, remote });
    end.meet(acceptor);
    this.#pairs.add({ dialler: end, acceptor });
    const { actor } = listening;
    const accept = (): void => {
      acceptor.open(false);
      if (acceptor.isOpen) listening.onConnection(acceptor);
    };
    kernel.after(0, { kind: 'open', actor, detail: remote, run: accept });
    back.whenOpen(dialParcel('answer', wire, end), () => {
      const run = (): void => end.open(true);
      const delayUs = back.delayUs(back.next());
      kernel.after(delayUs, { kind: 'open', actor: from, detail: url, run });
    });
  }

  #wire(dialler: string, isProgram: boolean, onGone: () => void): Wire {
    const { kernel, effects } = this.#setup;
    return {
      kernel,
      effects,
      dialler,
      isProgram,
      onGone,
      earlier: (link, ordinal) => this.#remembered.get(link)?.get(Math.floor(ordinal / 2)) ?? null,
      remember: (link, ordinal, bytes) => {
        const known = this.#remembered.get(link) ?? new Map<number, Uint8Array>();
        if (ordinal <= rememberedMax) known.set(ordinal, Uint8Array.from(bytes));
        this.#remembered.set(link, known);
      },
    };
  }

  #forget(end: End): void {
    for (const pair of [...this.#pairs]) {
      if (pair.dialler === end || pair.acceptor === end) this.#forgetIfGone(pair);
    }
  }

  #forgetIfGone(pair: Pair): void {
    if (pair.dialler.isGone && pair.acceptor.isGone) this.#pairs.delete(pair);
  }
}

function dialParcel(kind: 'dial' | 'answer', wire: Wire, dialler: End): Parcel {
  return { kind, wire, bytes: null, isMoot: () => dialler.isGone };
}

function machineOf(url: string): string {
  return new URL(url).hostname;
}
