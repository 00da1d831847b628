import type { Config } from "../api/types.ts";
import { useWords } from "../words/words.ts";
import { bare } from "./described.ts";

type SentenceProps = { config: Config; subject: string; classWord: string };

/** The prompt that the sheet will answer to, its two words marked. The model reads English, so nobody translates it. */
export function Sentence({ config, subject, classWord }: SentenceProps) {
  const [open, close] = useWords().describe.quotes;
  const parts = config.prompts.train.split(/(\{subject\}|\{classWord\})/);
  return (
    <p className="sentence" lang="en">
      {open}
      {parts.map((part) => {
        if (part === "{subject}") return <Word key={part} word={subject} instead="sks" />;
        if (part === "{classWord}") return <Word key={part} word={bare(classWord)} instead="…" />;
        return part;
      })}
      {close}
    </p>
  );
}

function Word({ word, instead }: { word: string; instead: string }) {
  return <strong className={word ? "" : "not-yet"}>{word || instead}</strong>;
}
