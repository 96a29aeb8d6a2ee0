/**
 * Prints what the core takes, gives and keeps, for traces and logs: a line each, of `field=value`,
 * in the words of message.ts, input.ts and output.ts. Nothing else prints.
 */

import { unreachable } from './assert.ts';
import { aheadMs, noStamp, stampAfter } from './clock.ts';
import type { EntrySnapshot } from './entry.ts';
import { roundId, type Stamp, wallMs } from './ids.ts';
import type { Input } from './input.ts';
import type { Leading } from './leading.ts';
import type {
  Frame,
  Hello,
  Holder,
  Look,
  Message,
  Patience,
  Prepare,
  Queued,
  Resource,
  Sight,
  View,
} from './message.ts';
import type { NodeSnapshot } from './node.ts';
import type { Failure, Output, Standing } from './output.ts';
import type { Hop, Pursuit } from './pursuit.ts';
import type { Ballot } from './round.ts';

/** A stamp as `milliseconds.counter` of its clock's epoch; `-` for none. */
export function describeStamp(stamp: Stamp): string {
  if (stamp === noStamp) return '-';
  const ms = aheadMs(stamp, wallMs(0)) - aheadMs(noStamp, wallMs(0));
  return `${ms}.${stamp - stampAfter(noStamp, ms)}`;
}

/** The names, an exclusive one bare. */
export function describeResources(resources: readonly Resource[]): string {
  return resources.map(({ name, mode }) => (mode === 'shared' ? `${name}:shared` : name)).join(' ');
}

export function describeMessage(message: Message): string {
  switch (message.type) {
    case 'hello':
      return describeHello(message);
    case 'settled':
      return `settled incarnation=${message.incarnation}`;
    case 'recovered':
      return 'recovered';
    case 'live':
      return `live ${message.first}..${message.last} rounds=${list(message.rounds)}`;
    case 'prepare':
      return describePrepare(message);
    case 'vote': {
      const { round, generation, token, after, floor } = message;
      const place = `round=${round} generation=${generation} token=${describeStamp(token)}`;
      return `vote ${place} after=${list(after)} floor=${describeStamp(floor)}`;
    }
    case 'refuse':
      return `refuse round=${message.round} ${message.reason}${holders(message.holders)}`;
    case 'queued':
      return describeQueued(message);
    case 'inquire':
    case 'yield':
      return `${message.type} round=${message.round} generation=${message.generation}`;
    case 'commit':
    case 'release':
    case 'revoke':
      return `${message.type} round=${message.round} token=${describeStamp(message.token)}`;
    case 'abort':
    case 'contended':
      return `${message.type} round=${message.round}`;
    case 'look':
      return `look ${describeLook(message)}`;
    case 'view':
      return describeView(message);
    case 'probe':
      return `probe round=${message.round} ${describePursuit(message)}`;
    case 'chase': {
      const shared = message.isShared ? ' shared' : '';
      return `chase round=${message.round}${shared} ${describePursuit(message)}`;
    }
    case 'watch':
      return `watch round=${message.round} incarnation=${message.incarnation}`;
    case 'observe':
      return `observe ${message.name} ${message.isOn ? 'on' : 'off'}`;
    case 'leader': {
      const { name, token, leader } = message;
      return `leader ${name} token=${describeStamp(token)} ${leading(leader)}`;
    }
    default:
      return unreachable(message);
  }
}

/** A frame's head; its messages are lines of their own. */
export function describeFrame(frame: Frame): string {
  const { sequence, stamp, echo, clock } = frame;
  return `frame sequence=${sequence} stamp=${stamp} echo=${echo} clock=${describeStamp(clock)}`;
}

