/**
 * Makes things go wrong in a world, and right again. Each fault begins, and is undone after its
 * time, or when all are healed; what it did to the mesh meanwhile is for the mesh to mend.
 */

import { describeFault, hostsHurtBy } from './describe-plan.ts';
import type { FaultsSetup } from './faults-setup.ts';
import { addGuest } from './guests.ts';
import type { Host } from './host.ts';
import { NetworkFaults } from './network-faults.ts';
import type { Fault } from './plan.ts';

/** How long after it a fault that is over at once counts as active. */
const aftermathMs = 500;

/** How long whoever runs the peers waits before it starts one again that has given up. */
const restartMs = 1_000;

export class Faults {
  readonly #setup: FaultsSetup;
  readonly #network: NetworkFaults;
  readonly #active = new Set<() => void>();
  /** Those that are to be started once they have stopped. */
  readonly #wanted = new Set<Host>();
  #lastUntilUs = 0;
  #isFrozen = false;

  constructor(setup: FaultsSetup) {
    this.#setup = setup;
    this.#network = new NetworkFaults({
      world: setup.world,
      host: (index) => this.#host(index),
      later: (delayMs, run) => this.#later(delayMs, run),
      isFrozen: () => this.#isFrozen,
    });
  }

  /** Whether something is wrong, or was a moment ago. */
  get isActive(): boolean {
    return this.#active.size > 0 || this.#lastUntilUs > this.#setup.world.kernel.nowUs;
  }

  /** Begins a fault, and undoes it after its time. */
  apply(fault: Fault): void {
    const undo = this.begin(fault);
    if ('forMs' in fault) this.#later(fault.forMs, undo);
  }

  /**
   * Begins a fault.
   *
   * @returns what ends it; further calls do nothing
   */
  begin(fault: Fault): () => void {
    const { kernel } = this.#setup.world;
    kernel.noteMicrotasks();
    const isOver = this.#tell(fault);
    const end = this.#begin(fault);
    this.#lastUntilUs = Math.max(this.#lastUntilUs, kernel.nowUs + aftermathMs * 1_000);
    if (end === null) {
      isOver();
      return () => {};
    }
    const undo = (): void => {
      if (this.#isFrozen || !this.#active.delete(undo)) return;
      kernel.noteMicrotasks();
      isOver();
      end();
    };
    this.#active.add(undo);
    return undo;
  }

  /** Ends all that is wrong. Processes that are down are started. */
  healAll(): void {
    this.#isFrozen = false;
    for (const undo of [...this.#active]) undo();
    this.healWithin(this.#setup.hosts);
    for (const link of this.#setup.world.network.links()) link.heal();
  }

  /** From now on, what is wrong stays wrong, and nothing else goes wrong. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** Nothing is wrong any more with these hosts, and with what lies between them. */
  healWithin(hosts: readonly Host[]): void {
    const { network } = this.#setup.world;
    this.#setup.world.onHealed(hosts);
    for (const host of hosts) {
      for (const other of hosts) if (other !== host) network.link(host.name, other.name).heal();
      this.#thaw(host);
      host.machine.turnCostUs = 0;
      if (host.disk !== null) {
        host.disk.fault = null;
        host.disk.extraUs = 0;
      }
      this.#want(host);
    }
  }

  /** Starts a host, as whoever runs it would; again and again where it refuses. */
  start(host: Host): void {
    if (host.isUp) return;
    host.start().catch((error: unknown) => {
      this.#setup.onStartFailed(host, error);
      host.kill({ network: 'reset', disk: 'last write kept' });
      this.#later(restartMs, () => this.start(host));
    });
  }

  /** @returns what tells that it is over */
  #tell(fault: Fault): () => void {
    return this.#setup.world.onFault(() => {
      const what = describeFault(fault, (index) => this.#host(index).name);
      const hosts = hostsHurtBy(fault).map((index) => this.#host(index));
      return { what, hosts, lasts: 'forMs' in fault };
    });
  }

  /** Starts it, at once or when it has stopped. */
  #want(host: Host): void {
    this.#wanted.add(host);
    if (!host.process.isAlive) this.start(host);
  }

  #begin(fault: Fault): (() => void) | null {
    switch (fault.do) {
      case 'crash':
      case 'stop':
      case 'pause':
      case 'suspend':
      case 'slow':
      case 'disk':
        return this.#beginAt(this.#host(fault.host), fault);
      case 'jump':
        this.#jump(this.#host(fault.host), fault.ms);
        return null;
      case 'strobe':
        return this.#strobe(this.#host(fault.host), fault);
      case 'drift':
        this.#drift(this.#host(fault.host), fault.ppm);
        return null;
      case 'hold':
      case 'refuse':
      case 'reset':
      case 'half-open':
      case 'storm':
      case 'lag':
      case 'hostile':
      case 'partition':
        return this.#network.begin(fault);
      case 'join':
        return this.#setup.mesh.members > 0 ? addGuest(fault, this.#setup) : null;
      case 'duplicate':
      case 'misfit':
        return addGuest(fault, this.#setup);
    }
  }

  #beginAt(
    host: Host,
    fault: Fault & { do: 'crash' | 'stop' | 'pause' | 'suspend' | 'slow' | 'disk' },
  ): (() => void) | null {
    const { machine, disk } = host;
    switch (fault.do) {
      case 'crash':
        if (!host.process.isAlive) return null;
        host.kill(fault);
        this.#setup.onDeath(host);
        return () => this.start(host);
      case 'stop':
        return this.#stop(host, fault.drainMs);
      case 'pause':
        machine.pause();
        return () => this.#thaw(host);
      case 'suspend':
        this.#setup.world.effects.count('processes suspended');
        machine.pause();
        machine.clock.freeze(this.#setup.world.kernel.nowUs);
        return () => this.#thaw(host);
      case 'slow':
        machine.turnCostUs = fault.turnUs;
        return () => {
          machine.turnCostUs = 0;
        };
      case 'disk':
        return disk === null ? null : this.#spoilDisk(disk, fault);
    }
  }

  #stop(host: Host, drainMs: number): (() => void) | null {
    if (!host.isUp) return null;
    this.#wanted.delete(host);
    const onStopped = (): void => {
      if (host.process.isAlive) return;
      this.#setup.onDeath(host);
      if (this.#wanted.has(host)) this.start(host);
    };
    void host.stop(drainMs).then(onStopped);
    return () => this.#want(host);
  }

  #spoilDisk(
    disk: NonNullable<Host['disk']>,
    { fails, extraMs }: Fault & { do: 'disk' },
  ): () => void {
    if (fails) disk.fault = 'ENOSPC: no space left on device';
    disk.extraUs = extraMs * 1_000;
    return () => {
      disk.fault = null;
      disk.extraUs = 0;
    };
  }

  #thaw({ machine, process }: Host): void {
    machine.clock.thaw(this.#setup.world.kernel.nowUs);
    process.onClockChange();
    machine.resume();
  }

  #jump({ machine }: Host, ms: number): void {
    machine.clock.jump(ms);
    this.#setup.world.effects.count('clocks jumped');
  }

  #drift({ machine, process }: Host, ppm: number): void {
    machine.clock.setDrift(ppm, this.#setup.world.kernel.nowUs);
    process.onClockChange();
  }

  #strobe(host: Host, { ms, everyMs }: Fault & { do: 'strobe' }): () => void {
    let aheadMs = 0;
    let isOver = false;
    const set = (wantedMs: number): void => {
      this.#jump(host, wantedMs - aheadMs);
      aheadMs = wantedMs;
    };
    const flip = (): void => {
      if (isOver || this.#isFrozen) return;
      set(aheadMs === 0 ? ms : 0);
      this.#later(Math.max(1, everyMs), flip);
    };
    flip();
    return () => {
      isOver = true;
      if (aheadMs !== 0) set(0);
    };
  }

  #host(index: number): Host {
    const host = this.#setup.hosts[index];
    if (host === undefined) {
      const count = this.#setup.hosts.length;
      throw new RangeError(`Cannot act: host must be 0 to ${count - 1}, received ${index}`);
    }
    return host;
  }

  #later(delayMs: number, run: () => void): void {
    const what = { kind: 'fault', actor: null, detail: '' } as const;
    this.#setup.world.kernel.after(delayMs * 1_000, { ...what, run });
  }
}
