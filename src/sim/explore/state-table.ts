/**
 * The states that a search has seen: each a fixed number of 32-bit integers, stored whole, so that
 * no two are ever taken for one. With each stands the state from which it was first reached, and
 * by which action.
 */

/** How many states share a piece of storage. */
const chunkStates = 1 << 14;

/** What an initial state has for a parent. */
export const noParent = -1;

export class StateTable {
  readonly #width: number;
  readonly #chunks: Int32Array[] = [];
  /** Open addressing: the index of a state plus one, 0 where there is none. */
  #slots = new Int32Array(1 << 12);
  /** Looked at before the words of a state, which are far away. */
  #hashes = new Int32Array(1 << 12);
  #parents = new Int32Array(1 << 12);
  #actions = new Int32Array(1 << 12);
  #size = 0;

  constructor(width: number) {
    this.#width = width;
  }

  get size(): number {
    return this.#size;
  }

  /** What the table takes in memory, without what it would need to grow. */
  get bytes(): number {
    const perChunk = chunkStates * this.#width;
    const links = 3 * this.#parents.length;
    return 4 * (this.#chunks.length * perChunk + this.#slots.length + links);
  }

  /** Adds a state unless it is known. @returns its index if it is new, else −1 */
  add(state: Int32Array, parent: number, action: number): number {
    const hash = hashOf(state, this.#width);
    let slot = this.#slotOf(state, hash);
    if (this.#slots[slot] !== 0) return -1;
    if (2 * (this.#size + 1) > this.#slots.length) {
      this.#grow();
      slot = this.#slotOf(state, hash);
    }
    const index = this.#size;
    const offset = index % chunkStates;
    if (offset === 0) this.#chunks.push(new Int32Array(chunkStates * this.#width));
    this.#chunks[this.#chunks.length - 1]?.set(state, offset * this.#width);
    if (index === this.#parents.length) {
      this.#parents = doubled(this.#parents);
      this.#actions = doubled(this.#actions);
      this.#hashes = doubled(this.#hashes);
    }
    this.#hashes[index] = hash;
    this.#parents[index] = parent;
    this.#actions[index] = action;
    this.#slots[slot] = index + 1;
    this.#size += 1;
    return index;
  }

  /** The index of a known state, or −1. */
  find(state: Int32Array): number {
    return (this.#slots[this.#slotOf(state, hashOf(state, this.#width))] ?? 0) - 1;
  }

  /** Copies a state out. */
  read(index: number, into: Int32Array): void {
    const chunk = this.#chunks[Math.floor(index / chunkStates)];
    const base = (index % chunkStates) * this.#width;
    for (let word = 0; word < this.#width; word += 1) into[word] = chunk?.[base + word] ?? 0;
  }

  parentOf(index: number): number {
    return this.#parents[index] ?? noParent;
  }

  actionOf(index: number): number {
    return this.#actions[index] ?? 0;
  }

  /** Where a state stands, or would stand. */
  #slotOf(state: Int32Array, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const index = (this.#slots[slot] ?? 0) - 1;
      if (index < 0) return slot;
      if (this.#hashes[index] === hash && this.#isAt(index, state)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isAt(index: number, state: Int32Array): boolean {
    const chunk = this.#chunks[Math.floor(index / chunkStates)];
    const base = (index % chunkStates) * this.#width;
    for (let word = 0; word < this.#width; word += 1) {
      if (chunk?.[base + word] !== state[word]) return false;
    }
    return true;
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.#size; index += 1) {
      let slot = (this.#hashes[index] ?? 0) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index + 1;
    }
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}

/** Only spreads states over slots: whether two are the same is seen from all their words. */
function hashOf(state: Int32Array, width: number): number {
  let hash = 0x811c9dc5;
  for (let word = 0; word < width; word += 1) {
    hash = Math.imul(hash ^ (state[word] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b);
  return hash ^ (hash >>> 16);
}
