import { useSpeak } from "../shell/speaking.tsx";
import { choose, THEMES, useTheme } from "../shell/theme.ts";
import { Segments } from "../ui/segments.tsx";
import { LANGUAGES, type Language, useLanguage, useWords } from "../words/words.ts";

const SPOKEN = (Object.keys(LANGUAGES) as Language[]).map((id) => ({ id, label: LANGUAGES[id] }));

/** Language and light of all pages, in this browser. */
export function Looks() {
  const { looks: say } = useWords().you;
  const speak = useSpeak();
  const language = useLanguage();
  const theme = useTheme();
  return (
    <section className="panel" aria-labelledby="looks">
      <h2 id="looks">{say.heading}</h2>
      <Segments label={say.language} value={language} options={SPOKEN} onChange={speak} />
      <Segments label={say.theme} value={theme} options={THEMES.map((id) => ({ id, label: say[id] }))} onChange={choose} help={say.here} />
    </section>
  );
}
