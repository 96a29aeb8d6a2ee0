/**
 * The messages of the bare services: records of one length, about that of a PREPARE with its frame.
 * A frame holds one of them, or several.
 */

export const recordBytes = 64;

/** What a record asks for, or tells. */
export const asks = 1;
export const releases = 2;

const keyAt = 6;
const keyBytesMax = recordBytes - keyAt;

export interface BenchRecord {
  readonly kind: typeof asks | typeof releases;
  /** Names a claim of one client. */
  readonly id: number;
  readonly key: string;
}

/** Writes the record at `at`, where there must be room. */
export function writeRecord(into: Buffer, at: number, { kind, id, key }: BenchRecord): void {
  into[at] = kind;
  into.writeUInt32LE(id, at + 1);
  into[at + keyAt - 1] = into.write(key, at + keyAt, keyBytesMax, 'latin1');
}

export function kindAt(from: Buffer, at: number): number {
  return from[at] ?? 0;
}

export function idAt(from: Buffer, at: number): number {
  return from.readUInt32LE(at + 1);
}

export function keyIn(from: Buffer, at: number): string {
  const length = from[at + keyAt - 1] ?? 0;
  return from.toString('latin1', at + keyAt, at + keyAt + length);
}
