import { DropZone } from "react-aria-components/DropZone";
import type { Config } from "../api/types.ts";
import { announce } from "../ui/announce.tsx";
import { Edge, Film, Plate, Unexposed } from "../ui/film.tsx";
import { bytes } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import type { Remarks } from "./coach.ts";
import type { Darkroom } from "./darkroom.ts";
import { useIsTouch } from "./devices.ts";
import { filesIn } from "./dropped.ts";
import { FrameGrid } from "./frame-grid.tsx";
import { frameNumber, tally } from "./frames.ts";
import type { Sheet } from "./sheet.ts";
import { Browse, OtherWays } from "./ways.tsx";

type Limits = Config["limits"];
type TableProps = { darkroom: Darkroom; sheet: Sheet; limits: Limits; remarks: Remarks } & Ways;
/** How pictures come, and what opens over the page. */
export type Ways = { add(files: File[]): void; openCamera(): void; crop(key: string): void };

/** The film that pictures are laid on: dropped, browsed for, taken. */
export function LightTable({ darkroom, sheet, limits, remarks, ...ways }: TableProps) {
  const { choose: say } = useWords();
  const drop = async (files: Promise<File[]>) => {
    const found = await files;
    if (found.length > 0) ways.add(found);
    else announce(say.dropped);
  };
  const empty = sheet.frames.length === 0;
  // marks that are made before this machine's own have been read would be lost
  if (sheet.opening && !empty) return <Unexposed count={sheet.frames.length} label={say.opening} />;
  return (
    <DropZone className="light-table" aria-label={say.table} getDropOperation={() => "copy"} onDrop={({ items }) => drop(filesIn(items))}>
      <Film edge={<EdgePrint sheet={sheet} {...ways} />}>
        {empty ? (
          <Blank limits={limits} {...ways} />
        ) : (
          <FrameGrid darkroom={darkroom} sheet={sheet} remarks={remarks} limits={limits} crop={ways.crop} />
        )}
      </Film>
    </DropZone>
  );
}

/** An empty film, and a strip of tape on it that says what it is for. */
function Blank({ limits, add, openCamera }: { limits: Limits } & Ways) {
  const { choose: say } = useWords();
  const touch = useIsTouch();
  const printed = { [limits.minPictures]: say.ways.enough, [limits.maxPictures]: say.ways.last };
  return (
    <div className="frames blank">
      {Array.from({ length: touch ? 12 : 18 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the frames are all alike
        <div className="frame" key={index}>
          <Plate />
          <Edge left={frameNumber(index)} right={printed[index + 1] ?? ""} />
        </div>
      ))}
      <div className="tape">
        {touch ? (
          <>
            <p>{say.ways.dropTouch}</p>
            <Browse add={add} label={say.ways.add} className="button button-first" />
          </>
        ) : (
          <p>
            {say.ways.drop} <Browse add={add} label={say.ways.browse} />
          </p>
        )}
        <p className="tape-ways">
          <OtherWays add={add} openCamera={openCamera} folder={say.ways.aFolder} camera={say.ways.theCamera} />
        </p>
        <p className="tape-small">{say.ways.whereabouts}</p>
      </div>
    </div>
  );
}

function EdgePrint({ sheet, add, openCamera }: { sheet: Sheet } & Ways) {
  const { choose: say } = useWords();
  const language = useLanguage();
  const touch = useIsTouch();
  const { kept, bytes: size, located } = tally(sheet.frames);
  return (
    <>
      <span>
        {say.print(kept, size > 0 ? bytes(size, language) : "")}
        {located > 0 ? `, ${say.located(located)}` : ""}
      </span>
      {sheet.frames.length > 0 ? (
        <span className="ways">
          <span>
            {touch ? null : `${say.ways.more} `}
            <Browse add={add} label={touch ? say.ways.add : say.ways.browse} />
          </span>
          <OtherWays add={add} openCamera={openCamera} folder={say.ways.folder} camera={say.ways.camera} />
        </span>
      ) : null}
    </>
  );
}
