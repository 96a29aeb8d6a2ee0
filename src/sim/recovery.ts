/**
 * The phases after the faults, in which the mesh has to show that it lives (after TigerBeetle's
 * simulator).
 *
 * Liveness: a core of hosts that is enough for a quorum is healed; all else stays as it is, links
 * that carry one way only included. Within a bound of true time every claim of the core's clients
 * is answered, each that keeps asking is granted, and each that waits until its peer is ready is
 * told so. Rest: all is healed, all claims end, and
 * nothing may be left over; at the end every peer closes.
 */

import { namesMax } from '../protocol/claim.ts';
import { assumptionsOf } from './assumptions.ts';
import { type Checker, Violation } from './checker.ts';
import { circleMs, slowestMs } from './circles.ts';
import type { Claim } from './client-claim.ts';
import type { Clients } from './clients.ts';
import type { Faults } from './faults.ts';
import { namesIn } from './fewer-hosts.ts';
import type { Host } from './host.ts';
import { electionsIn, meetLeaders } from './meet-leaders.ts';
import type { Operation, Plan } from './plan.ts';
import { Stream } from './random.ts';
import type { World } from './world.ts';

export interface RecoverySetup {
  readonly plan: Plan;
  readonly world: World;
  readonly hosts: readonly Host[];
  readonly faults: Faults;
  readonly clients: Clients;
  readonly checkers: readonly Checker[];
  sleep(ms: number): Promise<void>;
}

/** How long a probe of the mesh is held. */
const probeHoldMs = 1;

/** How long between two looks. */
const lookMs = 20;

/** How long a campaign pauses at most (campaign.ts). */
const pauseMaxMs = 1_000;

/** @throws {Violation} when the mesh does not recover, or leaves something over */
export async function recover(setup: RecoverySetup): Promise<void> {
  const { faults, world, plan } = setup;
  const core = chooseCore(setup);
  faults.freeze();
  faults.healWithin(core);
  const boundMs = liveBoundMs(setup);
  const deadlineMs = world.nowMs + boundMs;
  const unready = new Set(core);
  const isStuck = (): Violation => stuck(setup, { core, unready, boundMs });
  const pending = (): readonly Claim[] => {
    return setup.clients.open().filter(({ host }) => core.includes(host));
  };
  for (const host of core) void becomeReady(host, setup).then(() => unready.delete(host));
  const probes = core.map((host) => probe(host, setup, () => world.nowMs < deadlineMs));
  const isDone = (): boolean => pending().length === 0 && unready.size === 0;
  await until(setup, isDone, { deadlineMs, isStuck });
  if ((await Promise.all(probes)).includes(false)) throw isStuck();

  faults.healAll();
  await rest(setup);
  if (electionsIn(plan).length > 0) {
    const { isFenced } = assumptionsOf(plan);
    await meetLeaders({ ...setup, isFenced, boundMs: liveBoundMs(setup) });
    await rest(setup);
  }
  for (const checker of setup.checkers) checker.atRest?.();
  await close(setup, plan.mesh.leaseMs);
}

/** Hosts that have a quorum of every name's voters among them, drawn from the seed. */
function chooseCore({ plan, hosts }: RecoverySetup): readonly Host[] {
  const { voters, quorum, replicas = voters } = plan.mesh;
  const enough = voters - replicas + quorum;
  const chance = Stream.of(plan.seed, 'core');
  const count = chance.chance(0.5) ? voters : chance.between(enough, voters);
  const chosen = new Set(chance.shuffled(hosts.slice(0, voters)).slice(0, count));
  return hosts.filter((host, index) => chosen.has(host) || (index >= voters && chance.chance(0.5)));
}

/**
 * 3 (prepareTimeout + lease) and ten round trips, the time that clients hold what they get, that
 * for which campaigns pause: each once for the faults, and once for each other that it meets, and
 * that for which those who nest may wait in circles, looked for at one voter more each time (9.1).
 */
