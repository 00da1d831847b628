import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { LOCALE } from "../words/format.ts";
import { atOnce, type Language, load, preferred, remember, Spoken } from "../words/words.ts";

const Speak = createContext<(language: Language) => void>(() => undefined);

/** Changes the language of all pages, and remembers it here. */
export const useSpeak = () => useContext(Speak);

/** English is there at once. Another language is waited for; until it has come the pages go on in the one they were in. */
export function Speaking({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState<Language>(preferred);
  const [spoken, setSpoken] = useState(() => atOnce(wanted));
  useEffect(() => {
    let late = false;
    load(wanted).then(
      (words) => late || setSpoken({ words, language: wanted }),
      // without its file there is still English, at least on the first page
      () => late || setSpoken((before) => before ?? atOnce("en")),
    );
    return () => {
      late = true;
    };
  }, [wanted]);
  useEffect(() => {
    if (spoken) document.documentElement.lang = spoken.language;
  }, [spoken]);
  const speak = (language: Language) => {
    remember(language);
    setWanted(language);
  };
  if (!spoken) return null;
  return (
    <I18nProvider locale={LOCALE[spoken.language]}>
      <Speak.Provider value={speak}>
        <Spoken.Provider value={spoken}>{children}</Spoken.Provider>
      </Speak.Provider>
    </I18nProvider>
  );
}
