/**
 * Runs one core for one incarnation: hands inputs to it, carries out what it asks, and owns the one
 * timer.
 *
 *     links, calls, timer ──▶ #step ──▶ node.step ──▶ outputs, in order ──▶ links, events
 *
 * All that happens in one turn of the event loop leaves at its end, one frame for each peer. A bug
 * of the core ends this driver and nothing else: `onCrash`, once, and then silence.
 */

import { unreachable } from '../protocol/assert.ts';
import { type ClaimId, type Incarnation, type PeerId, timeMs, wallMs } from '../protocol/ids.ts';
import type { Call, Input, Time } from '../protocol/input.ts';
import { Node, type NodeSizes } from '../protocol/node.ts';
import type { Output, VoterState } from '../protocol/output.ts';
import { Alarm } from './alarm.ts';
import type { DriverEvents } from './driver-events.ts';
import type { DurableState } from './durable-state.ts';
import { encodeFrame, parseFrame } from './frame-codec.ts';
import type { LinkStatus, LinksEvents } from './link-types.ts';
import { Links } from './links.ts';
import { MarkSaver } from './mark-saver.ts';
import { OutputQueue } from './output-queue.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { Runtime, WatchedCore } from './runtime.ts';

export interface DriverSetup {
  readonly options: ResolvedOptions;
  readonly incarnation: Incarnation;
  readonly runtime: Runtime;
  readonly durable: DurableState;
}

export class Driver implements WatchedCore {
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  /** By the monotonic clock. */
  readonly startedMs: number;
  readonly #runtime: Runtime;
  readonly #events: DriverEvents;
  readonly #marks: MarkSaver;
  readonly #node: Node;
  readonly #links: Links;
  readonly #alarm: Alarm;
  readonly #outputs: OutputQueue = new OutputQueue((output) => this.#perform(output));
  /** When the core was last told of anything. */
  #lastTime: Time;
  #isTurnOpen = false;
  #hasEnded = false;
  #stepping: Input | null = null;

