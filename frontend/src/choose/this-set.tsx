import type { CSSProperties } from "react";
import type { Config } from "../api/types.ts";
import { bytes } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { type Judgement, judged, type Remarks } from "./coach.ts";
import { type Frame, isKept, tally } from "./frames.ts";
import type { Sheet } from "./sheet.ts";

type SetProps = { sheet: Sheet; limits: Config["limits"] };
type JudgedProps = SetProps & { remarks: Remarks };

/** How good a set is to learn from, in a line of small frames, a sentence and its counts. */
export function ThisSet({ sheet, limits, remarks }: JudgedProps) {
  const { choose: say } = useWords();
  const judgement = judged(sheet.frames, limits, remarks);
  const { grade, kept, oneSided } = judgement;
  return (
    <section className="panel this-set" aria-label={say.set}>
      <h2>{grade === "few" ? say.grade.few(limits.minPictures - kept) : say.grade[grade]}</h2>
      <Ruler frames={sheet.frames} limits={limits} remarks={remarks} />
      <p className="print">{counted(judgement, sheet.frames, say.counts).join(" · ")}</p>
      {oneSided ? <p>{say.oneSided[oneSided.code](oneSided.alike, oneSided.of)}</p> : null}
      {grade === "good" ? <p className="quiet">{say.oneSided.varied}</p> : null}
    </section>
  );
}

/** A place for each picture that fits: without fault, with one, or free; with a notch where it is enough. */
function Ruler({ frames, limits, remarks }: { frames: readonly Frame[]; limits: Config["limits"]; remarks: Remarks }) {
  const kept = frames.filter(isKept);
  const places = Array.from({ length: Math.max(limits.maxPictures, kept.length) }, (_, at) => {
    const frame = kept[at];
    if (!frame) return "free";
    if (frame.phase === "reading") return "coming";
    return remarks.get(frame.key)?.warnings.length ? "warned" : "clean";
  });
  return (
    <div className="ruler" aria-hidden="true" style={{ "--enough": limits.minPictures, "--places": places.length } as CSSProperties}>
      {places.map((place, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: places have no other name
        <span key={at} data-place={place} data-enough={at + 1 === limits.minPictures || undefined} />
      ))}
    </div>
  );
}

type Say = ReturnType<typeof useWords>["choose"]["counts"];

function counted({ kept, soft, small, near }: Judgement, frames: readonly Frame[], say: Say): string[] {
  const { underway, stopped, crossed } = tally(frames);
  const counts = [
    [soft, say.soft],
    [small, say.small],
    [near, say.near],
    [underway, say.underway],
    [stopped, say.stopped],
    [crossed, say.crossed],
  ] as const;
  return [say.pictures(kept), ...counts.flatMap(([count, words]) => (count > 0 ? [words(count)] : []))];
}

/** What becomes of them on the way. */
export function OnTheWay({ sheet, limits }: SetProps) {
  const { choose: say } = useWords();
  const language = useLanguage();
  const { kept, underway, bytes: size } = tally(sheet.frames);
  const facts = [
    [say.facts.room, say.facts.roomFor(Math.max(0, limits.maxPictures - kept))],
    [underway > 0 ? say.facts.toSend : say.facts.sent, bytes(size, language)],
    [say.facts.metadata, say.facts.removedFrom],
    ...(underway > 0 ? [[say.facts.untilSent, sheet.keeping === "kept" ? say.facts.kept : say.facts.notKept] as const] : []),
  ] as const;
  return (
    <dl className="panel facts">
      {facts.map(([name, fact]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}
