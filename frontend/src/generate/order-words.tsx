import { useEffect, useRef } from "react";
import { Button } from "react-aria-components/Button";
import type { Model } from "../api/types.ts";
import { announce } from "../ui/announce.tsx";
import { Button as WordButton } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { useWords } from "../words/words.ts";
import type { Ordering } from "./ordering.ts";
import { hintsFor, isNamed, PROMPT_LENGTH, withSubject, wordsOf } from "./orders.ts";

type WordsProps = { model: Model; hints: readonly string[]; ordering: Ordering };

const NEARLY = 120;

/** The words, and what helps to find them. */
export function Words({ model, hints, ordering }: WordsProps) {
  const { order: say } = useWords().generate;
  const { order, change } = ordering;
  const left = PROMPT_LENGTH - order.prompt.length;
  return (
    <>
      <TakenOver model={model} ordering={ordering} />
      <div className="order-words">
        <Field
          label={say.prompt}
          rows={4}
          value={order.prompt}
          maxLength={PROMPT_LENGTH}
          onChange={(prompt) => change({ prompt })}
          help={left < NEARLY ? say.left(left) : say.promptHelp}
        />
        <Subject model={model} ordering={ordering} />
        <Hints model={model} hints={hints} ordering={ordering} />
      </div>
      <Field
        label={say.without}
        placeholder={say.withoutExample}
        value={order.negativePrompt}
        maxLength={PROMPT_LENGTH}
        onChange={(negativePrompt) => change({ negativePrompt })}
      />
    </>
  );
}

/** The model learnt one word: without it the subject stays away. */
function Subject({ model, ordering: { order, change } }: Omit<WordsProps, "hints">) {
  const { order: say } = useWords().generate;
  const prompt = order.prompt.trim();
  if (isNamed(prompt, model.subject)) return null;
  return (
    <div className="order-unnamed">
      {prompt ? <p className="order-warning">{say.unnamed(model.subject, model.classWord)}</p> : null}
      <Button className="chip" onPress={() => change({ prompt: withSubject(order.prompt, model) })}>
        {say.addWord(wordsOf(model))}
      </Button>
    </div>
  );
}

function Hints({ model, hints, ordering: { order, change } }: WordsProps) {
  const { order: say } = useWords().generate;
  const offered = hintsFor(hints, model).filter((hint) => hint !== order.prompt);
  if (offered.length === 0) return null;
  return (
    <ul className="order-hints" aria-label={say.hints}>
      {offered.map((hint) => (
        <li key={hint}>
          <Button className="chip chip-words" aria-label={say.hintLabel(hint)} onPress={() => change({ prompt: hint })}>
            {hint.replace(model.prompt, "…")}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Whoever comes from a print sees that the form is filled, and gets back what stood there. */
function TakenOver({ model, ordering: { order, before, bringBack } }: Omit<WordsProps, "hints">) {
  const { order: say } = useWords().generate;
  const box = useRef<HTMLDivElement>(null);
  const hadWords = Boolean(before) && before?.prompt !== model.prompt && before?.prompt !== order.prompt;
  const text = order.remixOf && order.keepSeed ? say.taken(order.seed) : hadWords ? say.takenWords : say.takenOver;
  const isShown = Boolean(before);
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once, as it is when it appears
  useEffect(() => {
    if (!isShown) return;
    announce(text);
    box.current?.closest("form")?.querySelector("textarea")?.focus();
  }, [isShown]);
  if (!before) return null;
  return (
    <div className="order-taken" ref={box}>
      <p className="help">{text}</p>
      {hadWords ? (
        <WordButton kind="bare" onPress={bringBack}>
          {say.bringBack}
        </WordButton>
      ) : null}
    </div>
  );
}
