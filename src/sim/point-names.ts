/**
 * The names of all points of the protocol, for drawing one and for reading one.
 */

import type { Message } from '../protocol/message.ts';
import type { Point } from './point.ts';

// A record, so that a message that is missing here does not compile.
const messageTypes: Readonly<Record<Message['type'], true>> = {
  abort: true,
  commit: true,
  contended: true,
  hello: true,
  inquire: true,
  live: true,
  prepare: true,
  queued: true,
  recovered: true,
  refuse: true,
  release: true,
  revoke: true,
  settled: true,
  vote: true,
  watch: true,
  yield: true,
  ...{ look: true, view: true },
  ...{ observe: true, leader: true },
  ...{ probe: true, chase: true },
};

/** Those that there were when tokens were first made: others stand behind all else. */
const firstCount = 15;

/** In an order that tokens rely on. */
export const pointNames: readonly Point[] = Object.freeze([
  ...pointsOf(Object.keys(messageTypes).slice(0, firstCount)),
  ...([
    'all votes in',
    'claim failed',
    'claim lost',
    'link up',
    'link down',
    'mark asked',
  ] as const),
  ...pointsOf(Object.keys(messageTypes).slice(firstCount)),
]);

function pointsOf(types: readonly string[]): readonly Point[] {
  return types
    .filter(isMessageType)
    .flatMap((type): Point[] => [`${type} sent`, `${type} delivered`]);
}

function isMessageType(name: string): name is Message['type'] {
  return name in messageTypes;
}
