import { moment } from "../job/names.ts";
import { number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import type { Named } from "./grid.tsx";
import type { Print } from "./prints.ts";

/** All that a print was made from, as text that can be read and copied. */
export function Settings({ print: { made, picture }, model }: { print: Print; model: Named }) {
  const { generate, job } = useWords();
  const say = generate.loupe;
  const language = useLanguage();
  const facts = [
    [say.model, made.base ? say.untuned(model.name) : say.version(model.name, made.version)],
    [say.without, made.negativePrompt],
    [say.seed, String(picture.seed)],
    [say.steps, number(made.steps, language)],
    [say.guidance, number(made.guidance, language, 1)],
    [say.drawn, moment(made.created, job, language)],
  ].filter(([, value]) => value);
  return (
    <dl className="loupe-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
