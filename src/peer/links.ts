/**
 * Keeps one link to every other peer that it can: accepts, dials, authenticates, redials, replaces.
 * It knows nothing of locks, and holds no timer: its driver calls `wake` at the moment
 * `nextWakeMs`.
 *
 * One link per pair. A peer is dialled when there is no link to it; when both dial at once, the
 * connection that the smaller id dialled stays (admission.ts). Whether a peer is waited for,
 * dialled or linked is the state of its way (way.ts). Accepted connections are strangers'
 * (strangers.ts), and dialled ones the dials' (dials.ts), until both ends have proved who they are.
 */

import type { PeerId } from '../protocol/ids.ts';
import { protocolVersions } from '../protocol/version.ts';
import { type Applicant, findObjection } from './admission.ts';
import { nonceBytes } from './authentication.ts';
import type { Setback } from './backoff.ts';
import { Dials } from './dials.ts';
import { type HandshakeOptions, ListenerHandshake, type RemotePeer } from './handshake.ts';
import type { Objection } from './handshake-messages.ts';
import type { Refused } from './handshake-refusals.ts';
import type { LinkStatus, LinksEvents, LinksOptions, Refusal } from './link-types.ts';
import { handshakeTimeoutOf } from './link-types.ts';
import { RefusalReports } from './refusal-reports.ts';
import type { Runtime } from './runtime.ts';
import { Strangers } from './strangers.ts';
import { TrackedTransport } from './tracked-transport.ts';
import type { Connection, Listener } from './transport.ts';
import type { Way } from './way.ts';
import { Ways } from './ways.ts';

/** How long `close` lets what was sent leave before it cuts the connections. */
const closeMs = 1_000;

export class Links {
  readonly #options: LinksOptions;
  readonly #runtime: Runtime;
  readonly #events: LinksEvents;
  readonly #transport: TrackedTransport;
  readonly #ways: Ways;
  readonly #strangers: Strangers;
  readonly #dials: Dials;
  readonly #reports = new RefusalReports();
  #listener: Listener | undefined;
  /** When `close` cuts what is left; `undefined` before `close`. */
  #cutAtMs: number | undefined;
  #toldDuplicate = false;
  #toldStale = false;

