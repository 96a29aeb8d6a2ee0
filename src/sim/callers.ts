/**
 * Whatever a peer keeps for its application, some call of that application waits for or holds:
 * when a call is over, however it came to that, nothing of it is left. A claim that nobody knows
 * of would be granted one day, and never released.
 */

import { type CheckerSetup, Violation } from './checker.ts';
import type { Books } from './checks/books.ts';
import type { CoreView } from './checks/core-view.ts';
import { describeClaim } from './checks/wording.ts';
import type { Claim } from './client-claim.ts';
import type { Clients } from './clients.ts';
import type { Host } from './host.ts';

/** At every so many steps, that of the core which steps then. */
const lookSteps = 16;

interface Callers {
  readonly clients: Clients;
  /** Those whose peers nobody but these clients asks for anything. */
  readonly hosts: readonly Host[];
}

export function watchCallers(setup: CheckerSetup, books: Books, callers: Callers): void {
  const { world, onViolation } = setup;
  let steps = 0;
  books.stepped.push((core) => {
    steps += 1;
    if (steps % lookSteps !== 0 || !callers.hosts.includes(core.host)) return;
    const leak = leakOf(core, callers.clients, world.kernel.nowUs);
    if (leak === null) return;
    onViolation(new Violation('leaks', `At ${world.nowMs} ms: ${leak}`, world.nowMs));
  });
}

/** What is kept for nobody, in words. */
function leakOf(core: CoreView, clients: Clients, nowUs: number): string | null {
  if (core.claims.size === 0) return null;
  const calls = clients.open().filter(({ host }) => host === core.host);
  const tokens = new Set(calls.flatMap(({ locks }) => locks.map(({ token }) => token)));
  let waiting = 0;
  for (const claim of core.claims.values()) {
    const { grant } = claim;
    if (grant === null) waiting += 1;
    // Of what has just been granted the caller is told when the turn is over.
    else if (grant.atUs < nowUs && !tokens.has(grant.token)) {
      return `${describeClaim(claim)}, is held, and no call knows of it`;
    }
  }
  const most = calls.reduce((sum, call) => sum + claimsOf(call), 0);
  if (waiting <= most) return null;
  return `${core.host.name} has ${waiting} claims that wait, for calls with ${most}`;
}

/** For how many claims of its peer a call may wait. */
function claimsOf({ operation, state }: Claim): number {
  if (state === 'held') return 0;
  const { names, patience } = operation;
  return patience === 'any' || patience === 'try any' ? names.length : 1;
}
