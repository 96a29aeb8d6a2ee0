/**
 * What the processes of the benchmark say to each other, and what they share.
 */

import type { PeerOptions } from 'lockmesh';

/** How another process is started: its only argument, as JSON. */
export interface MemberSetup {
  readonly id: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly lease: number;
}

/** Main → another process. */
export type MemberOrder =
  /** Take this lock and keep it. */
  | { readonly type: 'hold'; readonly name: string }
  /** Tell how much of the processor was used so far. */
  | { readonly type: 'cpu' }
  /** Close the peer and end. */
  | { readonly type: 'close' };

/** Another process → main. */
export type MemberNews =
  /** The peer is ready, and a bare WebSocket server echoes on this port. */
  | { readonly type: 'ready'; readonly echoPort: number }
  | { readonly type: 'holding' }
  | { readonly type: 'cpu'; readonly usedMs: number };

export function optionsOf({ id, ports, lease }: MemberSetup): PeerOptions {
  const urls = Object.entries(ports).map(([each, port]) => [each, `ws://127.0.0.1:${port}`]);
  return {
    id,
    lease,
    listen: { host: '127.0.0.1', port: ports[id] ?? 0 },
    logger: false,
    secret: 'only for the benchmark',
    voters: Object.fromEntries(urls),
  };
}

/** What this process has used of the processor since it started, in milliseconds. */
export function cpuUsedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
