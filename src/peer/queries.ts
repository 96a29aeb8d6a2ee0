/**
 * Answers who holds what and who waits: of this peer's own claims, or of all that voters know.
 */

import { aheadMs } from '../protocol/clock.ts';
import { type LookNumber, lookNumber, wallMs } from '../protocol/ids.ts';
import type { Sight } from '../protocol/message.ts';
import type { Looked } from '../protocol/output.ts';
import { lockName, nameOf, optionsOf, refuse } from './call-checks.ts';
import type { Claims } from './claims.ts';
import type { PeerClosedError } from './errors.ts';
import type { Runtime } from './runtime.ts';
import type { LockInfo, LocksSnapshot, QueryOptions } from './web-locks.ts';

export interface QueriesSetup {
  /** Of this peer. */
  readonly id: string;
  readonly runtime: Pick<Runtime, 'wall'>;
  readonly core: { look(look: LookNumber, name: string | null): void };
  readonly claims: Pick<Claims, 'held' | 'waiting'>;
  /** Why nothing can be asked any more; `undefined` while it can. */
  closed(): PeerClosedError | undefined;
}

/** Somebody who asks. */
interface Asker {
  readonly resolve: (looked: Looked) => void;
  readonly reject: (error: unknown) => void;
}

/** A question that voters have not answered; whoever asks the same meanwhile is told next time. */
interface Open {
  readonly look: LookNumber;
  readonly askers: readonly Asker[];
  readonly next: Asker[];
}

export class Queries {
  readonly #setup: QueriesSetup;
  /** By the name that is asked about, or `null` for all: one at a time, since answers are large. */
  readonly #open = new Map<string | null, Open>();
  #last = 0;

  constructor(setup: QueriesSetup) {
    this.#setup = setup;
  }

  /** @throws `TypeError` for impossible options; {@link PeerClosedError} */
  async query(options: QueryOptions | undefined): Promise<LocksSnapshot> {
    const { name, scope } = checked(options);
    if (scope === 'local') return this.#local(name);
    const error = this.#setup.closed();
    if (error !== undefined) throw error;
    return this.#snapshotOf(await this.#look(name), name);
  }

  onLooked(looked: Looked): void {
    for (const [name, { look, askers, next }] of this.#open) {
      if (look !== looked.look) continue;
      this.#open.delete(name);
      for (const { resolve } of askers) resolve(looked);
      if (next.length > 0) this.#ask(name, next);
      return;
    }
  }

  /** The core is a new one, which knows of nothing. */
  askAgain(): void {
    for (const [name, { look }] of [...this.#open]) this.#setup.core.look(look, name);
  }

  giveUp(error: unknown): void {
    const all = [...this.#open.values()];
    this.#open.clear();
    for (const { askers, next } of all) {
      for (const { reject } of [...askers, ...next]) reject(error);
    }
  }

  #look(name: string | null): Promise<Looked> {
    return new Promise((resolve, reject) => {
      const open = this.#open.get(name);
      if (open === undefined) this.#ask(name, [{ resolve, reject }]);
      else open.next.push({ resolve, reject });
    });
  }

  #ask(name: string | null, askers: readonly Asker[]): void {
    this.#last += 1;
    const look = lookNumber(this.#last);
    this.#open.set(name, { look, askers, next: [] });
    this.#setup.core.look(look, name);
  }

  #local(wanted: string | null): LocksSnapshot {
    const { claims, id: clientId } = this.#setup;
    const isWanted = ({ name }: { readonly name: string }): boolean => {
      return wanted === null || name === wanted;
    };
    return {
      held: claims.held().flatMap(({ resources, acquiredAt, token }) =>
        resources.filter(isWanted).map((resource): LockInfo => {
          return { ...resource, clientId, since: acquiredAt, token };
        }),
      ),
      pending: claims
        .waiting()
        .flatMap(({ request, since }) =>
          request.resources
            .filter(isWanted)
            .map((resource): LockInfo => ({ ...resource, clientId, since })),
        ),
      unanswered: [],
      truncated: false,
    };
  }

  #snapshotOf({ sights, unanswered, isCut }: Looked, wanted: string | null): LocksSnapshot {
    const wall = Math.floor(this.#setup.runtime.wall());
    const held: LockInfo[] = [];
    const pending: LockInfo[] = [];
    for (const sight of sights) {
      const { heldForMs, peer: clientId, resources, token } = sight;
      const since = sinceOf(sight, wall);
      for (const resource of resources) {
        if (wanted !== null && resource.name !== wanted) continue;
        if (heldForMs === null) pending.push({ ...resource, clientId, since });
        else held.push({ ...resource, clientId, since, token });
      }
    }
    return { held, pending, unanswered: [...unanswered], truncated: isCut };
  }
}

/** A ticket is taken when the claim is made, by a clock that may be ahead of this machine's. */
function sinceOf({ heldForMs, ticket }: Sight, wall: number): number {
  return heldForMs === null ? Math.min(wall, aheadMs(ticket, wallMs(0))) : wall - heldForMs;
}

function checked(options: unknown): { readonly name: string | null; readonly scope: string } {
  const { name, scope = 'local' } = optionsOf(options, act, ['name', 'scope']);
  if (scope !== 'local' && scope !== 'mesh')
    return refuse(act, "scope must be 'local' or 'mesh'", scope);
  return { name: name === undefined ? null : nameOf(name, { ...lockName, act }), scope };
}

const act = 'query';
