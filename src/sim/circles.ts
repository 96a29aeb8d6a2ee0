/**
 * Of those who wait in a circle, and have said what they hold, one is told so in time: once nothing
 * is wrong any more, the youngest looks for it within a `deadlockProbeAfter`; if it looks a moment
 * before all voters know of the circle, within another (rule 9.1). From there it takes two messages
 * for each claim of the circle, twice around (rule 9.4).
 */

import { conflicts } from '../protocol/claim.ts';
import { type CheckerSetup, Violation } from './checker.ts';
import type { Books } from './checks/books.ts';
import { agedOf, type ClaimSpan, ClaimSpans, isOlder } from './checks/claim-spans.ts';
import type { CoreView } from './checks/core-view.ts';
import { describeClaim } from './checks/wording.ts';
import type { Host } from './host.ts';
import type { PlanMesh } from './plan.ts';
import type { World } from './world.ts';

/** The default of `deadlockProbeAfter`. */
const probeMs = 1_000;

/** No clock of a mesh runs faster than another by more: twice `maxClockDrift`. */
const driftMax = 1.02;

/** How long between two looks. */
const lookMs = 20;

/** A timer comes as much later. */
const timerMs = 2;

/** How long the slowest message takes. */
export function slowestMs({ network }: World): number {
  let slowestUs = 0;
  for (const link of network.links()) slowestUs = Math.max(slowestUs, link.delayUs(0));
  return slowestUs / 1_000;
}

interface CircleBound {
  /** How often it may be looked for in vain before. */
  readonly misses: number;
  /** How many claims it has. */
  readonly claims: number;
  readonly slowest: number;
}

/** How long a circle may stand, in milliseconds. */
export function circleMs(mesh: PlanMesh, { misses, claims, slowest }: CircleBound): number {
  const eachMs = (mesh.deadlockProbeMs ?? probeMs) * driftMax + timerMs;
  return (misses + 1) * eachMs + 4 * claims * slowest;
}

interface CirclesSetup extends CheckerSetup {
  readonly mesh: PlanMesh;
  readonly hosts: readonly Host[];
  /** Whether something is wrong, or was a moment ago. */
  isFaulty(): boolean;
}

/** A circle that stands. */
interface Standing {
  readonly claims: readonly ClaimSpan[];
  readonly sinceMs: number;
}

export function watchCircles(setup: CirclesSetup, books: Books): void {
  const { world, mesh, hosts, isFaulty, onViolation } = setup;
  const spans = new ClaimSpans(books);
  /** By its youngest. */
  let standing = new Map<ClaimSpan, Standing>();
  let nextMs = 0;
  books.stepped.push(() => {
    if (spans.bound.size === 0 || world.nowMs < nextMs) return;
    nextMs = world.nowMs + lookMs;
    // A voter that is full knows of none that come.
    const isKnown = mesh.limits.waitersMax >= spans.all.size;
    const isWell = isKnown && !isFaulty() && areWell(hosts, books);
    const before = standing;
    standing = new Map();
    if (!isWell) return;
    for (const youngest of spans.bound) {
      const claims = circleOf(youngest, spans);
      if (claims === null) continue;
      const known = before.get(youngest);
      const isSame = known?.claims.every((claim) => claims.includes(claim)) === true;
      const sinceMs = isSame && known.claims.length === claims.length ? known.sinceMs : world.nowMs;
      standing.set(youngest, { claims, sinceMs });
      const bound = { misses: 1, claims: claims.length, slowest: slowestMs(world) };
      if (world.nowMs - sinceMs <= circleMs(mesh, bound)) continue;
      const who = claims.map(({ claim }) => describeClaim(claim)).join('; ');
      const message = `At ${world.nowMs} ms: since ${sinceMs} ms these wait in a circle: ${who}`;
      onViolation(new Violation('circles', message, world.nowMs));
      return;
    }
  });
}

/** Whether all peers are up, linked as they may be, and vote. */
function areWell(hosts: readonly Host[], { present }: Books): boolean {
  const cores = hosts.flatMap((host) => (host.isUp ? (present.get(host) ?? []) : []));
  if (cores.length < hosts.length) return false;
  return cores.every((core) => {
    if (!core.host.machine.isPrompt || (core.isVoter && !core.isVoting)) return false;
    return cores.every((other) => other === core || areLinked(core, other));
  });
}

/** As this one knows; two that do not vote need not be. */
function areLinked({ isVoter, links, steps }: CoreView, { core, ...other }: CoreView): boolean {
  if (!isVoter && !other.isVoter) return true;
  const link = links.get(core.peer);
  if (link === undefined || link.greetedIn > steps || link.recovers) return false;
  return link.incarnation === core.incarnation;
}

/**
 * The claims of a circle of which this is the youngest, from it on, with those that hold nothing
 * and wait between; `null` where there is none.
 */
function circleOf(youngest: ClaimSpan, spans: ClaimSpans): readonly ClaimSpan[] | null {
  const passed = new Set([youngest]);
  const goOn = (waiter: ClaimSpan): readonly ClaimSpan[] | null => {
    for (const [held, way] of awaited(waiter, spans)) {
      for (const next of spans.bound) {
        if (!isHeldBy(held, next)) continue;
        if (next === youngest) return way;
        if (passed.has(next) || isOlder(agedOf(next), agedOf(youngest)) !== true) continue;
        passed.add(next);
        const rest = goOn(next);
        if (rest !== null) return [...way, ...rest];
      }
    }
    return null;
  };
  return goOn(youngest);
}

type Way = readonly ClaimSpan[];

/** What is held that keeps a claim waiting, and the way there: itself, and who waits before it. */
function awaited(waiter: ClaimSpan, { all }: ClaimSpans): ReadonlyMap<ClaimSpan, Way> {
  const held = new Map<ClaimSpan, Way>();
  const before = new Map<ClaimSpan, Way>([[waiter, [waiter]]]);
  for (const [one, way] of before) {
    if (one.claim.asked.patience === 'steal') continue;
    for (const other of all) {
      const { state, asked } = other.claim;
      if (other.endedAt !== Number.POSITIVE_INFINITY || other === one) continue;
      if (!conflicts(asked.resources, one.resources)) continue;
      if (state === 'held') held.set(other, held.get(other) ?? way);
      else if (isOlder(agedOf(other), agedOf(one)) === true && !before.has(other)) {
        before.set(other, [...way, other]);
      }
    }
  }
  return held;
}

/** Whether the caller of one that waits has said that it holds that meanwhile. */
function isHeldBy({ claim }: ClaimSpan, { claim: { asked, core } }: ClaimSpan): boolean {
  return claim.core === core && asked.holding?.includes(claim.asked.claim) === true;
}
