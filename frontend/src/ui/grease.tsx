/** The yellow pencil. Only for marks that a person makes; the hand is never twice the same. */

const CROSSES = [
  "M8 12C30 34 62 66 92 88M91 10C68 36 34 64 9 91",
  "M11 8C34 38 70 62 90 92M94 13C60 40 40 70 7 86",
  "M6 15C38 33 60 72 95 85M88 7C70 30 28 60 12 94",
  "M10 9C36 30 66 70 88 94M93 8C66 34 38 60 6 89",
];

const CIRCLES = [
  "M20 20C42 -2 88 4 94 44C100 84 62 98 38 93C8 87 -2 52 11 28C18 14 36 6 56 7",
  "M63 5C30 -3 3 22 6 54C9 88 42 100 68 91C97 81 101 40 84 19C72 5 50 3 34 12",
  "M32 9C62 -6 97 16 95 52C93 86 56 99 30 88C4 76 0 38 18 18C31 4 58 1 78 14",
  "M14 34C20 6 60 -2 82 14C102 30 98 74 74 89C48 104 10 88 6 56C4 36 14 18 32 10",
];

/** Thrown around what is kept: the cover, a favourite. */
export function Circle({ seed }: { seed: string }) {
  return <Mark strokes={CIRCLES} seed={seed} />;
}

/** Through what is left out. */
export function Cross({ seed }: { seed: string }) {
  return <Mark strokes={CROSSES} seed={seed} />;
}

function Mark({ strokes, seed }: { strokes: readonly string[]; seed: string }) {
  return (
    <svg className="grease" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <path d={strokes[hand(seed) % strokes.length]} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

function hand(seed: string): number {
  return [...seed].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7);
}
