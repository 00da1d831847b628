import { Link } from "@tanstack/react-router";
import type { Config, JobDetail } from "../api/types.ts";
import { type Frame, isKept } from "../choose/frames.ts";
import type { Captions } from "../describe/captions.ts";
import type { Words } from "../describe/described.ts";
import { Sentence } from "../describe/sentence.tsx";
import { useWords } from "../words/words.ts";
import { type Warning, warnings } from "./warnings.ts";

type WordsProps = { config: Config; job: JobDetail; words: Words; frames: readonly Frame[]; captions: Captions };

/** All the words come down to one sentence. */
export function WordsCheck({ config, job, words, frames, captions }: WordsProps) {
  const { check: text } = useWords();
  const kept = frames.filter(isKept);
  const done = kept.filter(({ uploadId }) => captions[uploadId ?? ""]?.text.trim()).length;
  return (
    <section className="words-check" aria-labelledby="words-heading">
      <h2 id="words-heading">{text.words}</h2>
      <Sentence config={config} subject={words.subject} classWord={words.classWord} />
      <p className="quiet">
        {text.captions(done, kept.length)}{" "}
        <Link to="/jobs/$id/describe" params={{ id: job.id }}>
          {text.changeWords}
        </Link>
      </p>
    </section>
  );
}

type WarningsProps = { config: Config; words: Words; frames: readonly Frame[] };

export function Warnings({ config, words, frames }: WarningsProps) {
  const { warnings: text } = useWords().check;
  const found = warnings(frames, config.limits, words.preset);
  if (!frames.some(isKept)) return null;
  return (
    <section className="warnings" aria-labelledby="warnings-heading">
      <h2 id="warnings-heading">{text.heading}</h2>
      {found.length === 0 ? <p className="quiet">{text.none}</p> : null}
      <ul>
        {found.map((warning) => (
          <li key={"numbers" in warning ? `${warning.kind} ${warning.numbers[0]}` : warning.kind}>{sentence(warning)}</li>
        ))}
      </ul>
      {found.length > 0 ? <p className="quiet">{text.go}</p> : null}
    </section>
  );

  function sentence(warning: Warning): string {
    switch (warning.kind) {
      case "few":
        return text.few(warning.count);
      case "small":
        return text.small(warning.numbers, config.limits.goodSide);
      case "background":
      case "side":
        return text[warning.kind](warning.alike, warning.of);
      default:
        return text[warning.kind](warning.numbers);
    }
  }
}
