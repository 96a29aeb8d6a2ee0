/**
 * A planted bug: edits of the project's own sources that bring back a mistake which some rule of
 * docs/protocol.md, or some line of src/peer, is there to prevent. The edits are applied to copies
 * (build.ts); the sources that are shipped know nothing of them.
 */

/** What a campaign is expected to see first. Another symptom will do as well. */
export type Symptom =
  /** Two conflicting claims are valid at one instant of true time. */
  | 'two-holders'
  /** A later conflicting grant has no greater token. */
  | 'token-order'
  /** A claim that was invalid is valid again, or its holder is not told in time that it lost it. */
  | 'loss-untold'
  /** A claim fails for a deadlock that there was not, or of which it was not the youngest. */
  | 'deadlock-that-was-not'
  /** A call is never answered, or a peer never gets ready, in a mesh that has healed. */
  | 'stuck'
  /** A claim or an entry stays for ever in a mesh at rest. */
  | 'left-over'
  /** Somebody is told what is not so. */
  | 'untrue'
  /** A peer closes itself for nothing, by an assertion or by an error that is not due. */
  | 'crash';

/** Replaces one place of one file. */
export interface Edit {
  /** From the root of the project: `src/protocol/voter.ts`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Canary {
  /** In kebab-case; unique. */
  readonly name: string;
  /** The rules of docs/protocol.md that it breaks; a row of section 11 first, if it is one. */
  readonly rules: readonly string[];
  /** Which mistake somebody would make, and what goes wrong, in which circumstances. */
  readonly story: string;
  readonly symptom: Symptom;
  /** Whether it may show without any fault. */
  readonly showsInCalm?: boolean;
  /** Never empty. Several of one file are independent of each other. */
  readonly edits: readonly Edit[];
}

/** The files that a planted bug changes. */
export function filesOf({ edits }: Canary): readonly string[] {
  return [...new Set(edits.map(({ file }) => file))];
}

/**
 * The source of `file` with the bug in it.
 *
 * @throws when an edit does not match exactly once: the source has changed, and the bug must be
 * planted anew
 */
export function applyTo(file: string, source: string, { name, edits }: Canary): string {
  const own = edits.filter((edit) => edit.file === file);
  for (const { find } of own) {
    const count = source.split(find).length - 1;
    if (count === 1) continue;
    const [line = ''] = find.split('\n');
    throw new Error(
      `Cannot plant ${name}: ${file} must have the text to replace exactly once, ` +
        `has it ${count} times: ${line}`,
    );
  }
  // A function, so that a $ in the replacement is taken as it is.
  return own.reduce((text, { find, replace }) => text.replace(find, () => replace), source);
}
