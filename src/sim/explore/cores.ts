/**
 * The states that cores are seen in, each with a number, and what the real core does in each with
 * each input: it is asked once, by `Node.restore`, `step` and `snapshot`, and remembered. A mesh
 * has very many states, made of few states of its cores.
 */

import {
  type ClaimId,
  claimId,
  defaultLimits,
  type Frame,
  type Input,
  InvariantError,
  incarnation,
  Node,
  type NodeOptions,
  type NodeSnapshot,
  type Output,
  type PeerId,
  peerId,
  type Stamp,
  stamp,
  type Time,
  timeMs,
  wallMs,
} from '../../protocol/index.ts';
import {
  canonicalFrame,
  canonicalSnapshot,
  evenSessions,
  nameOfFrame,
  nameOfSnapshot,
} from './canonical.ts';
import { type CoreState, type Effect, endedBy, type Step } from './core-state.ts';
import { type Happening, timeAfter, type What } from './happening.ts';
import { rename } from './rename.ts';
import { type CoreScope, leaseMs } from './scope.ts';

/** States are told relative to their moment: it may be this one for all. */
const nowMs = timeMs(1_000);

/** When the first processes start. */
export const startMs = 1_750_000_000_000;

/** About what a state of a core takes, with its steps. */
const bytesOfState = 6_000;

export class Cores {
  readonly peers: readonly PeerId[];
  readonly #scope: CoreScope;
  /** From 1 on: 0 stands for no process. */
  readonly #states: (CoreState | undefined)[] = [undefined];
  readonly #names = new Map<string, number>();
  readonly #frames: Frame[] = [];
  readonly #frameNames = new Map<string, number>();
  /** What state files may cover, by number: a word is too small for a stamp. */
  readonly #marks: number[] = [0];
  /** How many steps the real core has taken. */
  stepCount = 0;

  constructor(scope: CoreScope) {
    this.#scope = scope;
    this.peers = ['a', 'b', 'c', 'd', 'e'].slice(0, scope.voters).map((id) => peerId(id));
  }

  get size(): number {
    return this.#states.length - 1;
  }

  get bytes(): number {
    return bytesOfState * this.#states.length + 1_000 * this.#frames.length;
  }

