import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { useWords } from "../words/words.ts";
import { inEnglish, isVague, SUGGESTED } from "./class-words.ts";
import { type Collision, collision, type Taken } from "./collisions.ts";
import { bare, isClassWord, namedAfter, type Words } from "./described.ts";
import { rareWord } from "./rare-words.ts";

type WordsProps = { words: Words; taken: readonly Taken[]; asked: boolean; say(change: Partial<Words>): void };

/** What it is, its own word, and a name for the sheet. `asked`: she wanted to go on, so what is missing may be said. */
export function WordFields({ words, taken, asked, say }: WordsProps) {
  const { describe: text } = useWords();
  return (
    <section className="words" aria-labelledby="words">
      <h2 id="words">{text.words}</h2>
      <ClassField words={words} asked={asked} say={say} />
      <SubjectField words={words} taken={taken} asked={asked} say={say} />
      <Field
        label={text.name.label}
        placeholder={namedAfter(words.classWord)}
        help={text.name.help}
        value={words.name}
        onChange={(name) => say({ name })}
        maxLength={120}
        autoComplete="off"
      />
    </section>
  );
}

type ClassProps = Pick<WordsProps, "words" | "asked" | "say">;

function ClassField({ words: { classWord }, asked, say }: ClassProps) {
  const { classWord: text } = useWords().describe;
  const what = bare(classWord);
  const english = inEnglish(what);
  const wrong = what && !isClassWord(what) && !english ? text.wrong : undefined;
  const missing = asked && !what ? text.missing : undefined;
  return (
    <div className="word">
      <Field
        id="class-word"
        label={text.label}
        placeholder={text.placeholder}
        value={classWord}
        onChange={(value) => say({ classWord: value })}
        error={missing ?? wrong}
        help={help()}
        maxLength={70}
        autoComplete="off"
      />
      {english ? <Offer words={[english]} take={(word) => say({ classWord: word })} /> : null}
      {what ? null : <Offer label={text.examples} words={SUGGESTED} take={(word) => say({ classWord: word })} />}
    </div>
  );

  function help() {
    if (!what) return text.empty;
    if (english) return <span className="warns">{text.german(english)}</span>;
    return isVague(what) ? <span className="warns">{text.vague(what)}</span> : text.protects(what);
  }
}

/** Words to take with one press. */
function Offer({ label, words, take }: { label?: string; words: readonly string[]; take(word: string): void }) {
  const { subject: text } = useWords().describe;
  return (
    <div className="offer">
      {label ? <span className="help">{label}</span> : null}
      {words.map((word) => (
        <Button key={word} kind="bare" onPress={() => take(word)} aria-label={text.take(word)}>
          {label ? word : text.take(word)}
        </Button>
      ))}
    </div>
  );
}

function SubjectField({ words: { subject, classWord, name }, taken, asked, say }: WordsProps) {
  const { subject: text } = useWords().describe;
  const [turn, setTurn] = useState(0);
  const trouble = collision(subject, classWord, taken);
  const rare = rareWord(likeOf(subject, name), classWord, taken, turn);
  const refused = trouble?.kind === "refused" && (asked || subject !== "");
  return (
    <div className="word">
      <Field
        id="subject"
        label={text.label}
        value={subject}
        onChange={(value) => say({ subject: value.trim() })}
        error={refused ? text.refused : undefined}
        help={<Verdict trouble={trouble} subject={subject} />}
        maxLength={40}
        autoComplete="off"
        spellCheck="false"
      />
      {trouble ? (
        <div className="offer">
          <Button kind="bare" onPress={() => say({ subject: rare })}>
            {text.take(rare)}
          </Button>
          <Button kind="bare" onPress={() => setTurn(turn + 1)}>
            {text.another}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** What a new word may remind of: of the one that was typed, or else of the sheet's name. */
function likeOf(subject: string, name: string): string {
  return subject.length < 4 ? (name.split(/\s+/)[0] ?? "") : subject;
}

function Verdict({ trouble, subject }: { trouble: Collision | undefined; subject: string }) {
  const { subject: text } = useWords().describe;
  if (!subject) return text.help;
  if (!trouble) return text.free(subject);
  return <span className="warns">{sentence(trouble)}</span>;

  function sentence(found: Collision): string {
    if (found.kind === "taken") return text.taken(subject, found.by);
    if (found.kind === "known" || found.kind === "name" || found.kind === "famous") return text[found.kind](subject);
    return text[found.kind];
  }
}
