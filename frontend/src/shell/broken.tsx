import type { ErrorComponentProps } from "@tanstack/react-router";
import { codeOf } from "../api/problems.ts";
import { ErrorNotice } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";

/** A page that could not be drawn or fetched; the others still can. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const { broken, newer, unreached } = useWords().shell;
  const code = codeOf(error);
  const say = code === "NEWER" ? newer : code === "OFFLINE" ? unreached : broken;
  useTitle(say.title);
  return (
    <section className="page">
      <h1>{say.title}</h1>
      <p className="lead">{say.text}</p>
      <ErrorNotice error={error} again={reset} />
    </section>
  );
}
