/**
 * What may happen in a state of the mesh, as numbers and in words.
 */

import { describeMessage } from '../../protocol/describe.ts';
import { actionOf, codeOf, numberOf } from './action.ts';
import type { MeshWorld } from './mesh-world.ts';
import { emptyQueue } from './queues.ts';
import { type MeshScope, usualPace } from './scope.ts';

/** The peer that takes a step, where nothing goes wrong. */
export function actorOf(scope: MeshScope, code: number): number {
  const kind = code >> 8;
  return ofClaims.has(kind) ? (scope.claims[(code >> 4) & 15]?.peer ?? 0) : code & 15;
}

const ofClaims: ReadonlySet<number> = new Set([
  numberOf.acquire,
  numberOf.release,
  numberOf.giveUp,
  numberOf.downgrade,
]);

/** Adds every action to `actions` that is possible in the present state of `world`. */
export function listActions(world: MeshWorld, actions: number[]): void {
  const { layout, state } = world;
  const { peers } = layout;
  for (let a = 0; a < peers; a += 1) {
    for (let b = 0; b < peers; b += 1) if (a !== b) listDirection(world, { a, b }, actions);
  }
  if (state[layout.budgetsAt] !== 0) listFaults(world, actions);
  for (let a = 0; a < peers; a += 1) if (world.hasToWrite(a)) actions.push(codeOf('write', a, a));
  listClients(world, actions);
}

function listDirection(
  world: MeshWorld,
  { a, b }: { readonly a: number; readonly b: number },
  actions: number[],
): void {
  const queue = world.queueOf(a, b);
  if (queue === emptyQueue || world.coreOf(b) === 0) return;
  actions.push(codeOf('deliver', a, b));
  if (world.queues.of(queue).markAt > 0) actions.push(codeOf('notice', a, b));
  const mayLose = world.queues.of(queue).items[0]?.item === 'frame';
  if (mayLose && world.layout.leftOf(world.state, 'losses') > 0) actions.push(codeOf('lose', a, b));
}

function listFaults(world: MeshWorld, actions: number[]): void {
  const { layout, scope, state } = world;
  const has = (kind: keyof MeshScope['budgets']): boolean => layout.leftOf(state, kind) > 0;
  const mayPass = has('beats') && slowCount(world) <= scope.slowMax;
  for (let a = 0; a < layout.peers; a += 1) {
    if (world.coreOf(a) === 0) continue;
    const mayDie = scope.victims.includes(a);
    if (mayDie && has('crashes')) actions.push(codeOf('crash', a, 0));
    if (mayDie && has('restarts')) actions.push(codeOf('restart', a, 0));
    if (has('pauses') && mayPass) actions.push(codeOf('pause', a, 0), codeOf('suspend', a, 0));
    if (has('jumps'))
      for (const jump of scope.jumpsMs.keys()) actions.push(codeOf('jump', a, jump));
    for (let b = 0; b < a && has('breaks'); b += 1) {
      if (world.isAttached(a, b) && world.isAttached(b, a)) actions.push(codeOf('break', a, b));
    }
  }
  if (mayPass) actions.push(codeOf('beat', 0, 0));
}

function listClients(world: MeshWorld, actions: number[]): void {
  const { layout, scope, state } = world;
  for (let claim = 0; claim < scope.claims.length; claim += 1) {
    if (world.coreOf(scope.claims[claim]?.peer ?? 0) === 0) continue;
    const known = layout.claimOf(state, claim);
    if (known === 'unasked') actions.push(codeOf('acquire', claim, 0));
    const { downgrades = false, hangs = false } = scope.claims[claim] ?? {};
    const isHeld = known === 'held';
    if ((isHeld && !hangs) || known === 'lapsed') actions.push(codeOf('release', claim, 0));
    if (isHeld && downgrades && !layout.isShared(state, claim)) {
      actions.push(codeOf('downgrade', claim, 0));
    }
    if (known === 'waiting' && layout.leftOf(state, 'giveUps') > 0) {
      actions.push(codeOf('giveUp', claim, 0));
    }
  }
}

