import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMe } from "../api/queries.ts";
import type { Estimate } from "../api/types.ts";
import type { Words } from "../describe/described.ts";
import { Trouble } from "../ui/notice.tsx";
import { clock, day, durationRange, moneyRange, number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { minutesLeft } from "./readiness.ts";

type TakesProps = { id: string; words: Words; estimate: UseQueryResult<Estimate> };

/** How long, how much, and by what that is known. */
export function Takes({ id, words, estimate }: TakesProps) {
  const { check, describe } = useWords();
  const { takes: text } = check;
  const language = useLanguage();
  const { data } = estimate;
  const priced = (price: Estimate["price"]) => (price ? moneyRange(price.low, price.high, price.currency, language) : text.free);
  return (
    <section className="panel takes" aria-labelledby="takes">
      <h2 id="takes">{text.heading}</h2>
      <dl className="facts">
        <dt>{text.becomes}</dt>
        <dd>
          <Link to="/jobs/$id/describe" params={{ id }} hash="methods">
            {describe.methods[words.method].label}
          </Link>
        </dd>
        <dt>{text.care}</dt>
        <dd>
          <Link to="/jobs/$id/describe" params={{ id }} hash="presets">
            {describe.presets[words.preset].label}
          </Link>
        </dd>
        <dt>{text.time}</dt>
        <dd>{data ? durationRange(data.lowSeconds, data.highSeconds) : text.asking}</dd>
        <dt>{text.price}</dt>
        <dd>{data ? priced(data.price) : text.asking}</dd>
      </dl>
      {data ? (
        <p className="help">
          {data.basis === "history" ? text.history(data.jobs) : text.config}
          {data.price ? ` ${text.asOf(day(data.price.asOf, language))}` : null}
        </p>
      ) : null}
      <Trouble of={estimate} />
      <Day minutes={data?.gpuMinutes} />
    </section>
  );
}

/** What is left of the designer's day, and what this sheet takes of it. */
function Day({ minutes }: { minutes: number | undefined }) {
  const { day: text } = useWords().check;
  const language = useLanguage();
  const { data: me } = useMe();
  if (!me) return null;
  const { gpuMinutes, resets } = me.quota;
  return (
    <>
      <dl className="facts facts-day">
        <dt>{text.minutes}</dt>
        <dd>{text.left(number(minutesLeft(me.quota), language), number(gpuMinutes.limit, language))}</dd>
      </dl>
      <p className="help">
        {minutes === undefined ? null : text.takes(number(minutes, language))} {text.resets(clock(resets, language))}
      </p>
    </>
  );
}
