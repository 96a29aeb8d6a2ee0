/** What a process of `npm run kinds` does until it is told to end: leads, or runs always. */

import { once } from 'node:events';
import type { Election, Leader } from '../../src/peer/election.ts';
import type { Peer } from '../../src/peer/peer.ts';
import type { RunningSingleton } from '../../src/peer/standing-singleton.ts';
import type { Call } from './calls.ts';

type Of<Prefix extends string> = Extract<Call['call'], Prefix>;

export class Standing {
  readonly #peer: Peer;
  #election: Election | undefined;
  #singleton: RunningSingleton | undefined;
  #runs = 0;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  async elect(
    call: Of<'elect' | 'campaign' | 'leader' | 'resign' | 'endElection'>,
  ): Promise<Leader | null | undefined> {
    const { id } = this.#peer;
    this.#election ??= this.#peer.elect('chief', { value: `here is ${id}` });
    const election = this.#election;
    if (call === 'campaign') election.run(untilAborted).catch(() => {});
    if (call === 'resign') await election.resign();
    if (call === 'endElection') await election.close();
    return election.current;
  }

  async always(call: Of<'always' | 'alwaysRuns' | 'endAlways'>): Promise<number> {
    if (call === 'always') {
      const work = (signal: AbortSignal): Promise<void> => {
        this.#runs += 1;
        return untilAborted(signal);
      };
      this.#singleton = this.#peer.singleton('poller', work, { per: 'always' });
    }
    if (call === 'endAlways') await this.#singleton?.stop();
    return this.#runs;
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
