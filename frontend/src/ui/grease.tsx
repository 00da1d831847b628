/** The yellow pencil. Only for marks that a person makes; the hand is never twice the same. */

const CROSSES = [
  "M8 12C30 34 62 66 92 88M91 10C68 36 34 64 9 91",
  "M11 8C34 38 70 62 90 92M94 13C60 40 40 70 7 86",
  "M6 15C38 33 60 72 95 85M88 7C70 30 28 60 12 94",
];

export function Cross({ seed }: { seed: string }) {
  const hash = [...seed].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7);
  return (
    <svg className="grease" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <path d={CROSSES[hash % CROSSES.length]} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
