/**
 * The disk of one machine, as far as a peer uses it: a few bytes that outlive the process. A write
 * takes a while; a crash within it leaves the bytes before, or those after.
 */

import type { Storage } from '../peer/runtime.ts';
import type { Kernel } from './kernel.ts';
import type { Actor } from './task.ts';

/** How long a write takes. */
const writeUs = 500;

export class Disk {
  readonly #kernel: Kernel;
  #bytes: Uint8Array | undefined;
  #writing: Uint8Array | undefined;
  /** By how much writes are slower than usual, in microseconds. */
  extraUs = 0;
  /** Why nothing can be written; `null` when it can. */
  fault: string | null = null;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** The process died: a write under way has reached the disk, or has not. */
  crash(keepsLast: boolean): void {
    if (this.#writing !== undefined && keepsLast) this.#bytes = this.#writing;
    this.#writing = undefined;
  }

  wipe(): void {
    this.#bytes = undefined;
    this.#writing = undefined;
  }

  /** The disk as one process sees it. */
  storageOf(actor: Actor): Storage {
    return {
      load: () => this.#later(actor, 'load', () => this.#bytes && Uint8Array.from(this.#bytes)),
      save: (bytes) => {
        const kept = Uint8Array.from(bytes);
        this.#writing = kept;
        return this.#later(actor, 'save', () => {
          if (this.fault !== null) throw new Error(this.fault);
          this.#bytes = kept;
          this.#writing = undefined;
        });
      },
    };
  }

  #later<Result>(actor: Actor, detail: string, act: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      const run = (): void => {
        this.#kernel.noteMicrotasks();
        try {
          resolve(act());
        } catch (error) {
          reject(error);
        }
      };
      this.#kernel.after(writeUs + this.extraUs, { kind: 'disk', actor, detail, run });
    });
  }
}