  constructor(options: LinksOptions, runtime: Runtime, events: LinksEvents) {
    const { strangersMax } = options.limits;
    const handshakeTimeoutMs = handshakeTimeoutOf(options);
    const transport = new TrackedTransport(runtime.transport);
    this.#options = options;
    this.#runtime = runtime;
    this.#events = events;
    this.#transport = transport;
    this.#ways = new Ways(options, runtime);
    this.#strangers = new Strangers(strangersMax, {
      onLinked: (connection, peer) => this.#onLinked(connection, peer),
      onRefused: (connection, refused) => this.#onStrangerRefused(connection, refused),
    });
    const handshakeOptions = (connection: Connection): HandshakeOptions =>
      this.#handshakeOptions(connection, 'us');
    this.#dials = new Dials(
      { transport, handshakeTimeoutMs, handshakeOptions, now: () => runtime.monotonic() },
      {
        onLinked: (connection, peer) => this.#onLinked(connection, peer),
        onRefused: (way, connection, refused) => this.#onDialRefused(way, connection, refused),
        onFailed: (way, reason) => this.#onDialFailed(way, reason),
      },
    );
  }

  /** Where peers may dial this one; `null` while it does not listen. */
  get url(): string | null {
    return this.#listener?.url ?? null;
  }

  /**
   * Listens, if so configured, and dials the voters.
   *
   * @throws {ConfigError} when the address cannot be listened on
   */
  async start(): Promise<void> {
    if (this.#options.listens) {
      const listener = await this.#transport.listen((connection) => this.#onAccepted(connection));
      if (this.#isClosed) await listener.close();
      else this.#listener = listener;
    }
    this.wake();
  }

  /** Sends to a peer; lost when there is no link to it. A link too slow for it is closed. */
  send(peer: PeerId, bytes: Uint8Array): void {
    const state = this.#ways.find(peer)?.state;
    if (state?.state !== 'up' || this.#isClosed) return;
    const { connection } = state;
    connection.send(bytes);
    const most = this.#options.limits.backlogBytesMax;
    if (connection.backlog > most) {
      connection.destroy(`Too slow: more than ${most} bytes were waiting to leave`);
    }
  }

  /** Closes the link to a peer, if there is one, and dials anew after a while. */
  drop(peer: PeerId, reason: string): void {
    this.#drop(peer, 'lost', reason);
  }

  /**
   * The same for a peer that sent what it should not: reported, and dialled after a longer while.
   */
  refuse(peer: PeerId, detail: string): void {
    const remote = this.#drop(peer, 'refused', detail);
    if (remote !== undefined) this.#reportNonsense(peer, remote, detail);
  }

  /** Does what has come due. Early and extra calls are harmless. */
  wake(): void {
    const nowMs = this.#runtime.monotonic();
    if (this.#cutAtMs !== undefined) {
      if (nowMs >= this.#cutAtMs) this.#transport.destroyAll('Peer closed');
      return;
    }
    this.#strangers.wake(nowMs);
    for (const way of this.#ways.voters()) {
      if (this.#isClosed || way.wakeAtMs > nowMs) continue;
      if (way.state.state === 'dialling') this.#dials.expire(way);
      else this.#dials.start(way, nowMs);
    }
  }

  /** The moment of the runtime's monotonic clock at which `wake` is next due. */
  nextWakeMs(): number | undefined {
    if (this.#cutAtMs !== undefined) return this.#transport.isIdle ? undefined : this.#cutAtMs;
    const wakeAtMs = Math.min(this.#strangers.wakeAtMs, this.#ways.wakeAtMs);
    return wakeAtMs === Number.POSITIVE_INFINITY ? undefined : wakeAtMs;
  }

  /** How the ways to the other voters stand, then those to members. */
  status(): readonly LinkStatus[] {
    return this.#ways.all().map((way) => way.status());
  }

  /**
   * Closes everything, after what was sent has left: at the latest when `wake` is called a second
   * later, or when the transport gives up. No event comes after the call.
   */
  async close(): Promise<void> {
    if (this.#cutAtMs === undefined) {
      this.#cutAtMs = this.#runtime.monotonic() + closeMs;
      for (const way of this.#ways.all()) way.close('Peer closed', this.#runtime.monotonic());
      this.#strangers.destroy('Peer closed');
    }
    await this.#listener?.close();
    await this.#transport.idle();
  }

  get #isClosed(): boolean {
    return this.#cutAtMs !== undefined;
  }

  #onAccepted(connection: Connection): void {
    if (this.#isClosed) {
      connection.destroy('Peer closed');
      return;
    }
    const handshake = new ListenerHandshake(this.#handshakeOptions(connection, 'them'));
    const deadlineMs = this.#runtime.monotonic() + handshakeTimeoutOf(this.#options);
    this.#strangers.add(connection, handshake, deadlineMs);
    this.#events.onScheduled();
  }

  #onStrangerRefused(connection: Connection, refused: Refused): void {
    if (this.#isClosed) return;
    this.#report(connection, refused);
    const way = refused.peer === null ? undefined : this.#ways.find(refused.peer);
    if (way !== undefined) this.#heed(way, refused);
  }

  #onDialRefused(way: Way, connection: Connection, refused: Refused): void {
    if (this.#isClosed) return;
    way.refused(refused, this.#runtime.monotonic());
    this.#report(connection, refused);
    this.#heed(way, refused);
    this.#events.onScheduled();
  }

  #onDialFailed(way: Way, reason: string): void {
    if (this.#isClosed) return;
    way.ended('failed', reason, this.#runtime.monotonic());
    this.#events.onScheduled();
  }

  #onLinked(connection: Connection, peer: RemotePeer): void {
    if (this.#isClosed) return;
    const way = this.#ways.take(peer.id);
    const before = way.state;
    way.linked(connection, peer.incarnation, this.#runtime.monotonic());
    this.#strangers.supersede(peer.id);
    connection.attach({
      onOpen() {},
      onMessage: (bytes) => this.#onMessage(way, connection, bytes),
      onClose: (reason, misused) => this.#onLinkClosed(way, connection, { reason, misused }),
    });
    if (before.state === 'dialling' && before.connection !== connection) {
      before.connection.destroy('Both peers dialled at once; the other connection stays');
    } else if (before.state === 'up') {
      const reason = `Replaced by a newer connection, from ${connection.remote}`;
      before.connection.close(reason);
      this.#events.onDown(peer.id, reason);
    }
    // The driver may have closed everything when it heard that the older link is down.
    if (this.#isUp(way, connection)) this.#events.onUp(peer.id, peer.incarnation);
    this.#events.onScheduled();
  }

  #onMessage(way: Way, connection: Connection, bytes: Uint8Array): void {
    if (!this.#isUp(way, connection)) return;
    way.heard(this.#runtime.monotonic());
    this.#events.onMessage(way.peer, bytes);
  }

  #onLinkClosed(way: Way, connection: Connection, end: { reason: string; misused: boolean }): void {
    if (!this.#isUp(way, connection)) return;
    const { reason, misused } = end;
    way.ended(misused ? 'refused' : 'lost', reason, this.#runtime.monotonic());
    if (misused) this.#reportNonsense(way.peer, connection.remote, reason);
    this.#events.onDown(way.peer, reason);
    this.#events.onScheduled();
  }

  /** Whether that is the present link; what a former one still brings is ignored. */
  #isUp(way: Way, connection: Connection): boolean {
    return !this.#isClosed && way.state.state === 'up' && way.state.connection === connection;
  }

  /** The other end of the link that it closed; `undefined` when there was none. */
  #drop(peer: PeerId, setback: Setback, reason: string): string | undefined {
    const way = this.#ways.find(peer);
    if (way?.state.state !== 'up' || this.#isClosed) return undefined;
    const { connection } = way.state;
    way.ended(setback, reason, this.#runtime.monotonic());
    connection.close(reason);
    return connection.remote;
  }

  #handshakeOptions(connection: Connection, dialledBy: Applicant['dialledBy']): HandshakeOptions {
    const { id, incarnation, mesh, secrets } = this.#options;
    return {
      id,
      incarnation,
      mesh,
      secrets,
      versions: protocolVersions,
      nonce: this.#runtime.randomBytes(nonceBytes),
      admit: (peer) => this.#admit({ peer, remote: connection.remote, dialledBy }),
    };
  }

  #admit(applicant: Applicant): Objection | null {
    return findObjection(applicant, {
      us: this.#options.id,
      mesh: this.#options.mesh,
      way: this.#ways.find(applicant.peer.id),
      hasRoom: this.#ways.hasRoom,
      nowMs: this.#runtime.monotonic(),
    });
  }

  /** What a peer that we believe holds against us may be about more than this one handshake. */
  #heed(way: Way, { objection, byUs, believed }: Refused): void {
    const { code, detail, newest } = objection;
    if (byUs || !believed || code === 'crossing') return;
    if (way.refusedAsDuplicate(code, this.#runtime.monotonic()) && !this.#toldDuplicate) {
      this.#toldDuplicate = true;
      this.#events.onDuplicate(detail);
    }
    if (code !== 'stale-incarnation' || newest === null || this.#toldStale) return;
    this.#toldStale = true;
    this.#events.onStale(newest);
  }

  #reportNonsense(peer: PeerId, remote: string, detail: string): void {
    const refusal = { code: 'malformed', detail, peer, remote, byUs: true } as const;
    this.#reportTo(refusal, true);
  }

  #report({ remote }: Connection, { objection, peer, byUs, believed }: Refused): void {
    const { code, detail } = objection;
    if (code !== 'crossing') this.#reportTo({ code, detail, peer, remote, byUs }, believed);
  }

  #reportTo(refusal: Omit<Refusal, 'suppressed'>, believed: boolean): void {
    const suppressed = this.#reports.take({ ...refusal, believed }, this.#runtime.monotonic());
    if (suppressed !== undefined) this.#events.onRefused({ ...refusal, suppressed });
  }
}
