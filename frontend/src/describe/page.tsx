import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useConfig } from "../api/queries.ts";
import type { Config, JobDetail } from "../api/types.ts";
import { darkroomOf } from "../choose/darkrooms.ts";
import { tally } from "../choose/frames.ts";
import { useSheet } from "../choose/use-sheet.ts";
import { useJobHere } from "../job/frame.tsx";
import { Head } from "../job/head.tsx";
import { Button } from "../ui/button.tsx";
import { Unexposed } from "../ui/film.tsx";
import { Trouble } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";
import { CaptionList } from "./caption-list.tsx";
import { Consent } from "./consent.tsx";
import type { Said } from "./draft.ts";
import { useDraft } from "./here.ts";
import { Methods } from "./methods.tsx";
import { type Missing, missingWords, whatIsMissing } from "./missing.ts";
import { Presets } from "./presets.tsx";
import { useTakenWords } from "./queries.ts";
import { Saved } from "./saved.tsx";
import { Sentence } from "./sentence.tsx";
import { WordFields } from "./words.tsx";
import "./describe.css";

export function DescribePage() {
  const { describe: text } = useWords();
  const job = useJobHere();
  const config = useConfig();
  useTitle(text.title(job.name));
  if (config.data) return <Describe job={job} config={config.data} />;
  return (
    <section className="page">
      <h1>{text.heading}</h1>
      {config.isError ? <Trouble of={config} /> : <Unexposed label={text.opening} />}
    </section>
  );
}

/** The words, what they become, how thoroughly, the captions; and beside them the sentence that all of it comes to, and the way on. */
function Describe({ job, config }: { job: JobDetail; config: Config }) {
  const { describe: text } = useWords();
  const darkroom = darkroomOf(job, config.limits);
  const { frames } = useSheet(darkroom);
  const { draft, said } = useDraft(job);
  const taken = useTakenWords(job.id);
  const [asked, setAsked] = useState(false);
  const { words } = said;
  const say = draft.say.bind(draft);
  const missing = whatIsMissing(tally(frames).kept, config.limits.minPictures, words, said.clash);
  return (
    <div className="two-columns">
      <div className="page described">
        <Head job={job} title={text.heading}>
          <p className="lead">{text.lead}</p>
        </Head>
        <WordFields words={words} taken={taken} asked={asked} say={say} />
        <Methods config={config} chosen={words.method} choose={(method) => say({ method })} />
        <Presets config={config} job={job} words={words} choose={(preset) => say({ preset })} />
        <CaptionList job={job} frames={frames} />
      </div>
      <aside className="side" aria-label={text.sentence}>
        <div className="panel">
          <div className="asked">
            <p className="print">{text.sentence}</p>
            <Sentence config={config} subject={words.subject} classWord={words.classWord} />
          </div>
          <Consent job={job} words={words} asked={asked} say={say} />
        </div>
        <Saved draft={draft} said={said} />
        <Onward id={job.id} said={said} missing={missing} ask={() => setAsked(true)} />
      </aside>
    </div>
  );
}

type OnwardProps = { id: string; said: Said; missing: readonly Missing[]; ask(): void };

/** Goes on once the words are whole; until then to the first that is not. */
function Onward({ id, said, missing, ask }: OnwardProps) {
  const { describe: text } = useWords();
  const navigate = useNavigate();
  const [first] = missing;
  const goOn = () => {
    const [gap] = missingWords(said.words, said.clash);
    if (!gap) return navigate({ to: "/jobs/$id/check", params: { id } });
    ask();
    document.getElementById(PLACE[gap.what])?.focus();
  };
  return (
    <div className="go">
      <Button kind="first" wide onPress={goOn}>
        {text.go}
      </Button>
      <p className="help">{first ? sentence(first, text.missing) : text.next}</p>
    </div>
  );
}

const PLACE: Readonly<Record<Missing["what"], string>> = {
  pictures: "captions",
  classWord: "class-word",
  wrongClassWord: "class-word",
  subject: "subject",
  clash: "clash",
  consent: "consent",
};

export function sentence(missing: Missing, text: ReturnType<typeof useWords>["describe"]["missing"]): string {
  return missing.what === "pictures" ? text.pictures(missing.more) : text[missing.what];
}
