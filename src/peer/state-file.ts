/**
 * Storage in a file: whole or not at all, and durable once `save` has resolved.
 *
 * A save writes a new file beside the old one, forces it to disk, puts it in the old one's place
 * and forces the directory to disk: whenever the machine stops, one of the two is there, and
 * complete.
 */

import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Storage } from './runtime.ts';

export class StateFile implements Storage {
  readonly #path: string;
  /** Saves run one after another: two would write the same temporary file. */
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async load(): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw new Error(`Cannot read state file ${this.#path}: ${explain(error)}`, { cause: error });
    }
  }

  save(bytes: Uint8Array): Promise<void> {
    // A copy: the caller may reuse the bytes while an earlier save is under way.
    const copy = Uint8Array.from(bytes);
    const saved = this.#last.then(() => this.#replace(copy));
    this.#last = saved.catch(() => {});
    return saved;
  }

  async #replace(bytes: Uint8Array): Promise<void> {
    const fresh = `${this.#path}.new`;
    const folder = dirname(this.#path);
    try {
      await mkdir(folder, { recursive: true });
      await writeDurably(fresh, bytes);
      await rename(fresh, this.#path);
      await syncFolder(folder);
    } catch (error) {
      throw new Error(`Cannot write state file ${this.#path}: ${explain(error)}`, { cause: error });
    }
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the new name durable. Windows cannot open a folder, and needs no such thing. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch((error: unknown) => {
    if (codeOf(error) === 'EISDIR' || codeOf(error) === 'EPERM') return undefined;
    throw error;
  });
  if (folder === undefined) return;
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function explain(error: unknown): string {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return 'permission was denied; it and its folder must be readable and writable';
    case 'EISDIR':
      return 'it is a folder, and should be a file';
    case 'EEXIST':
    case 'ENOTDIR':
      return 'a part of its path is a file, and should be a folder';
    case 'ENOSPC':
      return 'the disk is full';
    case 'EROFS':
      return 'the file system is read-only';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
