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
  settled: true,
  vote: true,
  watch: true,
  yield: true,
};

/** In an order that tokens rely on. */
export const pointNames: readonly Point[] = Object.freeze([
  ...Object.keys(messageTypes)
    .filter(isMessageType)
    .flatMap((type): Point[] => [`${type} sent`, `${type} delivered`]),
  ...([
    'all votes in',
    'claim failed',
    'claim lost',
    'link up',
    'link down',
    'mark asked',
  ] as const),
]);

function isMessageType(name: string): name is Message['type'] {
  return name in messageTypes;
}
