/**
 * What is built on the claims of a peer: the callback form, singletons, elections, and looks.
 */

import type { Acquisitions } from './acquisitions.ts';
import type { Calls } from './calls.ts';
import type { CampaignHost } from './campaign.ts';
import type { Claims } from './claims.ts';
import { Elections } from './elections.ts';
import type { LockmeshError, PeerClosedError } from './errors.ts';
import { type Holder, holderOf } from './hold.ts';
import type { Incarnations } from './incarnations.ts';
import type { Log } from './logging.ts';
import { MeshLocks } from './mesh-locks.ts';
import { Queries } from './queries.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { Runtime } from './runtime.ts';
import { Singletons } from './singleton.ts';
import { reentrantWarning, singletonWarning, type Warner } from './warnings.ts';
import type { Locks } from './web-locks.ts';

export interface KindsSetup {
  readonly owner: Holder['owner'];
  readonly options: ResolvedOptions;
  readonly runtime: Runtime;
  readonly log: Log;
  readonly warner: Warner;
  readonly incarnations: Incarnations;
  readonly claims: Claims;
  readonly acquisitions: Acquisitions;
  readonly calls: Calls;
  readonly isOpen: () => boolean;
  /** Why a peer that is not open cannot do what `act` says. */
  readonly closedError: (act: string) => PeerClosedError;
}

export class Kinds {
  readonly locks: Locks;
  readonly elections: Elections;
  readonly queries: Queries;
  readonly singletons: Singletons;

  constructor(setup: KindsSetup) {
    const { acquisitions, incarnations, log, options, runtime } = setup;
    const holder = holderOf(setup.owner, log);
    const host: CampaignHost = {
      holder,
      runtime,
      obtain: (claim) => acquisitions.obtain(claim),
    };
    this.queries = new Queries({
      id: options.id,
      runtime,
      core: incarnations,
      claims: setup.claims,
      closed: () => (setup.isOpen() ? undefined : setup.closedError('Cannot query')),
    });
    this.locks = createLocks(setup, holder, this.queries);
    this.elections = new Elections({
      ...host,
      driver: incarnations,
      electionsMax: options.limits.electionsMax,
      isOpen: setup.isOpen,
      closedError: setup.closedError,
      onFault: (error) => log.write('error', 'A listener for change failed', { err: error }),
    });
    this.singletons = new Singletons({
      ...host,
      rememberMs: options.mesh.leaseMs,
      tryToObtain: (claim) => acquisitions.tryToObtain(claim),
      onFailed: (name, error) => setup.warner.warn(singletonWarning(name, error)),
    });
  }

  /** The core is a new one, which knows of nothing. */
  onRestarted(): void {
    this.queries.askAgain();
    this.elections.onRestarted();
  }

  /** What looks, or campaigns, ends with the error for what it cannot do any more. */
  close(errorFor: (act: string) => LockmeshError): void {
    this.queries.giveUp(errorFor('Cannot query'));
    this.elections.close(errorFor('Cannot lead'));
    this.singletons.close(errorFor('Cannot run'));
  }
}

function createLocks({ calls, warner }: KindsSetup, holder: Holder, queries: Queries): Locks {
  return new MeshLocks({
    holder,
    calls,
    warnOfReentrant: (name) => warner.warnSeldom(reentrantWarning(name)),
    query: (options) => queries.query(options),
  });
}
