/**
 * Symmetry: where states that differ only by the names of like things behave alike, one of them
 * stands for all.
 */

/** All orders of the numbers below `count`, the identity first. */
export function permutationsOf(count: number): readonly (readonly number[])[] {
  let all: readonly (readonly number[])[] = [[]];
  for (let next = 0; next < count; next += 1) {
    all = all.flatMap((order) =>
      Array.from({ length: next + 1 }, (_, back) => order.toSpliced(next - back, 0, next)),
    );
  }
  return all;
}

/** Whether `a` comes before `b`, word by word. */
export function isLess(a: Int32Array, b: Int32Array): boolean {
  for (let word = 0; word < a.length; word += 1) {
    const [left = 0, right = 0] = [a[word], b[word]];
    if (left !== right) return left < right;
  }
  return false;
}

/**
 * Puts the least of a state's images in its place.
 *
 * @param permute writes the image under one permutation to its last argument
 */
export function toLeast<Permutation>(
  state: Int32Array,
  permutations: readonly Permutation[],
  permute: (state: Int32Array, permutation: Permutation, into: Int32Array) => void,
): void {
  const original = state.slice();
  const image = new Int32Array(state.length);
  for (const permutation of permutations) {
    permute(original, permutation, image);
    if (isLess(image, state)) state.set(image);
  }
}
