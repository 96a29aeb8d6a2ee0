/**
 * A hash of 64 bits over everything that happened in a run, so that two runs of one seed can be
 * told to be the same: two lanes of FNV-1a, taken by words of 32 bits (Fowler, Noll and Vo).
 */

export class RollingHash {
  #left = 0x811c9dc5;
  #right = 0x9747b28c;

  /** Takes the lowest 32 bits in. */
  word(value: number): void {
    this.#left = Math.imul(this.#left ^ value, 0x01000193);
    this.#right = Math.imul(this.#right ^ value ^ (this.#left >>> 15), 0x85ebca6b);
  }

  bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    let at = 0;
    for (; at + 4 <= length; at += 4) {
      const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
      this.word(low | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24));
    }
    for (; at < length; at += 1) this.word(bytes[at] ?? 0);
    this.word(length);
  }

  text(text: string): void {
    for (let at = 0; at < text.length; at += 1) this.word(text.charCodeAt(at));
  }

  /** 16 hexadecimal digits. */
  get digest(): string {
    return hex(this.#left) + hex(this.#right);
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
