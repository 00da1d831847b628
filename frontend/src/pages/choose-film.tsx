import type { CSSProperties, KeyboardEvent } from "react";
import { Button, DropZone, FileTrigger, GridList, GridListItem, type Selection } from "react-aria-components";
import { sized } from "../api/api.ts";
import type { Config } from "../api/types.ts";
import { Edge, Film, Plate } from "../ui/film.tsx";
import { Cross } from "../ui/grease.tsx";
import type { Darkroom } from "../upload/darkroom.ts";
import { filesIn } from "../upload/dropped.ts";
import { type Frame, fact, frameNumber, isSmall, megabytes, tally } from "../upload/frames.ts";

type Limits = Config["limits"];
type TableProps = { darkroom: Darkroom; frames: readonly Frame[]; limits: Limits };

/** The film that pictures are laid on: dropped, pasted or browsed for; crossed out, removed. */
export function LightTable({ darkroom, frames, limits }: TableProps) {
  return (
    <>
      <DropZone
        className="light-table"
        aria-label="Pictures to learn from"
        getDropOperation={() => "copy"}
        onDrop={async ({ items }) => darkroom.add(await filesIn(items))}
      >
        <Film edge={<EdgePrint darkroom={darkroom} frames={frames} limits={limits} />}>
          {frames.length > 0 ? (
            <Frames darkroom={darkroom} frames={frames} limits={limits} />
          ) : (
            <Blank darkroom={darkroom} limits={limits} />
          )}
        </Film>
      </DropZone>
      <Remarks frames={frames} limits={limits} />
    </>
  );
}

function Frames({ darkroom, frames, limits }: TableProps) {
  const crossed = new Set(frames.filter((frame) => frame.crossed).map((frame) => frame.key));
  const select = (selection: Selection) =>
    darkroom.cross(selection === "all" ? new Set(frames.map((frame) => frame.key)) : new Set([...selection].map(String)));
  const remove = (event: KeyboardEvent<HTMLDivElement>) => {
    const key = (event.target as HTMLElement).closest<HTMLElement>("[data-key]")?.dataset.key;
    if (key && (event.key === "Delete" || event.key === "Backspace")) darkroom.remove(key);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the grid inside, which takes none of its own
    <div onKeyDown={remove} role="presentation">
      <GridList
        className="frames"
        aria-label="Frames. Space crosses a picture out, Delete removes it."
        layout="grid"
        selectionMode="multiple"
        selectedKeys={crossed}
        onSelectionChange={select}
        escapeKeyBehavior="none"
      >
        {frames.map((frame, index) => (
          <FrameItem
            key={frame.key}
            frame={frame}
            index={index}
            said={fact(frame, frames, limits)}
            limits={limits}
            remove={() => darkroom.remove(frame.key)}
          />
        ))}
      </GridList>
    </div>
  );
}

type ItemProps = { frame: Frame; index: number; said: string; limits: Limits; remove(): void };

function FrameItem({ frame, index, said, limits, remove }: ItemProps) {
  const named = `Frame ${frameNumber(index)}, ${frame.fileName}, ${said}`;
  const picture = frame.picture?.startsWith("blob:") ? frame.picture : frame.picture && sized(frame.picture, 200);
  return (
    <GridListItem id={frame.key} textValue={named} className="frame" data-phase={frame.phase}>
      <Plate picture={picture}>
        <div className="undeveloped" style={{ "--developed": `${developed(frame) * 100}%` } as CSSProperties} />
        <Button className="remove" aria-label={`Remove frame ${frameNumber(index)}, ${frame.fileName}`} onPress={remove}>
          remove
        </Button>
        {frame.crossed ? <Cross seed={frame.key} /> : null}
      </Plate>
      <Edge left={frameNumber(index)} right={said} loud={isLoud(frame, limits)} />
    </GridListItem>
  );
}

function developed(frame: Frame): number {
  if (frame.phase === "sending") return frame.sent;
  return frame.phase === "checking" || frame.phase === "here" ? 1 : 0;
}

function isLoud(frame: Frame, limits: Limits): boolean {
  return frame.phase === "refused" || frame.phase === "stopped" || frame.phase === "lost" || isSmall(frame, limits);
}

/** An empty film, and a strip of tape on it that says what it is for. */
function Blank({ darkroom, limits }: { darkroom: Darkroom; limits: Limits }) {
  return (
    <div className="frames blank">
      {Array.from({ length: 12 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the frames are all alike
        <div className="frame" key={index}>
          <Plate />
          <Edge left={frameNumber(index)} right={index + 1 === limits.minPictures ? "enough" : ""} />
        </div>
      ))}
      <p className="tape">
        Drop pictures here, paste them, or <Browse darkroom={darkroom} limits={limits} />
      </p>
    </div>
  );
}

function Browse({ darkroom, limits }: { darkroom: Darkroom; limits: Limits }) {
  return (
    <FileTrigger allowsMultiple acceptedFileTypes={limits.contentTypes} onSelect={(files) => files && darkroom.add([...files])}>
      <Button className="browse">browse</Button>
    </FileTrigger>
  );
}

function EdgePrint({ darkroom, frames, limits }: TableProps) {
  const { kept, bytes } = tally(frames);
  return (
    <>
      <span>
        SAFETY 400 ▸ {kept} {kept === 1 ? "picture" : "pictures"}
        {kept > 0 ? `  ${megabytes(bytes)}` : ""}
      </span>
      <span>
        {frames.length > 0 ? (
          <>
            drop, paste or <Browse darkroom={darkroom} limits={limits} /> ·{" "}
          </>
        ) : null}
        up to {limits.maxPictures}
      </span>
    </>
  );
}

/** A sentence for each frame that needs one. */
function Remarks({ frames, limits }: { frames: readonly Frame[]; limits: Limits }) {
  const refused = frames.map((frame, index) => ({ frame, index })).filter(({ frame }) => frame.sentence && !frame.crossed);
  const small = frames.map((frame, index) => ({ frame, index })).filter(({ frame }) => frame.phase === "here" && isSmall(frame, limits));
  if (refused.length + small.length === 0) return <Hints frames={frames} />;
  return (
    <ul className="remarks" aria-live="polite">
      {refused.map(({ frame, index }) => (
        <li key={frame.key}>
          <span className="print">{frameNumber(index)}</span> {frame.sentence}
        </li>
      ))}
      {small.length > 0 ? (
        <li>
          <span className="print">{small.map(({ index }) => frameNumber(index)).join(", ")}</span> Smaller than {limits.goodSide} pixels: it
          will be enlarged, and its softness learnt. A larger one is better.
        </li>
      ) : null}
    </ul>
  );
}

function Hints({ frames }: { frames: readonly Frame[] }) {
  if (frames.length === 0) return null;
  return (
    <p className="hints">
      A click crosses a picture out, and another takes the cross away: what is crossed is not learnt from. Arrow keys move, space marks,
      Delete removes.
    </p>
  );
}
