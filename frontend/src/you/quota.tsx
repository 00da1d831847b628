import { Label } from "react-aria-components/Label";
import { Meter } from "react-aria-components/Meter";
import type { Me } from "../api/types.ts";
import { bytes, clock, number } from "../words/format.ts";
import { type Language, useLanguage, useWords } from "../words/words.ts";
import { type Allowed, allowances, left, percent } from "./allowances.ts";

/** What is used of the day, and when it begins anew. */
export function Quota({ me }: { me: Me }) {
  const { quota: say } = useWords().you;
  const language = useLanguage();
  const resets = new Date(me.quota.resets);
  const isToday = resets.toDateString() === new Date().toDateString();
  return (
    <section aria-labelledby="quota">
      <h2 id="quota">{say.heading}</h2>
      <p className="quiet">{say.lead((isToday ? say.today : say.tomorrow)(clock(resets, language)))}</p>
      <div className="bars">
        {allowances(me).map((each) => (
          <Bar key={each.name} allowed={each} />
        ))}
      </div>
    </section>
  );
}

const written = ({ name }: Allowed, value: number, language: Language): string => (name === "bytes" ? bytes : number)(value, language);

function Bar({ allowed }: { allowed: Allowed }) {
  const { quota: say } = useWords().you;
  const language = useLanguage();
  const remains = left(allowed);
  const used = say.of(written(allowed, allowed.used, language), written(allowed, allowed.limit, language));
  return (
    <Meter className="bar" value={percent(allowed)} valueLabel={used}>
      <Label>{say[allowed.name]}</Label>
      <span className="bar-figure">{used}</span>
      <svg className="bar-line" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect className="bar-room" width="100" height="8" />
        <rect className="bar-used" width={percent(allowed)} height="8" />
      </svg>
      <span className="help">{remains > 0 ? say.left(written(allowed, remains, language)) : say.allUsed}</span>
    </Meter>
  );
}

/** The bars without their figures. */
export function QuotaUnread({ isFetching }: { isFetching: boolean }) {
  const { quota: say, fetching } = useWords().you;
  return (
    <section aria-labelledby="quota">
      <h2 id="quota">{say.heading}</h2>
      {isFetching ? <p role="status">{fetching}</p> : null}
      <div className="bars" aria-hidden="true">
        {(["pictures", "bytes", "gpuMinutes", "sheets"] as const).map((name) => (
          <div className="bar" key={name}>
            <span>{say[name]}</span>
            <svg className="bar-line" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
              <rect className="bar-room" width="100" height="8" />
            </svg>
          </div>
        ))}
      </div>
    </section>
  );
}
