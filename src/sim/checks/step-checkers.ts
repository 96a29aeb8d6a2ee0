/**
 * The checkers that need nothing but the steps of the cores: those of the promises that hold under
 * the assumptions of a run, and those of what every core has to do in any case.
 */

import type { Checker, CheckerSetup } from '../checker.ts';
import { Answers } from './answers.ts';
import type { Books } from './books.ts';
import { Bounds } from './bounds.ts';
import { Contention } from './contention.ts';
import { Exclusion } from './exclusion.ts';
import { Floors } from './floors.ts';
import { Greeting } from './greeting.ts';
import { Leases } from './leases.ts';
import { Lingering } from './lingering.ts';
import { LostIsFinal } from './lost-is-final.ts';
import { Messages } from './messages.ts';
import { Polite } from './polite.ts';
import { RecoveryWait } from './recovery-wait.ts';
import { Replies } from './replies.ts';
import { Rounds } from './rounds.ts';
import { Tokens } from './tokens.ts';
import { VoterOrder } from './voter-order.ts';

export function createStepCheckers(setup: CheckerSetup, books: Books): readonly Checker[] {
  return [
    ...(setup.isExclusive ? [new Exclusion(setup, books)] : []),
    ...(setup.isFenced ? [new Tokens(setup, books)] : []),
    new Answers(setup, books),
    new Rounds(setup, books),
    new Leases(setup, books),
    new LostIsFinal(setup, books),
    new Lingering(setup, books),
    new Contention(setup, books),
    new Polite(setup, books),
    new VoterOrder(setup, books),
    new Floors(setup, books),
    new Replies(setup, books),
    new Greeting(setup, books),
    new RecoveryWait(setup, books),
    new Bounds(setup, books),
    new Messages(setup, books),
  ];
}
