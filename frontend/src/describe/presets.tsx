import { Disclosure, DisclosurePanel } from "react-aria-components/Disclosure";
import { Heading } from "react-aria-components/Heading";
import type { Preset } from "../api/jobs.ts";
import type { Config, JobDetail } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { RadioFilm } from "../ui/segments.tsx";
import { durationRange, moneyRange, number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import type { Words } from "./described.ts";
import { useEstimate } from "./queries.ts";

type PresetsProps = { config: Config; job: JobDetail; words: Words; choose(preset: Preset): void };

/** What you get, how long it takes, what it costs. */
export function Presets({ config, job, words, choose }: PresetsProps) {
  const { presets: text } = useWords().describe;
  const language = useLanguage();
  const presets = config.presets.filter(({ method }) => method === words.method);
  const options = presets.map(({ id, steps }) => ({
    id,
    label: text[id].label,
    sentence: text[id].sentence,
    fact: text.steps(number(steps, language)),
  }));
  return (
    <section className="thoroughness" id="presets" aria-labelledby="thoroughly">
      <h2 id="thoroughly">{text.heading}</h2>
      <RadioFilm label={text.label} labelUnseen value={words.preset} options={options} onChange={choose} />
      <p className="help" aria-live="polite">
        <Takes job={job} words={words} />
      </p>
      <Advanced preset={presets.find(({ id }) => id === words.preset)} />
    </section>
  );
}

function Takes({ job, words }: { job: JobDetail; words: Words }) {
  const { presets: text } = useWords().describe;
  const language = useLanguage();
  const { data } = useEstimate(job);
  // until the service has the choice it reckons with the one before
  if (!data || job.preset !== words.preset || job.method !== words.method) return text.asking;
  const { lowSeconds, highSeconds, price } = data;
  const costs = price ? text.costs(moneyRange(price.low, price.high, price.currency, language)) : text.free;
  return `${text.takes(durationRange(lowSeconds, highSeconds))} ${costs}`;
}

/** Facts, not knobs. */
function Advanced({ preset }: { preset: Config["presets"][number] | undefined }) {
  const { advanced: text } = useWords().describe;
  const language = useLanguage();
  if (!preset) return null;
  return (
    <Disclosure className="folded">
      <Heading level={3}>
        <Button slot="trigger" kind="bare">
          {text.heading}
        </Button>
      </Heading>
      <DisclosurePanel>
        <dl className="facts-open">
          <dt>{text.method}</dt>
          <dd>{text.methods[preset.method]}</dd>
          <dt>{text.steps}</dt>
          <dd>{number(preset.steps, language)}</dd>
          <dt>{text.resolution}</dt>
          <dd>{text.pixels(number(preset.resolution, language))}</dd>
        </dl>
        <p className="help">{text.fixed}</p>
      </DisclosurePanel>
    </Disclosure>
  );
}
