/**
 * A set that gives its members back the oldest first, at a cost that does not grow with their
 * number.
 *
 * A set of the language keeps the order, too, but finds its first member only by passing all that
 * were deleted before it; and an iterator that stands before the first keeps alive every table that
 * the set has ever had. So members are added to one set, and taken from another that only shrinks.
 */

export class AgedSet<Member> {
  /** Older than all in `#younger`. Nothing is added to it. */
  #older = new Set<Member>();
  #younger = new Set<Member>();
  /** Stands before the first in `#older`. */
  #oldest: Iterator<Member> = this.#older.values();

  get size(): number {
    return this.#older.size + this.#younger.size;
  }

  has(member: Member): boolean {
    return this.#older.has(member) || this.#younger.has(member);
  }

  /** Adds what is not a member. */
  add(member: Member): void {
    this.#younger.add(member);
  }

  delete(member: Member): void {
    if (!this.#younger.delete(member)) this.#older.delete(member);
  }

  /** Takes the oldest member out; `undefined` when there is none. */
  takeOldest(): Member | undefined {
    if (this.#older.size === 0) {
      this.#older = this.#younger;
      this.#younger = new Set();
      this.#oldest = this.#older.values();
    }
    const { value } = this.#oldest.next();
    if (value !== undefined) this.#older.delete(value);
    return value;
  }

  /** The oldest first. */
  *[Symbol.iterator](): IterableIterator<Member> {
    yield* this.#older;
    yield* this.#younger;
  }
}
