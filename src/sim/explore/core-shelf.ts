/**
 * What is known of cores, kept from scope to scope: scopes that differ in their faults only ask the
 * real core the same.
 */

import { Cores } from './cores.ts';
import { coreScopeOf, type MeshScope } from './scope.ts';

export class CoreShelf {
  /** The last that was asked for, and what it was asked for: one at a time, for they are large. */
  #name = '';
  #cores: Cores | null = null;

  of(scope: MeshScope): Cores {
    const told = coreScopeOf(scope);
    const name = JSON.stringify(told);
    if (this.#cores === null || name !== this.#name) this.#cores = new Cores(told);
    this.#name = name;
    return this.#cores;
  }
}
