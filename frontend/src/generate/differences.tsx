import { number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { compared, type Line, type Said, wordsApart } from "./comparing.ts";
import type { Print } from "./prints.ts";
import { useModels } from "./queries.ts";

/** In what the compared prints differ, then what they share. */
export function Differences({ prints }: { prints: readonly Print[] }) {
  const { compare: say } = useWords().generate;
  const { differ, same } = compared(prints, useSaid());
  if (prints.length < 2) return null;
  return (
    <div className="two-halves differences">
      <section aria-labelledby="differ">
        <h2 id="differ">{say.differ}</h2>
        {differ.length === 0 ? <p className="quiet">{say.alike}</p> : null}
        <dl>
          {differ.map((line) => (
            <Apart key={line.setting} line={line} />
          ))}
        </dl>
        {differ.some(({ setting }) => setting === "prompt") ? <p className="help">{say.onlyHere}</p> : null}
      </section>
      <section aria-labelledby="same">
        <h2 id="same">{say.same}</h2>
        <dl>
          {same
            .filter(({ values }) => values[0])
            .map(({ setting, values }) => (
              <div key={setting}>
                <dt>{say.settings[setting]}</dt>
                <dd>{values[0]}</dd>
              </div>
            ))}
        </dl>
      </section>
    </div>
  );
}

/** One value for each print, by its number. */
function Apart({ line: { setting, values } }: { line: Line }) {
  const { compare: say } = useWords().generate;
  const isText = setting === "prompt" || setting === "negative";
  return (
    <div>
      <dt>{say.settings[setting]}</dt>
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a value is that of the print in its place
        <dd key={index} className="apart">
          <span className="print">
            <span className="unseen">{say.number(index + 1)}</span>
            <span aria-hidden="true">{index + 1}</span>
          </span>
          <span>{isText && value ? <Words text={value} others={values.filter((_, other) => other !== index)} /> : value || say.none}</span>
        </dd>
      ))}
    </div>
  );
}

function Words({ text, others }: { text: string; others: readonly string[] }) {
  return (
    <span>
      {wordsApart(text, others).map(({ text: word, own }, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: a word is its place in the sentence
        own ? <u key={index}>{word}</u> : word,
      )}
    </span>
  );
}

function useSaid(): Said {
  const { compare: say } = useWords().generate;
  const language = useLanguage();
  const models = useModels().data?.models ?? [];
  return {
    model: (id) => models.find((model) => model.id === id)?.name ?? id.slice(-4).toUpperCase(),
    version: ({ made }) => (made.base ? say.untuned : say.version(made.version)),
    number: (value) => number(value, language, value % 1 === 0 ? 0 : 1),
  };
}
