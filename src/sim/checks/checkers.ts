/**
 * All checkers of a run: those of the promises that hold under its assumptions, and those of what
 * every core has to do in any case.
 */

import type { Checker, CheckerSetup } from '../checker.ts';
import { Answers } from './answers.ts';
import { AtRest } from './at-rest.ts';
import { Books } from './books.ts';
import { Bounds } from './bounds.ts';
import { Contention } from './contention.ts';
import { Crash } from './crash.ts';
import { Deadlocks } from './deadlocks.ts';
import { Exclusion } from './exclusion.ts';
import { Floors } from './floors.ts';
import { Greeting } from './greeting.ts';
import { Groups } from './groups.ts';
import { Leases } from './leases.ts';
import { Lingering } from './lingering.ts';
import { Looking } from './looking.ts';
import { LostIsFinal } from './lost-is-final.ts';
import { Messages } from './messages.ts';
import { Observing } from './observing.ts';
import { Polite } from './polite.ts';
import { RecoveryWait } from './recovery-wait.ts';
import { Replies } from './replies.ts';
import { Revoking } from './revoking.ts';
import { Rounds } from './rounds.ts';
import { Stealing } from './stealing.ts';
import { Tokens } from './tokens.ts';
import { ToldFirst } from './told-first.ts';
import { VoterOrder } from './voter-order.ts';

/** @param books those that others follow, too */
export function createCheckers(
  setup: CheckerSetup,
  books: Books = new Books(setup.world),
): readonly Checker[] {
  const timed = setup.isExclusive ? [new Exclusion(setup, books), new ToldFirst(setup, books)] : [];
  const fenced = setup.isFenced ? [new Tokens(setup, books)] : [];
  return [
    ...timed,
    ...fenced,
    new Answers(setup, books),
    new Rounds(setup, books),
    new Leases(setup, books),
    new LostIsFinal(setup, books),
    new Lingering(setup, books),
    new Contention(setup, books),
    new Polite(setup, books),
    new Stealing(setup, books),
    new Looking(setup, books),
    new Revoking(setup, books),
    new Observing(setup, books),
    new Deadlocks(setup, books),
    new Groups(setup, books),
    new VoterOrder(setup, books),
    new Floors(setup, books),
    new Replies(setup, books),
    new Greeting(setup, books),
    new RecoveryWait(setup, books),
    new Bounds(setup, books),
    new Messages(setup, books),
    new AtRest(setup, books),
    new Crash(setup),
  ];
}
