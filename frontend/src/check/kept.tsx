import type { Config } from "../api/types.ts";
import { money } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";

/** What stays after the button, where, and how long. */
export function Kept({ config }: { config: Config }) {
  const { kept: text } = useWords().check;
  const language = useLanguage();
  const { serving, currency } = config.prices;
  const rows = [
    [text.pictures, text.picturesKept(config.limits.pictureDays)],
    [text.model, text.modelKept],
    [text.prints, text.printsKept],
    [text.endpoint, text.endpointKept(serving > 0 ? money(serving, currency, language) : undefined)],
    [text.words, text.wordsKept],
  ] as const;
  return (
    <section className="kept" id="kept" aria-labelledby="kept-heading">
      <h2 id="kept-heading">{text.heading}</h2>
      <dl>
        {rows.map(([what, howLong]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{howLong}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
