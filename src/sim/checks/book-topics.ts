/**
 * What the books tell, each to whoever listens for it: in the order in which it happens, and before
 * the outputs of the step are carried out.
 */

import type { Message } from '../../protocol/message.ts';
import type { Failed, Granted, Lost, Output, Unlink } from '../../protocol/output.ts';
import type { SeenStep } from '../world.ts';
import type { Claim, CoreView, LinkView } from './core-view.ts';
import type { KeptEntry, VoteBefore } from './kept-entry.ts';

type Told<About extends readonly unknown[]> = ((...about: About) => void)[];

export abstract class BookTopics {
  /** A core has begun. */
  readonly begun: Told<[core: CoreView]> = [];
  /** A core is no more: its process has ended, or another core has taken its place. */
  readonly gone: Told<[core: CoreView]> = [];
  /** A claim is asked for; so many on its names had ended before. */
  readonly asked: Told<[claim: Claim]> = [];
  readonly granted: Told<[claim: Claim, output: Granted]> = [];
  readonly failed: Told<[claim: Claim, output: Failed]> = [];
  readonly lost: Told<[claim: Claim, output: Lost]> = [];
  /** What an application holds exclusively is shared from now on. */
  readonly shared: Told<[claim: Claim]> = [];
  /** An application is done with a claim, whether it waited or was held. */
  readonly released: Told<[claim: Claim]> = [];
  /** An answer about a claim that waits for none. */
  readonly unasked: Told<[core: CoreView, output: Granted | Failed | Lost]> = [];
  readonly linked: Told<[core: CoreView, link: LinkView]> = [];
  /** A core has given up a link. */
  readonly unlinked: Told<[core: CoreView, output: Unlink]> = [];
  /** A frame was taken in that is not the next of its link. */
  readonly skipped: Told<[core: CoreView, link: LinkView, sequence: number]> = [];
  /** A message was taken in. */
  readonly heard: Told<[core: CoreView, link: LinkView, message: Message]> = [];
  /** A message leaves. What a core says to itself is not seen. */
  readonly said: Told<[core: CoreView, link: LinkView, message: Message]> = [];
  /** A vote leaves, and is in its entry; before it was another, or generation 0. */
  readonly voted: Told<[core: CoreView, entry: KeptEntry, before: VoteBefore]> = [];
  /** A frame without messages leaves. */
  readonly keptAlive: Told<[core: CoreView, link: LinkView]> = [];
  /** A core tells something else. */
  readonly told: Told<[core: CoreView, output: Output]> = [];
  readonly stepped: Told<[core: CoreView, seen: SeenStep]> = [];
}
