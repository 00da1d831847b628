import { memo, useRef } from "react";
import { Button } from "react-aria-components/Button";
import { ToggleButton } from "react-aria-components/ToggleButton";
import { sized } from "../api/client.ts";
import { Circle } from "../ui/grease.tsx";
import { useWords } from "../words/words.ts";
import { missing, type Print } from "./prints.ts";

/** One width for every grid, so that a browser fetches each print once. */
const WIDTH = 240;

/** What can be done with a print; the same object as long as nothing has changed, so that tiles are drawn once. */
export type Acts = Readonly<Record<"open" | "mark" | "pick" | "focus", (key: string) => void>>;

export type TileProps = {
  print: Print;
  /** Whether Tab stops here; arrow keys lead to the others. */
  isStop: boolean;
  isPicked: boolean;
  acts: Acts;
};

/** A print on the table, its seed on the edge, and what can be marked on it. One that was not there at first fades in. */
export const Tile = memo(function Tile({ print, isStop, isPicked, acts }: TileProps) {
  const { print: say, missing: words } = useWords().generate;
  const { seed, url } = print.picture;
  const wasMissing = useRef(!url);
  const why = missing(print);
  const look = ["proof", isPicked ? "proof-picked" : "", wasMissing.current ? "proof-fresh" : "", why ? `proof-${why}` : ""];
  return (
    <div className={look.filter(Boolean).join(" ")} data-print={print.key}>
      <Button
        className="proof-picture"
        aria-label={why ? say.empty(seed, words[why]) : say.open(seed, print.made.prompt)}
        excludeFromTabOrder={!isStop}
        onPress={() => url && acts.open(print.key)}
        onFocus={() => acts.focus(print.key)}
      >
        {url ? <img src={sized(url, WIDTH)} alt="" loading="lazy" decoding="async" /> : null}
        {why ? <span className="proof-why">{words[why]}</span> : null}
        {print.picture.favourite ? <Circle seed={print.key} /> : null}
      </Button>
      <div className="proof-edge">
        <span>{seed}</span>
        {url ? <Marks print={print} isStop={isStop} isPicked={isPicked} acts={acts} /> : null}
      </div>
    </div>
  );
});

function Marks({ print, isStop, isPicked, acts }: TileProps) {
  const { print: say } = useWords().generate;
  const { seed, favourite } = print.picture;
  const stop = { excludeFromTabOrder: !isStop };
  return (
    <div className="proof-marks">
      <ToggleButton
        {...stop}
        className="proof-mark proof-mark-ring"
        isSelected={favourite}
        onChange={() => acts.mark(print.key)}
        aria-label={say.favourite(seed)}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8.6 2.4C4.6 1.8 2 4.6 2.2 8.2c.2 3.7 2.9 5.8 6.2 5.4 3.4-.4 5.6-3 5.3-6.2C13.4 4 11 2 7.4 2.9" />
        </svg>
      </ToggleButton>
      <ToggleButton
        {...stop}
        className="proof-mark proof-mark-pick"
        isSelected={isPicked}
        onChange={() => acts.pick(print.key)}
        aria-label={say.compare(seed)}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 3.5h5v9H2zM9 3.5h5v9H9z" />
        </svg>
      </ToggleButton>
    </div>
  );
}
