import { Button } from "react-aria-components";
import type { Description } from "../api/api.ts";
import { useEstimate } from "../api/queries.ts";
import type { Config } from "../api/types.ts";
import { bare, isClassWord, isSubject } from "../job/described.ts";
import { duration } from "../job/words.ts";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import type { Sheet } from "../upload/darkroom.ts";
import type { Tally } from "../upload/frames.ts";

type DescribeProps = {
  config: Config;
  sheet: Sheet;
  counts: Tally;
  starting: boolean;
  trouble: string | undefined;
  describe(change: Partial<Description>): void;
  resume(): void;
  develop(): void;
};

/** What the pictures show, what developing takes, and the one button. */
export function Describe({ config, sheet, counts, starting, trouble, describe, resume, develop }: DescribeProps) {
  const missing = whatIsMissing(counts, config.limits.minPictures, sheet.description);
  return (
    <aside className="side" aria-label="Describe and develop">
      <Words description={sheet.description} describe={describe} />
      <Takes config={config} jobId={sheet.jobId} />
      {trouble ? (
        <Notice
          action={
            counts.stopped > 0 ? (
              <Button className="button" onPress={resume}>
                Send again
              </Button>
            ) : undefined
          }
        >
          {trouble}
        </Notice>
      ) : null}
      <div className="go">
        <Button className="button button-first button-wide" isDisabled={Boolean(missing)} isPending={starting} onPress={develop}>
          {starting ? `${counts.underway} more to come` : `Develop ${counts.kept} ${counts.kept === 1 ? "picture" : "pictures"}`}
        </Button>
        <p className="help" aria-live="polite">
          {missing || says(counts, starting)}
        </p>
      </div>
    </aside>
  );
}

type WordsProps = { description: Description; describe(change: Partial<Description>): void };

function Words({ description: { name, subject, classWord }, describe }: WordsProps) {
  const what = bare(classWord);
  return (
    <div className="panel">
      <Field
        label="What is it?"
        placeholder="a cat"
        value={classWord}
        onChange={(value) => describe({ classWord: value })}
        error={what && !isClassWord(what) ? "Letters, spaces and hyphens only, as in “tabby cat”." : undefined}
        help={`The class: keeps what the model knows of other ${what ? plural(what) : "such things"}.`}
        autoComplete="off"
      />
      <Field
        label="Its own word"
        value={subject}
        onChange={(value) => describe({ subject: value.trim() })}
        error={isSubject(subject) ? undefined : "One word of 2 to 32 letters or digits."}
        help={`A rare word that will stand for it: “a photo of a ${subject || "sks"} ${what || "cat"}”.`}
        autoComplete="off"
      />
      <Field
        label="Name of the sheet"
        placeholder={what || "Optional"}
        value={name}
        onChange={(value) => describe({ name: value })}
        autoComplete="off"
      />
    </div>
  );
}

function Takes({ config, jobId }: { config: Config; jobId: string | undefined }) {
  const preset = config.presets[0];
  const estimate = useEstimate(jobId).data;
  return (
    <dl className="panel facts">
      <dt>Method</dt>
      <dd>{preset?.label}</dd>
      <dt>Learning</dt>
      <dd>{preset?.steps} steps</dd>
      <dt>Picture size</dt>
      <dd>{preset?.resolution} px</dd>
      {estimate ? (
        <>
          <dt>Takes about</dt>
          <dd>
            {duration(estimate.lowSeconds * 1000)} to {duration(estimate.highSeconds * 1000)}
          </dd>
        </>
      ) : null}
      {estimate?.price ? (
        <>
          <dt>Costs about</dt>
          <dd>
            {estimate.price.low.toFixed(2)} to {estimate.price.high.toFixed(2)} {estimate.price.currency}
          </dd>
        </>
      ) : null}
      <dt>Location, camera data</dt>
      <dd>removed</dd>
    </dl>
  );
}

function whatIsMissing(counts: Tally, fewest: number, { subject, classWord }: Description): string {
  const short = fewest - counts.kept;
  if (short > 0) return `${fewest} pictures are the fewest to learn from: ${short} more.`;
  if (!bare(classWord)) return "Say what it is, then it can be developed.";
  return isClassWord(classWord) && isSubject(subject) ? "" : "One of the words needs attention.";
}

function says(counts: Tally, starting: boolean): string {
  if (starting) return "It starts as soon as the last picture is here. Keep this window open until then.";
  if (counts.underway > 0) return "Pictures are still coming; you may press already.";
  return "Everything is here. Pictures of an open sheet are kept for a day.";
}

function plural(word: string): string {
  return /(s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
