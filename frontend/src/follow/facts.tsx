import type { ReactNode } from "react";
import type { Config, Estimate, JobDetail } from "../api/types.ts";
import { duration } from "../job/duration.ts";
import { clock, money, number } from "../words/format.ts";
import { useLanguage, useWords, type Words } from "../words/words.ts";
import { useNow } from "./now.ts";
import { learning, sinceWhen } from "./remaining.ts";

/** A stage that waits: for how long, for what, what it costs, and when the service gives up. */
export function Waiting({ job }: { job: JobDetail }) {
  const { follow: say } = useWords();
  const language = useLanguage();
  const now = useNow(true);
  const since = sinceWhen(job);
  const state = job.state as keyof typeof say.now.reasons;
  const givenUp = state === "cancelling" ? null : job.deadline;
  return (
    <section aria-labelledby="just-now">
      <h2 id="just-now">{say.now.title}</h2>
      <dl className="facts facts-open facts-wide">
        {since ? <Fact name={costsNothing(state) ? say.now.waited : say.now.takes}>{duration(now - Date.parse(since))}</Fact> : null}
        <Fact name={say.now.reason}>{say.now.reasons[state]}</Fact>
        {costsNothing(state) ? <Fact name={say.now.cost}>{say.now.nothing}</Fact> : null}
        {givenUp ? <Fact name={say.now.until}>{clock(givenUp, language)}</Fact> : null}
      </dl>
      {givenUp ? <p className="help">{say.now.untilWhy}</p> : null}
    </section>
  );
}

/** Nothing is paid for before a machine learns. */
function costsNothing(state: JobDetail["state"]): boolean {
  return state === "uploaded" || state === "queued" || state === "provisioning";
}

type FactsProps = { job: JobDetail; prices: Config["prices"] | undefined; estimate: Estimate | undefined };

/** What is known of the sheet. */
export function Facts({ job, prices, estimate }: FactsProps) {
  const { follow: say } = useWords();
  const language = useLanguage();
  const { step, total } = job.progress;
  const basis = estimate && (estimate.basis === "history" ? say.basis.history(estimate.jobs) : say.basis.config);
  return (
    <section aria-labelledby="this-sheet">
      <h2 id="this-sheet">{say.facts.title}</h2>
      <dl className="facts facts-open facts-wide">
        <Fact name={say.facts.pictures}>{number(job.pictures, language)}</Fact>
        <Fact name={say.facts.prompt}>{job.prompt}</Fact>
        <Fact name={say.facts.steps}>
          {total > 0 ? say.facts.stepsOf(number(step, language), number(total, language)) : number(job.steps, language)}
        </Fact>
        {estimate ? (
          <Fact name={say.facts.estimate} note={basis}>
            {span(duration(estimate.lowSeconds * 1000), duration(estimate.highSeconds * 1000), say)}
          </Fact>
        ) : null}
        {prices && prices.training > 0 && !costsNothing(job.state) ? <Spent job={job} prices={prices} estimate={estimate} /> : null}
      </dl>
    </section>
  );
}

function Spent({ job, prices, estimate }: { job: JobDetail; prices: Config["prices"]; estimate: Estimate | undefined }) {
  const { follow: say } = useWords();
  const language = useLanguage();
  const now = useNow(job.state === "training");
  const inMoney = (amount: number) => money(amount, prices.currency, language);
  const spent = (learning(job.history, now) / 3_600_000) * prices.training;
  const inAll = estimate?.price && span(inMoney(estimate.price.low), inMoney(estimate.price.high), say);
  return (
    <>
      <Fact name={say.facts.spent} note={spent < 0.005 ? undefined : say.facts.spentNote}>
        {spent < 0.005 ? say.now.nothing : say.facts.about(inMoney(spent))}
      </Fact>
      {inAll ? <Fact name={say.facts.price}>{inAll}</Fact> : null}
    </>
  );
}

function span(low: string, high: string, say: Words["follow"]): string {
  return low === high ? say.facts.about(low) : say.facts.likely(low, high);
}

function Fact({ name, note, children }: { name: string; note?: string | undefined; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {children}
        {note ? <small className="help">{note}</small> : null}
      </dd>
    </>
  );
}
