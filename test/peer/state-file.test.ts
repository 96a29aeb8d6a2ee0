/**
 * The state file: whole, durable, and clear about what is wrong.
 */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StateFile } from '../../src/peer/state-file.ts';

describe('StateFile', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockmesh-state-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test('has nothing before the first save', async () => {
    expect(await new StateFile(join(folder, 'state')).load()).toBeUndefined();
  });

  test('gives back what was saved last, in another run too', async () => {
    const path = join(folder, 'state');
    const file = new StateFile(path);
    await file.save(new Uint8Array([1, 2, 3]));
    await file.save(new Uint8Array([4]));
    expect([...((await file.load()) ?? [])]).toEqual([4]);
    expect([...((await new StateFile(path).load()) ?? [])]).toEqual([4]);
  });

  test('leaves no other file behind, and keeps others out', async () => {
    await new StateFile(join(folder, 'state')).save(new Uint8Array([1]));
    expect(readdirSync(folder)).toEqual(['state']);
    expect(statSync(join(folder, 'state')).mode & 0o077).toBe(0);
  });

  test('makes the folders on the way', async () => {
    const path = join(folder, 'some', 'where', 'state');
    await new StateFile(path).save(new Uint8Array([1]));
    expect(existsSync(path)).toBe(true);
  });

  test('runs saves one after another; the last asked for stays', async () => {
    const file = new StateFile(join(folder, 'state'));
    const saves = Array.from({ length: 20 }, (_, index) => file.save(new Uint8Array([index])));
    await Promise.all(saves);
    expect([...((await file.load()) ?? [])]).toEqual([19]);
  });

  test('has taken the bytes once save returns', async () => {
    const file = new StateFile(join(folder, 'state'));
    const bytes = new Uint8Array([1]);
    const [first, second] = [file.save(bytes), file.save(bytes)];
    bytes.fill(9);
    await Promise.all([first, second]);
    expect([...((await file.load()) ?? [])]).toEqual([1]);
  });

  test('ignores and replaces what a crash left half written', async () => {
    const path = join(folder, 'state');
    writeFileSync(path, 'old');
    writeFileSync(`${path}.new`, 'ha');
    const file = new StateFile(path);
    expect(Buffer.from((await file.load()) ?? []).toString()).toBe('old');
    await file.save(Buffer.from('new'));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['state']);
  });

  test('names the path when it cannot be written, and saves again once it can', async () => {
    const path = join(folder, 'file', 'state');
    writeFileSync(join(folder, 'file'), '');
    const file = new StateFile(path);
    await expect(file.save(new Uint8Array([1]))).rejects.toThrow(
      `Cannot write state file ${path}: a part of its path is a file, and should be a folder`,
    );
    rmSync(join(folder, 'file'));
    await file.save(new Uint8Array([1]));
    expect(existsSync(path)).toBe(true);
  });

  test('names the path when it cannot be read', async () => {
    const path = join(folder, 'state');
    mkdirSync(path);
    await expect(new StateFile(path).load()).rejects.toThrow(
      `Cannot read state file ${path}: it is a folder, and should be a file`,
    );
  });
});
