import { useState } from "react";
import { Label, Slider, SliderOutput, SliderThumb, SliderTrack } from "react-aria-components/Slider";
import { Tile } from "../follow/tiles.tsx";
import { number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import type { Pair } from "./compare.tsx";

/** One over the other, parted by a line that keys, a press anywhere and dragging move. */
export function Divider({ job, before, after, at, of }: Pair) {
  const { result: say } = useWords();
  const language = useLanguage();
  const [percent, setPercent] = useState(50);
  return (
    <Slider
      className="divider"
      value={percent}
      onChange={setPercent}
      minValue={0}
      maxValue={100}
      step={1}
      formatOptions={{ style: "unit", unit: "percent" }}
    >
      <Label className="unseen">{say.divider}</Label>
      <SliderTrack className="divider-track">
        <div className="plate plate-square">
          {of ? <Tile picture={before} alt={say.altBefore(job.prompt)} at={at} of={of} /> : null}
          <div className="divider-after" style={{ clipPath: `inset(0 0 0 ${percent}%)` }}>
            {of ? <Tile picture={after} alt={say.altAfter(job.prompt)} at={at} of={of} /> : null}
          </div>
        </div>
        <SliderThumb className="divider-thumb">
          <span aria-hidden="true" />
        </SliderThumb>
      </SliderTrack>
      <div className="divider-names">
        <span>{say.before}</span>
        <SliderOutput className="print">{say.dividerValue(number(percent, language) + (language === "de" ? " %" : "%"))}</SliderOutput>
        <span>{say.after(job.subject)}</span>
      </div>
      <p className="help">{say.dividerHelp}</p>
    </Slider>
  );
}