  /** A new process of a peer. */
  start({ peer, incarnation: of, mark, wall }: Birth): number {
    const time: Time = { now: nowMs, wall: wallMs(wall) };
    const node = new Node(this.#optionsOf({ peer, incarnation: of, mark }), time);
    return this.#intern(node, { peer, incarnation: of, mark, time });
  }

  /** What a core does in a state. */
  step(state: number, happening: Happening): Step {
    const core = this.stateOf(state);
    const { code } = happening;
    const known = core.steps.get(code);
    if (known !== undefined) return known;
    const step = this.#step(core, happening);
    core.steps.set(code, step);
    return step;
  }

  stateOf(state: number): CoreState {
    const found = this.#states[state];
    if (found === undefined) throw new RangeError(`No such state of a core: ${state}`);
    return found;
  }

  frameOf(frame: number): Frame {
    const found = this.#frames[frame];
    if (found === undefined) throw new RangeError(`No such frame: ${frame}`);
    return found;
  }

  /** The number of the state that a core would be in, had the peers these names instead. */
  renamed(state: number, names: ReadonlyMap<string, string>): number {
    const { peer, incarnation: of, mark, wall, snapshot } = this.stateOf(state);
    const own = this.peers[peer] ?? '';
    const other = this.peers.indexOf(peerId(names.get(own) ?? own));
    const renamed = this.#canonical(rename(snapshot, names));
    const time: Time = { now: nowMs, wall: wallMs(wall) };
    const moment = { peer: other, incarnation: of, mark, time };
    return this.#intern(Node.restore(this.#optionsOf(moment), renamed, time), moment);
  }

  /**
   * The number of the same state, had all others been met at once: sessions are numbered in the
   * order of meeting, and told apart, between two peers, by no more than being the same or not.
   */
  evened(state: number): number {
    const { peer, incarnation: of, mark, wall, snapshot } = this.stateOf(state);
    const time: Time = { now: nowMs, wall: wallMs(wall) };
    const moment = { peer, incarnation: of, mark, time };
    const node = Node.restore(this.#optionsOf(moment), evenSessions(snapshot), time);
    return this.#intern(node, moment);
  }

  #step(core: CoreState, happening: Happening): Step {
    const { peer, incarnation: of, mark, snapshot } = core;
    const before: Time = { now: nowMs, wall: wallMs(core.wall) };
    const time = timeAfter(before, happening.what);
    const at = { peer, incarnation: of, mark, time };
    const input = this.#inputOf(happening.what);
    try {
      const node = Node.restore(this.#optionsOf(core), snapshot, before);
      if (input === null) return this.#stepTo(core, this.#intern(node, at), []);
      this.stepCount += 1;
      const outputs = [...node.step(input, time)];
      // Every input is a turn of its own: what there is to say leaves at once.
      if (node.unsent) outputs.push(...node.step({ type: 'flush' }, time));
      return this.#stepTo(core, this.#intern(node, at), this.#effectsOf(outputs));
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      return { next: 0, effects: [{ do: 'broke', message: error.message }], isQuiet: false };
    }
  }

  #stepTo({ held }: CoreState, next: number, effects: readonly Effect[]): Step {
    const isSilent = effects.every((effect) => effect.do === 'send');
    return { next, effects, isQuiet: isSilent && this.stateOf(next).held === held };
  }

  #inputOf(happening: What): Input | null {
    switch (happening.type) {
      case 'frame': {
        const peer = this.#peerOf(happening.from);
        return { type: 'frame', peer, frame: this.frameOf(happening.frame) };
      }
      case 'up': {
        const of = incarnation(happening.incarnation);
        return { type: 'link-up', peer: this.#peerOf(happening.from), incarnation: of };
      }
      case 'down':
        return { type: 'link-down', peer: this.#peerOf(happening.from) };
      case 'acquire':
        return this.#acquire(happening.claim);
      case 'release':
      case 'downgrade':
        return { type: happening.type, claim: idOf(happening.claim) };
      case 'wake':
        return { type: 'wake' };
      case 'persisted':
        return { type: 'persisted', mark: this.#markOf(happening.mark) };
      case 'pass':
      case 'jump':
        return null;
    }
  }

  #acquire(index: number): Input {
    const claim = this.#scope.claims[index];
    if (claim === undefined) throw new RangeError(`No such claim: ${index}`);
    const { patience, resources, lingers = false } = claim;
    const timeoutMs = Number.POSITIVE_INFINITY;
    const lingerMs = lingers ? leaseMs : 0;
    const bounds = { patience, timeoutMs, maxHoldMs: timeoutMs, lingerMs, value: null };
    return { type: 'acquire', claim: idOf(index), resources, ...bounds };
  }

  #effectsOf(outputs: readonly Output[]): Effect[] {
    return outputs.flatMap((output): Effect[] => {
      switch (output.type) {
        case 'frame': {
          const to = this.peers.indexOf(output.to);
          return [{ do: 'send', to, frame: this.#internFrame(output.frame) }];
        }
        case 'granted':
          return [{ do: 'granted', claim: output.claim - 1, token: output.token }];
        case 'failed':
        case 'lost':
          return [{ do: endedBy(output), claim: output.claim - 1 }];
        case 'unlink':
          return [{ do: 'unlink', peer: this.peers.indexOf(output.peer) }];
        case 'persist':
          return [{ do: 'persist', mark: this.#numberOf(output.mark) }];
        default:
          return [];
      }
    });
  }

  #internFrame(frame: Frame): number {
    const canonical = canonicalFrame(frame, this.#scope.isCounted);
    const name = nameOfFrame(canonical);
    const known = this.#frameNames.get(name);
    if (known !== undefined) return known;
    this.#frameNames.set(name, this.#frames.length);
    return this.#frames.push(canonical) - 1;
  }

  #intern(node: Node, { peer, incarnation: of, mark, time }: Moment): number {
    const snapshot = this.#canonical(node.snapshot(time));
    const name = `${peer} ${of} ${mark} ${time.wall} ${nameOfSnapshot(snapshot)}`;
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    let held = 0;
    for (const { claim } of node.claims()) if (node.holds(claim, time)) held |= 1 << (claim - 1);
    const { awaiting, entries, rounds } = node.sizes;
    const { rounds: own } = snapshot.coordinator.table;
    this.#states.push({
      peer,
      incarnation: of,
      wall: time.wall,
      mark,
      snapshot,
      held,
      kept: awaiting + entries + rounds,
      isVoting: snapshot.recovery === null,
      hasYielded: own.some(({ ballots }) => ballots.some(([, { yielded }]) => yielded > 0)),
      hasRaised: own.some(({ ticket, token, span }) => token > ticket && span === 1),
      hasLingered: own.some(({ given }) => given > 1),
      steps: new Map<number, Step>(),
    });
    this.#names.set(name, this.#states.length - 1);
    return this.#states.length - 1;
  }

  #canonical(snapshot: NodeSnapshot): NodeSnapshot {
    return canonicalSnapshot(snapshot, this.#scope.isCounted);
  }

  #markOf(mark: number): Stamp {
    return stamp(this.#marks[mark] ?? 0);
  }

  #numberOf(mark: Stamp): number {
    const known = this.#marks.indexOf(mark);
    return known >= 0 ? known : this.#marks.push(mark) - 1;
  }

  #optionsOf({ peer, incarnation: of, mark }: Omit<Birth, 'wall'>): NodeOptions {
    return {
      id: this.#peerOf(peer),
      incarnation: incarnation(of),
      durableMark: this.#scope.hasFiles ? this.#markOf(mark) : null,
      leaseMs,
      allowSteal: true,
      ...{ limits: defaultLimits, deadlockProbeMs: 1_000 },
      maxClockAheadMs: 3_600_000,
      maxClockDrift: 0.01,
      members: false,
      prepareTimeoutMs: this.#scope.prepareTimeoutMs,
      quorum: this.#scope.quorum,
      replicas: this.#scope.replicas,
      voters: this.peers,
    };
  }

  #peerOf(index: number): PeerId {
    const peer = this.peers[index];
    if (peer === undefined) throw new RangeError(`No such peer: ${index}`);
    return peer;
  }
}

/** A start of a process. */
interface Birth {
  readonly peer: number;
  readonly incarnation: number;
  /** The number of what its state file covers, if it keeps one. */
  readonly mark: number;
  readonly wall: number;
}

interface Moment extends Omit<Birth, 'wall'> {
  readonly time: Time;
}

function idOf(claim: number): ClaimId {
  return claimId(claim + 1);
}