/** On how many directions something is under way. */
function slowCount(world: MeshWorld): number {
  const { peers } = world.layout;
  let count = 0;
  for (let from = 0; from < peers; from += 1) {
    for (let to = 0; to < peers; to += 1) {
      if (from === to || world.coreOf(to) === 0) continue;
      if (world.queueOf(from, to) !== emptyQueue) count += 1;
    }
  }
  return count;
}

/** Takes `world` to where an action leads. */
export function takeAction(world: MeshWorld, code: number): void {
  const { kind, a, b } = actionOf(code);
  const { layout, scope, state } = world;
  switch (kind) {
    case 'deliver':
      return world.deliver(a, b);
    case 'notice':
      return world.notice(a, b);
    case 'acquire':
      return world.acquire(a);
    case 'release':
      return world.release(a);
    case 'downgrade':
      return world.downgrade(a);
    case 'giveUp':
      layout.spend(state, 'giveUps');
      return world.release(a);
    case 'crash':
      layout.spend(state, 'crashes');
      return world.crash(a);
    case 'restart':
      layout.spend(state, 'restarts');
      return world.restart(a);
    case 'break':
      layout.spend(state, 'breaks');
      return world.break(a, b);
    case 'jump':
      layout.spend(state, 'jumps');
      return world.jump(a, scope.jumpsMs[b] ?? 0);
    case 'pause':
    case 'suspend':
      layout.spend(state, 'pauses');
      layout.spend(state, 'beats');
      return world.beat(a, kind === 'suspend');
    case 'beat':
      layout.spend(state, 'beats');
      return world.beat();
    case 'lose':
      layout.spend(state, 'losses');
      return world.lose(a, b);
    case 'write':
      return world.write(a);
  }
}

/** An action in words, in the state that `world` is in. */
export function describeAction(world: MeshWorld, code: number): string {
  const { kind, a, b } = actionOf(code);
  const { scope } = world;
  const [one, other] = [world.cores.peers[a] ?? '', world.cores.peers[b] ?? ''];
  const { peer = 0, resources = [], patience } = scope.claims[a] ?? {};
  const owner = `${world.cores.peers[peer]}: claim ${a + 1}`;
  switch (kind) {
    case 'deliver':
      return `${other} ${describeItem(world, { a, b })}`;
    case 'notice':
      return `${other} sees that its connection to ${one} is gone, with all under way`;
    case 'acquire': {
      const names = resources.map(({ name, mode }) => `${name} (${mode})`).join(', ');
      const how = { wait: '', try: ', as a try', steal: ', and steals' };
      return `${owner} asks for ${names}${how[patience ?? 'wait']}`;
    }
    case 'release':
      return `${owner} is released`;
    case 'downgrade':
      return `${owner} is downgraded`;
    case 'giveUp':
      return `${owner} is given up`;
    case 'crash':
      return `${one} dies`;
    case 'restart':
      return `${one} dies and starts again`;
    case 'break':
      return `the connection of ${other} and ${one} breaks`;
    case 'jump':
      return `the wall clock of ${one} is set by ${scope.jumpsMs[b]} ms`;
    case 'pause':
      return `${beatOf(world)}, in which ${one} stands still`;
    case 'suspend':
      return `${beatOf(world)}, in which the machine of ${one} is suspended`;
    case 'beat':
      return beatOf(world);
    case 'lose':
      return `what ${other} would hear from ${one} is lost: ${describeItem(world, { a, b })}`;
    case 'write':
      return `${one} has written its state file`;
  }
}

function beatOf({ scope }: MeshWorld): string {
  const { stepMs, stepsOfBeat } = scope.pace ?? usualPace;
  if (scope.pace === undefined) return 'nearly half a lease passes';
  const all = [stepMs].flat().map((ms) => ms * stepsOfBeat);
  return `${all.join(' or ')} ms pass`;
}

function describeItem(
  world: MeshWorld,
  { a, b }: { readonly a: number; readonly b: number },
): string {
  const one = world.cores.peers[a];
  const item = world.queues.of(world.queueOf(a, b)).items[0];
  if (item?.item === 'down') return `sees that its connection to ${one} is gone`;
  if (item?.item === 'up') return `sees its new connection to ${one}`;
  if (item === undefined) return `hears nothing from ${one}`;
  const { messages } = world.cores.frameOf(item.frame);
  return `hears from ${one}: ${messages.map(describeMessage).join('; ') || 'a sign of life'}`;
}
