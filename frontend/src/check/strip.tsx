import { Link } from "@tanstack/react-router";
import type { Config } from "../api/types.ts";
import { type Frame, frameNumber, shownAt, type Tally } from "../choose/frames.ts";
import { Edge, Film, Plate } from "../ui/film.tsx";
import { Cross } from "../ui/grease.tsx";
import { useWords } from "../words/words.ts";

type StripProps = { id: string; frames: readonly Frame[]; counts: Tally; limits: Config["limits"] };

/** What will be learnt, and what will not, on one film. */
export function ContactStrip({ id, frames, counts, limits }: StripProps) {
  const { check: text } = useWords();
  const edge = (
    <>
      <span>{text.edge(counts.kept, frames.length - counts.kept)}</span>
      <Link className="on-film" to="/jobs/$id/choose" params={{ id }}>
        {text.changePictures}
      </Link>
    </>
  );
  return (
    <Film className="film-row" edge={edge}>
      <ol className="strip strip-check" aria-label={text.strip}>
        {frames.map((frame, index) => (
          <StripFrame key={frame.key} frame={frame} number={frameNumber(index)} goodSide={limits.goodSide} />
        ))}
        {frames.length === 0 ? <NotYet fewest={limits.minPictures} /> : null}
      </ol>
    </Film>
  );
}

/** As many dark frames as there must be pictures. */
function NotYet({ fewest }: { fewest: number }) {
  return Array.from({ length: fewest }, (_, index) => (
    <li className="frame" key={frameNumber(index)}>
      <Plate />
      <Edge left={frameNumber(index)} />
    </li>
  ));
}

function StripFrame({ frame, number, goodSide }: { frame: Frame; number: string; goodSide: number }) {
  const { check: text } = useWords();
  const kind = factOf(frame, goodSide);
  const fact = kind === "size" ? `${frame.width}×${frame.height}` : text.facts[kind];
  const loud = kind === "stopped" || kind === "refused" || kind === "small";
  return (
    <li className="frame" data-fact={kind}>
      <Plate picture={shownAt(frame, 200)} alt={text.frame(number, frame.fileName, fact)}>
        {frame.crossed ? <Cross seed={frame.key} /> : null}
      </Plate>
      <Edge left={number} right={fact} loud={loud} />
    </li>
  );
}

type Fact = "crossed" | "coming" | "stopped" | "refused" | "small" | "size";

function factOf(frame: Frame, goodSide: number): Fact {
  if (frame.crossed) return "crossed";
  switch (frame.phase) {
    case "here":
      return Math.min(frame.width, frame.height) < goodSide ? "small" : "size";
    case "refused":
    case "over":
      return "refused";
    case "lost":
    case "stopped":
      return "stopped";
    default:
      return "coming";
  }
}
