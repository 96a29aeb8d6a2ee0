/**
 * What waits on a link that holds it, for one who lets it pass piece by piece.
 */

import { parseFrame } from '../peer/frame-codec.ts';

/** The connection that something belongs to. */
export interface ParcelWire {
  /** The machine that dialled. */
  readonly dialler: string;
  /** Whether a program, rather than a peer, reads what arrives. */
  readonly isProgram: boolean;
}

/** Something that waits on a link that holds it. */
export interface Parcel {
  /** A message, the word that an end is gone, a dial, or the answer to one. */
  readonly kind: 'message' | 'end' | 'dial' | 'answer';
  /** The connection that it belongs to. */
  readonly wire: ParcelWire;
  /** Of a message. */
  readonly bytes: Uint8Array | null;
  /** Whether nobody is there any more to whom it could matter. */
  isMoot(): boolean;
}

/** What peers say before they know each other, or after; `empty` is said to be alive. */
export function kindOfMessage(bytes: Uint8Array): 'handshake' | 'frame' | 'empty' {
  const parsed = parseFrame(bytes);
  if (!parsed.ok) return 'handshake';
  return parsed.frame.messages.length === 0 ? 'empty' : 'frame';
}
