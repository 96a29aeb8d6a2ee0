/**
 * Makes a peer out of its options, on Node's own clocks, timers, disk and sockets.
 */

import { MeshPeer } from './mesh-peer.ts';
import { NodeRuntime } from './node-runtime.ts';
import type { PeerOptions } from './options.ts';
import type { Peer } from './peer.ts';
import { resolveOptions } from './resolve-options.ts';
import { openSink } from './trace-sinks.ts';
import { Tracer } from './tracer.ts';
import { WebSocketTransport } from './websocket-transport.ts';

/**
 * Starts a peer. Without options it is a mesh of one: it needs nothing else to run, and grants at
 * once.
 *
 * @returns the peer, once it listens; it goes on to link with the others by itself (see `ready()`)
 * @throws {ConfigError} when an option is not as it should be, the address cannot be listened on,
 * or the state file or the trace cannot be used
 */
export async function createPeer(options?: PeerOptions): Promise<Peer> {
  const resolved = resolveOptions(options);
  const { listen, tls, stateFile, trace, traceLimits } = resolved;
  const watcher = trace === null ? null : new Tracer(await openSink(trace, traceLimits));
  const transport = new WebSocketTransport({
    ...(listen !== null && { listen }),
    ...(tls !== null && { tls }),
  });
  return await MeshPeer.open(resolved, new NodeRuntime({ stateFile, transport, watcher }));
}
