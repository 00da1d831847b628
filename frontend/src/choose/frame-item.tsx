import type { CSSProperties } from "react";
import { Button } from "react-aria-components/Button";
import { GridListItem } from "react-aria-components/GridList";
import { Edge, Plate } from "../ui/film.tsx";
import { Circle, Cross } from "../ui/grease.tsx";
import { Menu } from "../ui/menu.tsx";
import { useWords } from "../words/words.ts";
import type { Shown } from "./shown.ts";

/** All that can be done with a frame, by its key. */
export type Marks = Readonly<Record<"crop" | "circle" | "cross" | "remove", (key: string) => void>>;

type ItemProps = { shown: Shown; marks: Marks };

/** A picture on the film; what of it is not sent yet is not developed yet. */
export function FrameItem({ shown, marks }: ItemProps) {
  const { choose: say } = useWords();
  const { id, number, fileName, phase, picture, fact } = shown;
  const words = shown.cover && fact !== say.edge.cover ? `${fact}, ${say.frameSaid.cover}` : fact;
  return (
    <GridListItem id={id} textValue={say.frame(number, fileName, words)} className="frame" data-phase={phase}>
      <Plate picture={picture}>
        <div className="undeveloped" style={{ "--developed": `${shown.developed}%` } as CSSProperties} />
        {shown.circled ? <Circle seed={id} /> : null}
        {shown.crossed ? <Cross seed={id} /> : null}
        <MarksMenu shown={shown} marks={marks} />
      </Plate>
      <Edge left={number} right={fact} loud={shown.loud} />
    </GridListItem>
  );
}

/** For who has no keyboard. */
function MarksMenu({ shown: { id, number, usable, circled, crossed }, marks }: ItemProps) {
  const { choose: say } = useWords();
  const label = say.more(number);
  return (
    <Menu
      label={label}
      trigger={
        <Button className="frame-more" aria-label={label}>
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <circle cx="4" cy="10" r="1.6" />
            <circle cx="10" cy="10" r="1.6" />
            <circle cx="16" cy="10" r="1.6" />
          </svg>
        </Button>
      }
      entries={[
        { id: "crop", label: say.entry.crop, onAction: () => marks.crop(id), isDisabled: !usable },
        { id: "cover", label: circled ? say.entry.notCover : say.entry.cover, onAction: () => marks.circle(id), isDisabled: !usable },
        { id: "cross", label: crossed ? say.entry.uncross : say.entry.cross, onAction: () => marks.cross(id) },
        { id: "remove", label: say.entry.remove, onAction: () => marks.remove(id), ends: true },
      ]}
    />
  );
}
