/**
 * Writes the fields of messages, one after the other, to whatever makes bytes of them.
 */

import type { Holder, Resource } from './message.ts';
import { lengths } from './wire-tags.ts';

/** Takes the values of a frame, one after the other. */
export interface FieldSink {
  /** A safe integer, at least 0. */
  integer(value: number): void;
  text(value: string): void;
  /** The next `length` values are those of an array. */
  array(length: number): void;
}

/** Begins a message. */
export function begin(to: FieldSink, tag: number): void {
  to.array(lengths[tag] ?? 0);
  to.integer(tag);
}

/** A shared name is marked, an exclusive one is bare: most are exclusive. */
export function writeResources(resources: readonly Resource[], to: FieldSink): void {
  to.array(resources.length);
  for (const { name, mode } of resources) {
    if (mode === 'shared') to.array(1);
    to.text(name);
  }
}

export function writeTexts(texts: readonly string[], to: FieldSink): void {
  to.array(texts.length);
  for (const text of texts) to.text(text);
}

export function writeHolders(holders: readonly Holder[], to: FieldSink): void {
  to.array(holders.length);
  for (const { peer, heldForMs } of holders) {
    to.array(2);
    to.text(peer);
    to.integer(heldForMs);
  }
}
