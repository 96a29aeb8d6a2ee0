/**
 * What stands between one peer and one voter that it dials: a TCP proxy whose connections are as
 * well or ill as the two directions between the two nodes.
 */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Direction } from './direction.ts';
import { Lane } from './lane.ts';

/** Where a dial ends: at a port, at a machine where nobody listens, or at one that is off. */
export type Target = number | 'refuses' | 'dark';

/** The two directions of a pair, as who dials sees them. */
export interface Directions {
  readonly there: Direction;
  readonly back: Direction;
}

export const loopback = '127.0.0.1';

export class FaultProxy {
  /** The nodes: who dials, and who is dialled. */
  readonly from: string;
  readonly to: string;
  target: Target = 'refuses';
  readonly #directions: Directions;
  readonly #server: Server;
  readonly #pipes = new Set<Pipe>();

  constructor(directions: Directions) {
    this.#directions = directions;
    this.from = directions.there.from;
    this.to = directions.there.to;
    this.#server = createServer((near) => {
      const pipe: Pipe = new Pipe(near, this, this.#directions, () => this.#pipes.delete(pipe));
      this.#pipes.add(pipe);
    });
  }

  /** The address to dial instead of the voter's. */
  get url(): string {
    return `ws://${loopback}:${this.port}`;
  }

  get port(): number {
    const address = this.#server.address();
    return isAddress(address) ? address.port : 0;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, loopback);
    await once(this.#server, 'listening');
  }

  /** Breaks the connections; both ends notice at once. */
  break(): void {
    this.#directions.there.count('connections lost', this.#pipes.size);
    for (const pipe of [...this.#pipes]) pipe.destroy();
  }

  /** One of the two has died: the other hears of it, or nothing. */
  died(node: string, isSilent: boolean): void {
    for (const pipe of [...this.#pipes]) pipe.died(node === this.from ? 'near' : 'far', isSilent);
  }

  /** A machine that was off is on again, and knows of no connection from before. */
  relight(): void {
    for (const pipe of [...this.#pipes]) if (pipe.isDark) pipe.destroy();
  }

  async close(): Promise<void> {
    for (const pipe of [...this.#pipes]) pipe.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** One connection: from who dials (near) to the proxy, and from there to the voter (far). */
class Pipe {
  isDark = false;
  readonly #near: Socket;
  readonly #proxy: FaultProxy;
  /** From who dials. */
  readonly #direction: Direction;
  readonly #there: Lane;
  readonly #back: Lane;
  readonly #onGone: () => void;
  #far: Socket | null = null;

  constructor(near: Socket, proxy: FaultProxy, { there, back }: Directions, onGone: () => void) {
    this.#near = near;
    this.#proxy = proxy;
    this.#onGone = onGone;
    this.#direction = there;
    this.#there = new Lane(there, {
      write: (bytes) => this.#reach(bytes),
      close: () => this.#far?.destroySoon(),
    });
    this.#back = new Lane(back, {
      write: (bytes) => this.#near.write(bytes),
      close: () => this.#near.destroySoon(),
    });
    this.#join(near, this.#there);
    if (there.isHeld) there.count('dials swallowed');
  }

  destroy(): void {
    this.#there.end();
    this.#back.end();
    reset(this.#near);
    if (this.#far !== null) reset(this.#far);
    this.#forgetIfGone();
  }

  died(end: 'near' | 'far', isSilent: boolean): void {
    const [dead, lane] = end === 'near' ? [this.#near, this.#there] : [this.#far, this.#back];
    if (isSilent) {
      this.isDark = true;
      this.#there.darken();
      this.#back.darken();
    } else {
      lane.loseTail();
      lane.close();
    }
    if (dead !== null) reset(dead);
  }

  /** What was dialled with has come as far as the other machine. */
  #reach(bytes: Buffer): void {
    if (this.#far === null) this.#dial();
    this.#far?.write(bytes);
  }

  #dial(): void {
    const { target } = this.#proxy;
    // Who has given up meanwhile never arrives.
    if (this.#near.destroyed || target === 'dark') {
      this.isDark = true;
      this.#there.darken();
      this.#direction.count('dials swallowed');
    } else if (target === 'refuses') {
      this.#direction.count('dials refused');
      this.#back.close();
    } else {
      this.#far = connect(target, loopback);
      this.#join(this.#far, this.#back);
    }
  }

  #join(from: Socket, lane: Lane): void {
    from.setNoDelay(true);
    from.on('data', (bytes: Buffer) => lane.push(bytes));
    from.on('error', () => from.destroy());
    from.on('close', () => {
      lane.close();
      this.#forgetIfGone();
    });
  }

  #forgetIfGone(): void {
    if (this.#near.destroyed && this.#far?.destroyed !== false) this.#onGone();
  }
}

function reset(socket: Socket): void {
  if (!socket.destroyed) socket.resetAndDestroy();
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
