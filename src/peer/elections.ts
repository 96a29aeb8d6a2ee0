/**
 * The elections that a peer takes part in: which of its election objects are told of what the core
 * tells.
 */

import { isValue, valueBytesMax } from '../protocol/claim.ts';
import { byteOrderMark, lockName, nameOf, optionsOf, refuse } from './call-checks.ts';
import type { CampaignHost } from './campaign.ts';
import type { Election, ElectOptions, Leader } from './election.ts';
import { type LockmeshError, OverloadedError, type PeerClosedError } from './errors.ts';
import { acquireRequestOf, describeNames } from './lock-request.ts';
import { MeshElection } from './mesh-election.ts';

/** What knows of leaders. */
interface ElectionsDriver {
  observe(name: string, floor: number): void;
  unobserve(name: string): void;
}

export interface ElectionsSetup extends CampaignHost {
  readonly driver: ElectionsDriver;
  /** The most that may be observed at once. */
  readonly electionsMax: number;
  readonly isOpen: () => boolean;
  readonly closedError: (act: string) => PeerClosedError;
  /** A listener of an election failed. */
  readonly onFault: (error: unknown) => void;
}

/** All that this peer's application does about one election. */
interface Observed {
  readonly objects: Set<MeshElection>;
  current: Leader | null;
  /** The greatest token of a leader that was told. */
  floor: number;
}

export class Elections {
  readonly #setup: ElectionsSetup;
  readonly #byName = new Map<string, Observed>();

  constructor(setup: ElectionsSetup) {
    this.#setup = setup;
  }

  /** @throws as `peer.elect` */
  elect(name: string, options: ElectOptions | undefined): Election {
    const value = valueIn(options);
    const asked = acquireRequestOf(nameOf(name, { ...lockName, act }), { linger: 0 }, false);
    const claim = { ...asked, value };
    const { closedError, isOpen } = this.#setup;
    if (!isOpen()) throw closedError(`Cannot elect ${describeNames([name])}`);
    const observed = this.#observe(name);
    const election = new MeshElection({
      ...this.#setup,
      claim,
      current: observed.current,
      onClosed: (closed) => this.#onClosed(closed),
    });
    observed.objects.add(election);
    return election;
  }

  /** Another peer leads in an election, or none is known to. */
  onLeader(name: string, leader: Leader | null): void {
    const observed = this.#byName.get(name);
    if (observed === undefined) return;
    observed.current = leader;
    if (leader !== null) observed.floor = leader.token;
    for (const election of [...observed.objects]) election.show(leader);
  }

  /** The core ends: nobody is known to lead. */
  onRestarting(): void {
    for (const [name, { current }] of [...this.#byName]) {
      if (current !== null) this.onLeader(name, null);
    }
  }

  /** The core is a new one, which observes nothing. */
  onRestarted(): void {
    for (const [name, { floor }] of this.#byName) this.#setup.driver.observe(name, floor);
  }

  /** Runs reject with `error`. */
  close(error: LockmeshError): void {
    for (const { objects } of [...this.#byName.values()]) {
      for (const election of [...objects]) election.end(error);
    }
  }

  #observe(name: string): Observed {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const { driver, electionsMax } = this.#setup;
    if (this.#byName.size >= electionsMax) {
      const why = `this peer takes part in as many elections as it may, raise limits.electionsMax`;
      const message = `Cannot elect ${describeNames([name])}: ${why}`;
      throw new OverloadedError(message, { names: [name], by: 'peer' });
    }
    const observed: Observed = { objects: new Set(), current: null, floor: 0 };
    this.#byName.set(name, observed);
    // What is known at once is told at once.
    driver.observe(name, 0);
    return observed;
  }

  #onClosed(election: MeshElection): void {
    const { name } = election;
    const observed = this.#byName.get(name);
    if (!observed?.objects.delete(election) || observed.objects.size > 0) return;
    this.#byName.delete(name);
    this.#setup.driver.unobserve(name);
  }
}

/** @throws `TypeError` */
function valueIn(options: unknown): string {
  const { value = '' } = optionsOf(options, act, ['value']);
  if (typeof value !== 'string') return refuse(act, 'value must be a string', value);
  const bytes = Buffer.byteLength(value);
  if (bytes > valueBytesMax) {
    return refuse(act, `value must have at most ${valueBytesMax} bytes of UTF-8`, bytes);
  }
  if (!isValue(value)) return refuse(act, 'value must have no lone surrogate', value);
  if (!value.startsWith(byteOrderMark)) return value;
  return refuse(act, 'value must not begin with a byte order mark', value);
}

const act = 'elect';
