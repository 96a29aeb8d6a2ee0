/**
 * How a call for any of several names is noted: as a call for each of them, of which those that
 * came to nothing because another was granted were never made.
 */

import type { Lock } from '../../peer/lock.ts';
import type { HistoryName } from './operation.ts';
import { type Asking, ask, resultOf } from './record-ask.ts';
import { RecordedLock } from './recorded-lock.ts';

export class RecordedAny {
  readonly #asking: Asking;
  readonly #calls: readonly (ReturnType<typeof ask> & { readonly name: string })[];

  constructor(asking: Asking, op: 'acquire' | 'try', names: readonly HistoryName[]) {
    this.#asking = asking;
    this.#calls = names.map((each) => ({
      ...ask(asking, { op, names: [each] }),
      name: each.name,
    }));
  }

  /** Notes how it came out. @returns the lock, if there is one, whose end is noted, too */
  async await<Granted extends Lock | null>(granted: Promise<Granted>): Promise<Granted | Lock> {
    try {
      const lock = await granted;
      let held: Lock | null = null;
      for (const { asked, called, name } of this.#calls) {
        if (lock === null) called.answer('busy');
        else if (name !== lock.name) called.cancel();
        else {
          called.answer('ok', lock.token);
          held = new RecordedLock(lock, asked, this.#asking.recorder);
        }
      }
      return held ?? lock;
    } catch (error) {
      for (const { called } of this.#calls) {
        if (error instanceof TypeError) called.cancel();
        else called.answer(resultOf(error));
      }
      throw error;
    }
  }
}
