/**
 * What a claim must exceed by what has ended on its resources (rules 4.7, 4.8). It is kept in a
 * fixed number of buckets, by a hash of the name: so the memory is bounded, forgets nothing, and
 * costs no search for what is oldest. Names that share a bucket share a floor, which is never too
 * small for any of them.
 */

import { greater, noStamp } from './clock.ts';
import { hashOfText } from './hash.ts';
import type { Stamp } from './ids.ts';
import type { Mode } from './message.ts';

/** Plain data: the floors of one bucket, for shared claims and for exclusive ones. */
export interface EndedBucket {
  readonly bucket: number;
  readonly shared: Stamp;
  readonly exclusive: Stamp;
}

/** Buckets are made by so many, when the first token is kept in one of them. */
const pageSize = 64;

export class EndedFloors {
  readonly #count: number;
  /** Two floors for each bucket: for shared claims, and for exclusive ones. */
  readonly #pages = new Map<number, Stamp[]>();
  #used = 0;

  constructor(count: number) {
    this.#count = count;
  }

  /** How many buckets keep a token. */
  get used(): number {
    return this.#used;
  }

  /** The bucket of a name. */
  bucketOf(name: string): number {
    return (hashOfText(name) >>> 0) % this.#count;
  }

  /** What a claim in this mode must exceed. */
  floorOf(bucket: number, mode: Mode): Stamp {
    const page = this.#pages.get(Math.floor(bucket / pageSize));
    const at = 2 * (bucket % pageSize);
    return page?.[mode === 'shared' ? at : at + 1] ?? noStamp;
  }

  /** A round in this mode has ended with `token`: shared ones bound exclusive ones only. */
  raise(bucket: number, mode: Mode, token: Stamp): void {
    if (token === noStamp) return;
    const page = this.#pageOf(bucket);
    const shared = 2 * (bucket % pageSize);
    const exclusive = shared + 1;
    if (page[exclusive] === noStamp) this.#used += 1;
    page[exclusive] = greater(page[exclusive] ?? noStamp, token);
    if (mode === 'exclusive') page[shared] = greater(page[shared] ?? noStamp, token);
  }

  /** By bucket. */
  snapshot(): EndedBucket[] {
    const kept: EndedBucket[] = [];
    for (const [number, page] of [...this.#pages].sort(([one], [other]) => one - other)) {
      for (let index = 0; index < pageSize; index += 1) {
        const shared = page[2 * index] ?? noStamp;
        const exclusive = page[2 * index + 1] ?? noStamp;
        if (exclusive === noStamp) continue;
        kept.push({ bucket: number * pageSize + index, shared, exclusive });
      }
    }
    return kept;
  }

  /** Fills what is empty. */
  restore(snapshot: readonly EndedBucket[]): void {
    for (const { bucket, shared, exclusive } of snapshot) {
      this.raise(bucket, 'exclusive', shared);
      this.raise(bucket, 'shared', exclusive);
    }
  }

  #pageOf(bucket: number): Stamp[] {
    const number = Math.floor(bucket / pageSize);
    const known = this.#pages.get(number);
    if (known !== undefined) return known;
    const page = new Array<Stamp>(2 * pageSize).fill(noStamp);
    this.#pages.set(number, page);
    return page;
  }
}
