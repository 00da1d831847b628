import { Segments } from "../ui/segments.tsx";
import { useWords } from "../words/words.ts";
import { SCALES, scaled, type View } from "./comparing.ts";

/** How close all of them are looked at. */
export function CompareView({ view, onChange }: { view: View; onChange(view: View): void }) {
  const { compare: say } = useWords().generate;
  const options = SCALES.map((scale) => ({ id: String(scale), label: `${scale} ×` }));
  return (
    <Segments
      label={say.view}
      labelUnseen
      value={String(view.scale)}
      options={options}
      onChange={(scale) => onChange(scaled(view, Number(scale)))}
    />
  );
}
