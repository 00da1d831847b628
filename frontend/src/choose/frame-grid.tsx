import { type KeyboardEvent, useMemo } from "react";
import { GridList, type Selection } from "react-aria-components/GridList";
import { announce } from "../ui/announce.tsx";
import { Edge, Plate } from "../ui/film.tsx";
import { useWords } from "../words/words.ts";
import type { Remarks } from "./coach.ts";
import type { Darkroom } from "./darkroom.ts";
import { FrameItem, type Marks } from "./frame-item.tsx";
import { frameNumber, type Limits } from "./frames.ts";
import type { Sheet } from "./sheet.ts";
import { useShown } from "./shown.ts";

const ROW = 6;

type GridProps = { darkroom: Darkroom; sheet: Sheet; remarks: Remarks; limits: Limits; crop(key: string): void };

/** Arrow keys move, space crosses out; the other marks have a letter each, while a frame has the focus. */
export function FrameGrid({ darkroom, sheet, remarks, limits, crop }: GridProps) {
  const { choose: say } = useWords();
  const shown = useShown(sheet, remarks, say.edge);
  const crossed = useMemo(() => new Set(sheet.frames.filter((frame) => frame.crossed).map(({ key }) => key)), [sheet.frames]);
  const marks = useMemo((): Marks => marksOf(darkroom, crop, () => announce(say.removed(1))), [darkroom, crop, say]);
  return (
    // the keys belong to the grid inside, which would take letters for names
    <div className="frames-over" onKeyDownCapture={(event) => mark(event, marks)} role="presentation">
      {shown.length < ROW ? <Rest from={shown.length} limits={limits} /> : null}
      <GridList
        className="frames"
        aria-label={say.frames}
        layout="grid"
        keyboardNavigationBehavior="tab"
        selectionMode="multiple"
        selectedKeys={crossed}
        onSelectionChange={(selection) => darkroom.cross(keysOf(selection, sheet))}
        escapeKeyBehavior="none"
        items={shown}
        dependencies={[marks, say]}
      >
        {(each) => <FrameItem shown={each} marks={marks} />}
      </GridList>
    </div>
  );
}

/** The film under the first row, as long as that is not full. */
function Rest({ from, limits }: { from: number; limits: Limits }) {
  const { choose: say } = useWords();
  return (
    <div className="frames" aria-hidden="true">
      {Array.from({ length: ROW }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the frames are all alike
        <div className="frame" key={index} data-covered={index < from || undefined}>
          <Plate />
          <Edge left={frameNumber(index)} right={index + 1 === limits.minPictures ? say.ways.enough : ""} />
        </div>
      ))}
    </div>
  );
}

function marksOf(darkroom: Darkroom, crop: (key: string) => void, removed: () => void): Marks {
  return {
    crop,
    circle: (key) => darkroom.circle(key),
    cross: (key) => darkroom.toggle(key),
    remove: (key) => {
      darkroom.remove(new Set([key]));
      removed();
    },
  };
}

const KEYS: Readonly<Record<string, keyof Marks>> = { Delete: "remove", Backspace: "remove", c: "crop", o: "circle" };

function mark(event: KeyboardEvent<HTMLDivElement>, marks: Marks): void {
  const row = (event.target as HTMLElement).closest<HTMLElement>("[data-key]");
  const meant = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key];
  if (!row?.dataset.key || !meant || event.target !== row) return;
  event.stopPropagation();
  event.preventDefault();
  marks[meant](row.dataset.key);
}

function keysOf(selection: Selection, { frames }: Sheet): ReadonlySet<string> {
  return new Set(selection === "all" ? frames.map(({ key }) => key) : [...selection].map(String));
}
