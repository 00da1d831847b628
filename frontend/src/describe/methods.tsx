import type { Method } from "../api/jobs.ts";
import type { Config } from "../api/types.ts";
import { RadioFilm } from "../ui/segments.tsx";
import { useWords } from "../words/words.ts";

type MethodsProps = { config: Config; chosen: Method; choose(method: Method): void };

/** What a sheet is to become, by what a designer can do with it. */
export function Methods({ config, chosen, choose }: MethodsProps) {
  const { methods: text } = useWords().describe;
  const offered = [...new Set(config.presets.map(({ method }) => method))];
  return (
    <section className="methods" id="methods" aria-labelledby="becomes">
      <h2 id="becomes">{text.heading}</h2>
      <RadioFilm label={text.label} labelUnseen value={chosen} options={offered.map((id) => ({ id, ...text[id] }))} onChange={choose} />
    </section>
  );
}
