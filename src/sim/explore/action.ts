/**
 * What may happen in a mesh, each with a number: a state keeps only the number of what led to it.
 */

/** In the order of their numbers; what stands before `notice` has to happen in the end. */
export const actionKinds = [
  'deliver',
  'acquire',
  'release',
  'beat',
  'write',
  'notice',
  'giveUp',
  'crash',
  'restart',
  'break',
  'jump',
  'pause',
  'suspend',
  'lose',
  'downgrade',
] as const;

export type ActionKind = (typeof actionKinds)[number];

/**
 * Something that happens, to one or two of the peers, or to a claim: of what is under way, `a` is
 * who sent it, and `b` who hears it; of a clock that is set, `b` says which of the jumps.
 */
export interface Action {
  readonly kind: ActionKind;
  readonly a: number;
  readonly b: number;
}

/** Not one action but as many as there are: all that is under way among some peers is heard. */
export interface AllHeard {
  readonly kind: 'all';
  readonly among: readonly number[];
}

export type PreludeStep = Action | AllHeard;

/** The number of each kind. */
export const numberOf = Object.fromEntries(
  actionKinds.map((kind, number) => [kind, number]),
) as Readonly<Record<ActionKind, number>>;

export function codeOf(kind: ActionKind, a: number, b: number): number {
  return (numberOf[kind] << 8) | (a << 4) | b;
}

export function actionOf(code: number): Action {
  return { kind: actionKinds[code >> 8] ?? 'deliver', a: (code >> 4) & 15, b: code & 15 };
}

/** Whether an action may stay away for ever. */
export function isOptional(code: number): boolean {
  return code >> 8 >= numberOf.notice;
}
