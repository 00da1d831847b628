import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useRef, useState } from "react";
import { sized } from "../api/client.ts";
import type { JobDetail } from "../api/types.ts";
import { type Frame, frameNumber } from "../choose/frames.ts";
import { announce } from "../ui/announce.tsx";
import { Button, look } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Plate } from "../ui/film.tsx";
import { useWords } from "../words/words.ts";
import { CaptionField } from "./caption-field.tsx";
import type { CaptionBook, Captions } from "./captions.ts";
import { useCaptions } from "./here.ts";

/** A picture that can have a caption, with its number on the film. */
type Captioned = Frame & { readonly uploadId: string; readonly number: string };

type ListProps = { job: JobDetail; frames: readonly Frame[] };

/** What else each picture shows, one line of text a frame. */
export function CaptionList({ job, frames }: ListProps) {
  const { captions: text } = useWords().describe;
  const { book, captions } = useCaptions(job);
  const rows = captioned(frames);
  const done = rows.filter(({ uploadId }) => captions[uploadId]?.text.trim()).length;
  return (
    <section className="captions" id="captions" aria-labelledby="captioned">
      <div className="captions-head">
        <h2 id="captioned">
          {text.heading} <span className="quiet">{text.optional}</span>
        </h2>
        {rows.length > 0 ? <p className="print">{text.written(done, rows.length)}</p> : null}
      </div>
      <p className="quiet">{text.lead}</p>
      {rows.length > 1 ? <SameForAll book={book} captions={captions} rows={rows} /> : null}
      {rows.length > 0 ? <Rows book={book} captions={captions} rows={rows} /> : <NoRows id={job.id} />}
    </section>
  );
}

function NoRows({ id }: { id: string }) {
  const { captions: text } = useWords().describe;
  return (
    <>
      <p className="quiet">{text.none}</p>
      <Link className={look()} to="/jobs/$id/choose" params={{ id }}>
        {text.choose}
      </Link>
    </>
  );
}

type RowsProps = { book: CaptionBook; captions: Captions; rows: readonly Captioned[] };

function Rows({ book, captions, rows }: RowsProps) {
  const { captions: text } = useWords().describe;
  const list = useRef<HTMLOListElement>(null);
  const step = (event: KeyboardEvent, from: number) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    const inputs = list.current?.querySelectorAll("input");
    inputs?.[from + (event.shiftKey ? -1 : 1)]?.focus();
  };
  return (
    <>
      <ol className="caption-rows" ref={list}>
        {rows.map((row, index) => (
          <li key={row.key} className="caption-row">
            <div className="caption-frame">
              <Plate picture={thumbnail(row)} />
              <span>{row.number}</span>
            </div>
            <CaptionField
              label={text.label(row.number, row.fileName)}
              caption={captions[row.uploadId]}
              placeholder={index === 0 ? text.example : ""}
              write={(words) => book.write(row.uploadId, words)}
              again={() => book.again(row.uploadId)}
              onKeyDown={(event) => step(event, index)}
            />
          </li>
        ))}
      </ol>
      <p className="help keys">{text.keys}</p>
    </>
  );
}

function SameForAll({ book, captions, rows }: RowsProps) {
  const { captions: text } = useWords().describe;
  const [words, setWords] = useState("");
  const [before, setBefore] = useState<ReadonlyMap<string, string>>();
  const empty = rows.filter(({ uploadId }) => !captions[uploadId]?.text.trim());
  const fill = (some: readonly Captioned[]) => {
    setBefore(new Map(some.map(({ uploadId }) => [uploadId, book.of(uploadId).text])));
    for (const { uploadId } of some) book.write(uploadId, words.trim());
    announce(text.filled(some.length));
  };
  const takeBack = () => {
    for (const [id, caption] of before ?? []) book.write(id, caption);
    setBefore(undefined);
  };
  return (
    <div className="same-for-all">
      <Field label={text.same} value={words} onChange={setWords} maxLength={500} autoComplete="off" />
      <div className="offer">
        {words.trim() && empty.length > 0 ? (
          <Button kind="bare" onPress={() => fill(empty)}>
            {text.fill(empty.length)}
          </Button>
        ) : null}
        {words.trim() && empty.length < rows.length ? (
          <Button kind="bare" onPress={() => fill(rows)}>
            {text.replace(rows.length)}
          </Button>
        ) : null}
        {before ? (
          <Button kind="bare" onPress={takeBack}>
            {text.back}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** Numbered as on the film, those left out and those that cannot be used apart. */
function captioned(frames: readonly Frame[]): Captioned[] {
  return frames
    .map((frame, index) => ({ ...frame, number: frameNumber(index) }))
    .filter(
      (frame): frame is Captioned => Boolean(frame.uploadId) && !frame.crossed && frame.phase !== "refused" && frame.phase !== "lost",
    );
}

function thumbnail({ picture }: Frame): string | undefined {
  return picture?.startsWith("blob:") ? picture : picture && sized(picture, 96);
}