export function describeInput(input: Input): string {
  switch (input.type) {
    case 'acquire': {
      const { claim, resources, patience, timeoutMs, maxHoldMs, lingerMs, value } = input;
      const { holding = [], alternatives = [] } = input;
      const held = holding.length === 0 ? '' : ` holding=${holding}`;
      const any = alternatives.length === 0 ? '' : ` anyOf=${alternatives}`;
      const linger = `${lingerMs === 0 ? '' : ` linger=${lingerMs}`}${held}${any}`;
      const bounds = `${bound('timeout', timeoutMs)}${bound('maxHold', maxHoldMs)}${linger}`;
      const what = `${describeResources(resources)}${tried(patience)}${bounds}${valued(value)}`;
      return `acquire claim=${claim} ${what}`;
    }
    case 'release':
    case 'heed':
    case 'downgrade':
      return `${input.type} claim=${input.claim}`;
    case 'look':
      return `look ${describeLook(input)}`;
    case 'observe':
      return `observe ${input.name} floor=${describeStamp(input.floor)}`;
    case 'unobserve':
      return `unobserve ${input.name}`;
    case 'link-up':
      return `link-up peer=${input.peer} incarnation=${input.incarnation}`;
    case 'link-down':
      return `link-down peer=${input.peer}`;
    case 'frame':
      return `${describeFrame(input.frame)} from=${input.peer}`;
    case 'flush':
    case 'retire':
    case 'wake':
      return input.type;
    case 'persisted':
      return `persisted mark=${describeStamp(input.mark)}`;
    default:
      return unreachable(input);
  }
}

export function describeOutput(output: Output): string {
  switch (output.type) {
    case 'granted':
      return `granted claim=${output.claim} token=${describeStamp(output.token)}`;
    case 'failed':
      return `failed claim=${output.claim} ${describeFailure(output.failure)}`;
    case 'lost':
      return `lost claim=${output.claim} reason=${output.reason}`;
    case 'wanted':
      return `wanted claim=${output.claim}`;
    case 'looked': {
      const { look, sights, unanswered, isCut } = output;
      const told = `[${sights.map(describeSight).join('; ')}] unanswered=${list(unanswered)}`;
      return `looked number=${look} ${told}${isCut ? ' cut' : ''}`;
    }
    case 'leader': {
      const token = output.leader === null ? '' : ` token=${describeStamp(output.leader.token)}`;
      return `leader of ${output.name} is ${leading(output.leader)}${token}`;
    }
    case 'frame':
      return `${describeFrame(output.frame)} to=${output.to}`;
    case 'unlink':
      return `unlink peer=${output.peer} reason=${output.reason}`;
    case 'voter':
      return `voter ${output.voter} is ${output.state}`;
    case 'quorum':
      return `quorum ${output.present ? 'present' : 'absent'}`;
    case 'persist':
      return `persist mark=${describeStamp(output.mark)}`;
    default:
      return unreachable(output);
  }
}

export function describeFailure(failure: Failure): string {
  switch (failure.reason) {
    case 'timeout':
    case 'busy':
    case 'no-quorum':
    case 'overloaded':
      return `reason=${failure.reason} ${describeStanding(failure.standing)}`;
    case 'deadlock':
      return `reason=${failure.reason} ${failure.cycle.map(describeHop).join('; ')}`;
    case 'claims-max':
      return `reason=${failure.reason}`;
    default:
      return unreachable(failure);
  }
}

/** What a node keeps: as a voter its list in order, as a coordinator its rounds. */
export function describeNode(snapshot: NodeSnapshot): string[] {
  const { voter, coordinator, recovery } = snapshot;
  const lines: string[] = recovery === null ? [] : ['in recovery'];
  for (const entry of voter.table.entries) lines.push(describeEntry(entry));
  for (const { number, resources, token, phase, ballots } of coordinator.table.rounds) {
    const votes = ballots.map(([peer, ballot]) => `${peer}:${describeBallot(ballot)}`).join(' ');
    const what = `${describeResources(resources)} ${phase.state}`;
    lines.push(`round ${number} ${what} token=${describeStamp(token)} votes ${votes || 'none'}`);
  }
  return lines;
}

export function describeEntry(entry: EntrySnapshot): string {
  const { resources, token, generation, committedAt, inquired } = entry;
  const state = committedAt === null ? entry.said : 'committed';
  const id = roundId(entry.peer, entry.incarnation, entry.round);
  const what = `${id} ${describeResources(resources)} ${state} token=${describeStamp(token)}`;
  return `entry ${what} generation=${generation}${inquired ? ' inquired' : ''}`;
}

