/**
 * Servers that are installed on the machine: where they are, and how one is started so that it ends
 * with us.
 */

import { type SpawnOptions, spawn } from 'node:child_process';
import { accessSync, chownSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Children } from '../children.ts';

const postgresRoot = '/usr/lib/postgresql';

/** The path of a program; `null` where it is not installed. */
export function programAt(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return firstExecutable(folders.map((folder) => join(folder, name)));
}

/** A program of PostgreSQL, which Debian keeps apart, of the highest version. */
export function postgresProgramAt(name: string): string | null {
  const versions = foldersIn(postgresRoot).toSorted((one, other) => Number(other) - Number(one));
  return firstExecutable(versions.map((version) => join(postgresRoot, version, 'bin', name)));
}

export interface Program {
  readonly path: string;
  readonly args: readonly string[];
  /** Makes it end at once and leave nothing behind. */
  readonly signal: NodeJS.Signals;
  /** Another user than ours, where we are root. */
  readonly user?: string;
}

/** Starts it; returns its process id. What it prints is lost, but for what it says as it fails. */
export function startProgram(program: Program, children: Children): number {
  const [command = '', ...args] = commandOf(program);
  const options: SpawnOptions = { stdio: 'ignore', cwd: children.folder };
  const child = spawn(command, args, options);
  children.add(child, program.signal);
  return child.pid ?? 0;
}

/** The command that becomes that program. It gets the signal also when we are killed. */
export function commandOf({ path, args, signal, user }: Program): readonly string[] {
  const setpriv = programAt('setpriv');
  if (setpriv === null) return [path, ...args];
  const asUser = user === undefined ? [] : [`--reuid=${user}`, `--regid=${user}`, '--init-groups'];
  return [setpriv, ...asUser, `--pdeathsig=${signal.slice(3)}`, path, ...args];
}

/** Whether we may become somebody else, and must for what refuses to run as root. */
export function areRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Gives a folder to a user, by the numbers that `id` tells. */
export function giveTo(folder: string, uid: number, gid: number): void {
  chownSync(folder, uid, gid);
}

function firstExecutable(paths: readonly string[]): string | null {
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
