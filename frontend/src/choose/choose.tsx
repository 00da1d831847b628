import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from "react";
import type { Config } from "../api/types.ts";
import { announce } from "../ui/announce.tsx";
import { useWords } from "../words/words.ts";
import { MarkHints, Removed, Sentences } from "./below.tsx";
import { remarksOn } from "./coach.ts";
import type { Darkroom } from "./darkroom.ts";
import { tally } from "./frames.ts";
import { LightTable, type Ways } from "./light-table.tsx";
import { Onward } from "./onward.tsx";
import { usePastedPictures } from "./pasted.ts";
import { OnTheWay, ThisSet } from "./this-set.tsx";
import { Troubles } from "./troubles.tsx";
import { useSheet } from "./use-sheet.ts";
import "./choose.css";

const Camera = lazy(() => import("./camera.tsx"));
const CropDialog = lazy(() => import("./crop-dialog.tsx"));

type ChooseProps = { config: Config; darkroom: Darkroom; head: ReactNode; moved?: (id: string) => void };

/** What is open over the page: the camera, or the frame that is being cropped. */
type Over = { readonly camera: true } | { readonly crop: string } | undefined;

/** The film and what there is to say of it; beside it how good the set is, and the way on. */
export function Choose({ config: { limits }, darkroom, head, moved }: ChooseProps) {
  const { choose: say } = useWords();
  const sheet = useSheet(darkroom);
  const remarks = useMemo(() => remarksOn(sheet.frames, limits), [sheet.frames, limits]);
  const [over, setOver] = useState<Over>();
  const ways = useWays(darkroom, setOver);
  usePastedPictures(ways.add);
  useArrivals(tally(sheet.frames).here, tally(sheet.frames).underway);
  useMove(over ? undefined : sheet.jobId, moved);
  return (
    <div className="two-columns choose">
      <div className="page">
        {head}
        <Troubles darkroom={darkroom} sheet={sheet} />
        <LightTable darkroom={darkroom} sheet={sheet} limits={limits} remarks={remarks} {...ways} />
        <Removed darkroom={darkroom} removed={sheet.removed} />
        {sheet.frames.length > 0 ? (
          <div className="choose-below">
            <Sentences sheet={sheet} remarks={remarks} limits={limits} />
            <MarkHints />
          </div>
        ) : null}
      </div>
      <aside className="choose-side" aria-label={say.set}>
        <ThisSet sheet={sheet} limits={limits} remarks={remarks} />
        {sheet.frames.length > 0 ? <OnTheWay sheet={sheet} limits={limits} /> : null}
        <Onward sheet={sheet} limits={limits} />
      </aside>
      <Suspense>
        {over && "camera" in over ? <Camera add={ways.add} close={() => setOver(undefined)} /> : null}
        {over && "crop" in over ? (
          <CropDialog darkroom={darkroom} frames={sheet.frames} shown={over.crop} limits={limits} close={() => setOver(undefined)} />
        ) : null}
      </Suspense>
    </div>
  );
}

function useWays(darkroom: Darkroom, open: (over: Over) => void): Ways {
  const { choose: say } = useWords();
  return useMemo(
    () => ({
      add: (files) => {
        announce(say.added(files.length));
        darkroom.add(files);
      },
      openCamera: () => open({ camera: true }),
      crop: (key) => open({ crop: key }),
    }),
    [darkroom, open, say],
  );
}

/** A new sheet moves to its own address once it has one, and nothing is open that would be closed by that. */
function useMove(jobId: string | undefined, moved: ((id: string) => void) | undefined): void {
  useEffect(() => {
    if (jobId) moved?.(jobId);
  }, [jobId, moved]);
}

/** Said once for all that came together. */
function useArrivals(here: number, underway: number): void {
  const { choose: say } = useWords();
  const said = useRef(here);
  useEffect(() => {
    if (underway > 0) return;
    if (here > said.current) announce(say.arrived(here - said.current));
    said.current = here;
  }, [here, underway, say]);
}