function describeBallot({ answer, vote, yielded }: Ballot): string {
  if (vote === null && answer === 'voted') return 'forgotten';
  if (vote === null) return yielded > 0 ? `${answer}(${yielded})` : answer;
  if (vote.pending.length === 0) return `yes(${vote.generation})`;
  return `after ${vote.pending.join(',')}(${vote.generation})`;
}

function describeHello({ incarnation, session, recovering }: Hello): string {
  return `hello incarnation=${incarnation} session=${session}${recovering ? ' recovering' : ''}`;
}

function describePrepare(message: Prepare): string {
  const { round, resources, ticket, token, committed, patience, maxHoldMs, value } = message;
  const stamps = `ticket=${describeStamp(ticket)} token=${describeStamp(token)}`;
  const lingers = message.lingers ? ' lingers' : '';
  const hold = `${bound('maxHold', maxHoldMs)}${lingers}${valued(value)}`;
  const marks = `${committed ? ' committed' : ''}${tried(patience)}${hold}`;
  return `prepare round=${round} ${describeResources(resources)} ${stamps}${marks}`;
}

function describePursuit({ origin, attempt, path, passed }: Pursuit): string {
  const way = path.length === 0 ? '' : ` ${passed} of [${path.map(describeHop).join('; ')}]`;
  return `origin=${origin} attempt=${attempt}${way}`;
}

function describeHop({ peer, incarnation, round, via, voter, holds, wants }: Hop): string {
  const held = holds.length === 0 ? '' : ` holds ${holds.join(' ')} by ${via} and`;
  return `${roundId(peer, incarnation, round)}${held} wants ${wants.join(' ')}, says ${voter}`;
}

function describeLook({ look, name }: Pick<Look, 'look' | 'name'>): string {
  return `number=${look}${name === null ? '' : ` name=${name}`}`;
}

function describeView({ look, sights, isLast, isCut }: View): string {
  const marks = `${isLast ? ' last' : ''}${isCut ? ' cut' : ''}`;
  return `view number=${look} [${sights.map(describeSight).join('; ')}]${marks}`;
}

function describeSight(sight: Sight): string {
  const { peer, incarnation, round, resources, heldForMs, token, isStealing } = sight;
  const id = roundId(peer, incarnation, round);
  const state = heldForMs === null ? (isStealing ? 'steals' : 'waits') : `held for ${heldForMs}`;
  return `${id}: ${describeResources(resources)} ${state} token=${describeStamp(token)}`;
}

function describeStanding({ voters, holders: known, ahead }: Standing): string {
  const answers = voters.map(({ voter, answer }) => `${voter}:${answer}`).join(' ');
  const names = known.map(({ peer, heldForMs }) =>
    heldForMs === null ? peer : `${peer} for ${heldForMs}`,
  );
  return `${answers} ahead=${ahead}${names.length > 0 ? ` held by ${names.join(', ')}` : ''}`;
}

function describeQueued({ round, ahead, holders: held, floor }: Queued): string {
  const above = floor === noStamp ? '' : ` floor=${describeStamp(floor)}`;
  return `queued round=${round} ahead=${ahead}${holders(held)}${above}`;
}

function holders(of: readonly Holder[]): string {
  if (of.length === 0) return '';
  return ` held by ${of.map(({ peer, heldForMs }) => `${peer} for ${heldForMs}`).join(', ')}`;
}

function tried(patience: Patience): string {
  return patience === 'wait' ? '' : ` ${patience}`;
}

function valued(value: string | null): string {
  return value === null ? '' : ` value=${JSON.stringify(value)}`;
}

function leading(leader: Leading | null): string {
  return leader === null ? 'nobody' : `${leader.peer} as ${JSON.stringify(leader.value)}`;
}

function bound(name: string, ms: number): string {
  return ms === Number.POSITIVE_INFINITY ? '' : ` ${name}=${ms}`;
}

function list(items: readonly (string | number)[]): string {
  return `[${items.join(' ')}]`;
}
