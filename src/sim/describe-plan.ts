/**
 * A plan in words, one line for each step.
 */

import { isElection } from './acts.ts';
import { hostName } from './mesh.ts';
import type { Act, Fault, Operation, Plan, PlanMesh, PlanStep, When } from './plan.ts';

/** The mesh first, then the steps. */
export function describePlan({ mesh, steps, healAtMs }: Plan): readonly string[] {
  const each = steps.map((step) => describeStep(step, mesh));
  return [describeMesh(mesh), ...each, `${healAtMs} ms: the faults end`];
}

export function describeMesh(mesh: PlanMesh): string {
  const { voters, members, quorum, leaseMs, hasDisk, isWarm, replicas, deadlockProbeMs } = mesh;
  const parts = [
    replicas === undefined
      ? `${voters} voters, ${quorum} decide`
      : `${voters} voters, of a name's ${replicas} ${quorum} decide`,
    ...(members > 0 ? [`${members} members`] : []),
    `lease ${leaseMs} ms`,
    ...(deadlockProbeMs === undefined ? [] : [`deadlocks looked for after ${deadlockProbeMs} ms`]),
    ...(hasDisk ? ['state files'] : []),
    ...(isWarm ? [] : ['from a cold start']),
  ];
  return parts.join(', ');
}

export function describeStep(step: PlanStep, mesh: PlanMesh): string {
  return describeStepBy(step, (host) => hostName(mesh, host));
}

/** With names of one's own for the hosts. */
export function describeStepBy({ when, act }: PlanStep, name: Name): string {
  return `${describeWhen(when, name)}: ${describeAct(act, name)}`;
}

/** The hosts that a fault befalls, by index; none where it befalls no host of the plan. */
export function hostsHurtBy(fault: Fault): readonly number[] {
  if ('host' in fault) return [fault.host];
  if ('order' in fault) return fault.order;
  if ('from' in fault) return [fault.from, fault.to];
  return 'a' in fault ? [fault.a, fault.b] : [];
}

type Name = (host: number) => string;

function describeWhen(when: When, name: Name): string {
  if ('atMs' in when) return `${when.atMs} ms`;
  const { point, host, nth } = when;
  const times = nth === 1 ? '' : `, time ${nth}`;
  return `${point}${host === null ? '' : ` at ${name(host)}`}${times}`;
}

function describeAct(act: Act, name: Name): string {
  if (act.do === 'look') {
    return `${name(act.host)} looks at ${act.name ?? 'all names'} across the mesh`;
  }
  return act.do === 'acquire' ? describeOperation(act, name) : describeFault(act, name);
}

const verbs: Readonly<Partial<Record<Operation['patience'], string>>> = Object.freeze({
  always: 'runs what always holds',
  lead: 'campaigns for',
  observe: 'observes',
  resign: 'campaigns for',
  steal: 'steals',
  try: 'tries for',
  'try any': 'tries for',
});

function describeOperation(operation: Operation, name: Name): string {
  const { host, names, mode, patience, holdMs, timeoutMs, giveUpMs, maxHoldMs } = operation;
  const { lingerMs } = operation;
  if (isElection(operation)) return describeElection(operation, name);
  const verb = verbs[patience] ?? 'asks for';
  const parts = [
    `${name(host)} ${verb} ${names.join(jointOf(patience))}${mode === 'shared' ? ', shared' : ''}`,
    `to hold it for ${holdMs} ms`,
    ...(timeoutMs > 0 ? [`within ${timeoutMs} ms`] : []),
    ...(giveUpMs > 0 ? [`gives up after ${giveUpMs} ms`] : []),
    ...(maxHoldMs > 0 ? [`at most ${maxHoldMs} ms`] : []),
    ...(patience === 'polite' ? ['unless others want it'] : []),
    ...(patience === 'share' ? ['and shares it after half of that'] : []),
    ...(patience === 'nest unsaid' ? ['without a word of what it holds'] : []),
    ...(patience === 'nest and share' ? ['and shares each after that'] : []),
    ...(patience === 'nest and let go' ? ['and lets go of each after that'] : []),
    ...(lingerMs > 0 ? [`and lingers for ${lingerMs} ms`] : []),
  ];
  return parts.join(', ');
}