function liveBoundMs({ plan, world, clients, hosts }: RecoverySetup): number {
  const { leaseMs, prepareTimeoutMs } = plan.mesh;
  const slowest = slowestMs(world);
  const tripsMs = 20 * slowest + 10 * hosts.length * lookMs;
  const circle = { misses: plan.mesh.voters, claims: clients.open().length, slowest };
  const circlesMs = clients.circlesMs(circleMs(plan.mesh, circle));
  const pausesMs = clients.campaigns * pauseMaxMs;
  return 3 * (leaseMs + prepareTimeoutMs) + clients.holdMs + pausesMs + circlesMs + tripsMs;
}

/** Asks for every name of the plan, until it is granted. */
async function probe(
  host: Host,
  { plan, clients, sleep }: RecoverySetup,
  isInTime: () => boolean,
): Promise<boolean> {
  const rest = namesOf(plan);
  while (isInTime()) {
    const operation: Operation = {
      ...{ do: 'acquire', host: 0, names: rest.slice(0, namesMax), mode: 'exclusive' },
      ...{
        patience: 'wait',
        holdMs: probeHoldMs,
        timeoutMs: 0,
        giveUpMs: 0,
        maxHoldMs: 0,
        lingerMs: 0,
      },
    };
    if (host.isUp && (await clients.perform(host, operation))) rest.splice(0, namesMax);
    else await sleep(lookMs);
    if (rest.length === 0) return true;
  }
  return false;
}

/** Resolves when the peer of a host has said that it is. */
async function becomeReady(host: Host, { sleep }: RecoverySetup): Promise<void> {
  for (;;) {
    const isReady = await host.peer?.ready().then(
      () => true,
      () => false,
    );
    if (isReady) return;
    await sleep(lookMs);
  }
}

function namesOf({ steps }: Plan): string[] {
  const names = namesIn({ steps });
  return names.length === 0 ? ['x'] : [...names];
}

async function until(
  { world, sleep }: RecoverySetup,
  isDone: () => boolean,
  { deadlineMs, isStuck }: { readonly deadlineMs: number; isStuck(): Violation },
): Promise<void> {
  while (!isDone()) {
    if (world.nowMs >= deadlineMs) throw isStuck();
    await sleep(lookMs);
  }
}

interface Stuck {
  readonly core: readonly Host[];
  readonly unready: ReadonlySet<Host>;
  readonly boundMs: number;
}

function stuck({ clients, world }: RecoverySetup, { core, unready, boundMs }: Stuck): Violation {
  const waiting = clients
    .open()
    .filter(({ host }) => core.includes(host))
    .map(({ host, operation, state, askedAtMs }) => {
      return `${host.name} ${state} ${operation.names.join('+')} since ${askedAtMs} ms`;
    });
  const names = core.map(({ name }) => name).join(', ');
  const deaf = [...unready].map(({ name }) => `${name} was not told that it is ready`);
  const what = [...waiting, ...deaf].join('; ') || 'not granted';
  const message = `${boundMs} ms after ${names} were healed: ${what}`;
  return new Violation('liveness', message, world.nowMs);
}

/** Everybody is up and linked, nobody asks any more, and two leases pass. */
async function rest(setup: RecoverySetup): Promise<void> {
  const { plan, world, hosts, clients } = setup;
  const boundMs = liveBoundMs(setup);
  const isStuck = (): Violation => {
    const down = hosts.filter(({ isUp }) => !isUp).map(({ name }) => name);
    const open = clients.open().map(({ host, operation }) => `${host.name} ${operation.names}`);
    const what = [...down.map((name) => `${name} is down`), ...open].join('; ');
    return new Violation('liveness', `${boundMs} ms after all was healed: ${what}`, world.nowMs);
  };
  const isQuiet = (): boolean => {
    return clients.open().length === 0 && hosts.every(({ isUp }) => isUp);
  };
  await until(setup, isQuiet, { deadlineMs: world.nowMs + boundMs, isStuck });
  await setup.sleep(2 * plan.mesh.leaseMs + 100);
}

/**
 * A peer that closes is done within the second that its connections have, on a network that is
 * well.
 */
async function close({ world, hosts, sleep }: RecoverySetup, leaseMs: number): Promise<void> {
  let open = hosts.length;
  for (const host of hosts) {
    void host.stop().then(() => {
      open -= 1;
    });
  }
  await sleep(leaseMs + 2_000);
  if (open > 0) throw new Violation('rest', `${open} peers did not close`, world.nowMs);
}