  constructor({ options, incarnation, runtime, durable }: DriverSetup, events: DriverEvents) {
    this.peer = options.id;
    this.incarnation = incarnation;
    this.startedMs = runtime.monotonic();
    this.#runtime = runtime;
    this.#events = events;
    this.#marks = new MarkSaver(durable, runtime, {
      onSaved: (mark) => this.#step({ type: 'persisted', mark }),
      onFailed: (error) =>
        this.#guard(() => {
          this.#events.onStateFile(error);
          this.#touch();
        }),
    });
    this.#alarm = new Alarm(runtime, () => this.#onAlarm());
    const { id, mesh, prepareTimeoutMs, deadlockProbeMs, maxClockAheadMs, limits } = options;
    const own = { id, incarnation, prepareTimeoutMs, deadlockProbeMs, maxClockAheadMs, limits };
    this.#lastTime = this.#time();
    const core = { options: { ...mesh, ...own, durableMark: durable.mark }, time: this.#lastTime };
    this.#node = new Node(core.options, core.time);
    runtime.watcher?.onStart?.(this, core);
    const { addresses, secrets, linkLimits } = options;
    const linked = { id, incarnation, mesh, addresses, secrets, listens: options.listen !== null };
    this.#links = new Links({ ...linked, limits: linkLimits }, runtime, this.#linksEvents());
  }

  /** Where it listens, once started; `null` if it does not. */
  get url(): string | null {
    return this.#links.url;
  }

  /**
   * Starts to listen and to dial.
   *
   * @throws {ConfigError} when it cannot listen
   */
  async start(): Promise<void> {
    this.#step({ type: 'wake' });
    await this.#links.start();
    this.#touch();
  }

  /** What the application asks for, or says. */
  tell(input: Call): void {
    this.#step(input);
  }

  get time(): Time {
    return this.#lastTime;
  }

  holds(claim: ClaimId): boolean {
    return !this.#hasEnded && this.#node.holds(claim, this.#time());
  }

  get sizes(): NodeSizes {
    return this.#node.sizes;
  }

  /** How long it stays held if nothing more is heard, in milliseconds; 0 if it is not. */
  validForMs(claim: ClaimId): number {
    return this.#hasEnded ? 0 : this.#node.validForMs(claim, this.#time());
  }

  /** Tells what is due now, rather than when the timer rings. */
  settle(): void {
    this.#step({ type: 'wake' });
  }

  voterState(voter: PeerId): VoterState {
    return this.#hasEnded ? 'unlinked' : this.#node.voterState(voter);
  }

  linkStatus(): readonly LinkStatus[] {
    return this.#links.status();
  }

  /** Sends what waits, tells no more, and closes all links. Never rejects. */
  async close(): Promise<void> {
    this.tell({ type: 'retire' });
    this.#guard(() => this.#flush());
    this.#end(null);
    const closed = this.#links.close();
    // Connections that do not close by themselves are cut in time.
    this.#alarm.set(this.#links.nextWakeMs());
    // What closing meets has no more listeners: the sockets are gone either way.
    await closed.catch(() => {});
    this.#alarm.cancel();
  }

  #linksEvents(): LinksEvents {
    return {
      onUp: (peer, of) =>
        this.#guard(() => {
          this.#events.onLink(peer, 'Linked');
          this.#step({ type: 'link-up', peer, incarnation: of });
        }),
      onDown: (peer, reason) =>
        this.#guard(() => {
          this.#events.onLink(peer, `Link lost: ${reason}`);
          this.#step({ type: 'link-down', peer });
        }),
      onMessage: (peer, bytes) => this.#guard(() => this.#receive(peer, bytes)),
      onRefused: (refusal) => this.#guard(() => this.#events.onRefused(refusal)),
      onDuplicate: (detail) => this.#guard(() => this.#events.onDuplicate(detail)),
      onStale: (newest) => this.#guard(() => this.#events.onStale(newest)),
      onScheduled: () => this.#guard(() => this.#touch()),
    };
  }

  #receive(peer: PeerId, bytes: Uint8Array): void {
    const parsed = parseFrame(bytes);
    if (parsed.ok) {
      this.#step({ type: 'frame', peer, frame: parsed.frame });
      return;
    }
    this.#links.refuse(peer, parsed.error);
    this.#step({ type: 'link-down', peer });
  }

  /** Hands one input to the core and carries out what comes of it. */
  #step(input: Input): void {
    if (this.#hasEnded) return;
    try {
      this.#feed(input);
      this.#touch();
    } catch (error) {
      this.#crash(error);
    }
  }

  #feed(input: Input): void {
    const time = this.#time();
    this.#lastTime = time;
    this.#stepping = input;
    const outputs = this.#node.step(input, time);
    this.#stepping = null;
    this.#runtime.watcher?.onStep(this, { input, time, outputs });
    this.#outputs.carryOut(outputs);
  }

  #perform(output: Output): void {
    switch (output.type) {
      case 'granted':
        return this.#events.onGranted(output.claim, output.token);
      case 'failed':
        return this.#events.onFailed(output.claim, output.failure);
      case 'lost':
        return this.#events.onLost(output.claim, output.reason);
      case 'wanted':
        return this.#events.onWanted(output.claim);
      case 'looked':
        return this.#events.onLooked(output);
      case 'leader':
        return this.#events.onLeader(output.name, output.leader);
      case 'frame':
        return this.#links.send(output.to, encodeFrame(output.frame));
      case 'unlink':
        this.#events.onUnlink(output.peer, output.reason);
        return this.#links.drop(output.peer, output.reason);
      case 'voter':
        return this.#events.onVoter(output.voter, output.state);
      case 'quorum':
        return this.#events.onQuorum(output.present);
      case 'persist':
        return this.#marks.save(output.mark);
      default:
        return unreachable(output);
    }
  }

  /** Something happened: at the end of this turn, what waits is sent and the timer is set. */
  #touch(): void {
    if (this.#isTurnOpen || this.#hasEnded) return;
    this.#isTurnOpen = true;
    this.#runtime.endOfTurn(() =>
      this.#guard(() => {
        this.#isTurnOpen = false;
        this.#flush();
        this.#alarm.set(this.#nextWakeAt());
      }),
    );
  }

  #flush(): void {
    if (!this.#node.unsent) return;
    this.#feed({ type: 'flush' });
  }

  #onAlarm(): void {
    if (this.#hasEnded) {
      this.#links.wake();
      return this.#alarm.set(this.#links.nextWakeMs());
    }
    this.#guard(() => {
      this.#links.wake();
      this.#marks.wake();
    });
    this.#step({ type: 'wake' });
  }

  #nextWakeAt(): number | undefined {
    const nodeWake = this.#node.nextWake();
    const never = Number.POSITIVE_INFINITY;
    const at = Math.min(
      // The core's clock runs up to 1 ms ahead of the runtime's: see #time.
      nodeWake === undefined ? never : nodeWake - 1,
      this.#links.nextWakeMs() ?? never,
      this.#marks.wakeAtMs ?? never,
    );
    return at === never ? undefined : at;
  }

  /** In whole milliseconds, and never 0, which means "none" in a frame. */
  #time(): Time {
    return {
      now: timeMs(Math.floor(this.#runtime.monotonic()) + 1),
      wall: wallMs(Math.floor(this.#runtime.wall())),
    };
  }

  /** Whatever throws below is a bug of ours: this driver ends, the host lives on. */
  #guard(act: () => void): void {
    if (this.#hasEnded) return;
    try {
      act();
    } catch (error) {
      this.#crash(error);
    }
  }

  #crash(error: unknown): void {
    this.#end(error);
    this.#alarm.cancel();
    this.#events.onCrash(error);
  }

  #end(error: unknown): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#runtime.watcher?.onEnd?.(this, { time: this.#time(), error, input: this.#stepping });
  }
}