function describeElection(operation: Operation, name: Name): string {
  const { host, names, patience, holdMs, giveUpMs } = operation;
  const isObserver = patience === 'observe';
  const parts = [
    `${name(host)} ${verbs[patience]} ${names[0]}`,
    ...(isObserver ? [] : [`for ${holdMs} ms in all`]),
    ...(isObserver && holdMs > 0 ? [`for ${holdMs} ms`] : []),
    ...(patience === 'resign' ? ['and resigns after half of that'] : []),
    ...(patience === 'always' ? ['and fails after half of that'] : []),
    ...(giveUpMs > 0 ? [`gives up after ${giveUpMs} ms`] : []),
  ];
  return parts.join(', ');
}

function jointOf(patience: Operation['patience']): string {
  if (patience.endsWith('any')) return ' or ';
  return patience.startsWith('nest') ? ' and then ' : ' and ';
}

/** With names of one's own for the hosts. */
export function describeFault(fault: Fault, name: Name): string {
  const what = describeHurt(fault, name);
  return 'forMs' in fault ? `${what}, for ${fault.forMs} ms` : what;
}

function describeHurt(fault: Fault, name: Name): string {
  switch (fault.do) {
    case 'crash':
      return `${name(fault.host)} crashes (${fault.network}; ${fault.disk})`;
    case 'stop':
      return `${name(fault.host)} stops, draining for up to ${fault.drainMs} ms`;
    case 'pause':
      return `${name(fault.host)} stands still`;
    case 'suspend':
      return `${name(fault.host)} is suspended, clock and all`;
    case 'slow':
      return `${name(fault.host)} takes ${fault.turnUs} µs a turn`;
    case 'jump':
      return `${name(fault.host)}'s wall clock is set by ${fault.ms} ms`;
    case 'strobe':
      return `${name(fault.host)}'s wall clock is set by ${fault.ms} ms and back, ${every(fault)}`;
    case 'drift':
      return `${name(fault.host)}'s monotonic clock runs ${fault.ppm} ppm fast`;
    case 'storm':
      return `all connections of ${name(fault.host)} are reset`;
    case 'disk':
      return fault.fails
        ? `${name(fault.host)}'s disk refuses writes`
        : `${name(fault.host)}'s disk takes ${fault.extraMs} ms longer`;
    case 'duplicate':
      return `a second process called ${name(fault.host)} starts`;
    case 'join':
      return `a member joins, to ${fault.leaves}`;
    case 'misfit':
      return 'a peer of another mesh knocks';
    default:
      return describeCut(fault, name);
  }
}

function every({ everyMs }: { readonly everyMs: number }): string {
  return `each ${everyMs} ms`;
}

type Cut = Extract<
  Fault,
  { readonly do: 'hold' | 'reset' | 'half-open' | 'refuse' | 'lag' | 'hostile' | 'partition' }
>;

function describeCut(fault: Cut, name: Name): string {
  switch (fault.do) {
    case 'hold':
      return `nothing passes from ${name(fault.from)} to ${name(fault.to)}`;
    case 'reset': {
      const told = fault.toldMs.join(' and ');
      return `${name(fault.a)} and ${name(fault.b)} lose their connection, told after ${told} ms`;
    }
    case 'half-open': {
      const told = { a: name(fault.a), b: name(fault.b), none: 'nobody' }[fault.told];
      return `${name(fault.a)} and ${name(fault.b)} lose their connection, and ${told} notices`;
    }
    case 'refuse':
      return `dials between ${name(fault.a)} and ${name(fault.b)} are refused`;
    case 'lag': {
      const much = `${fault.factor} times slower and ${fault.extraMs} ms late`;
      return `messages from ${name(fault.from)} to ${name(fault.to)} are ${much}`;
    }
    case 'hostile': {
      const often = `${fault.ppm / 10_000} % of what ${name(fault.from)} sends to`;
      return `${often} ${name(fault.to)} is ${fault.mishap}`;
    }
    case 'partition': {
      const parts = fault.order.map(name).join(', ');
      const breaks = fault.breaks ? ', and connections break' : '';
      const period = fault.periodMs > 0 ? `, on and off each ${fault.periodMs} ms` : '';
      return `partition (${fault.shape}) of ${parts}${breaks}${period}`;
    }
  }
}
