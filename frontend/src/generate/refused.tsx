import { Link } from "@tanstack/react-router";
import { codeOf } from "../api/problems.ts";
import { look } from "../ui/button.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { useWords } from "../words/words.ts";

/** A model that sleeps is woken on its own page, where the price stands. */
export function Refused({ error, id, again }: { error: unknown; id: string; again(): void }) {
  const { asleep: say } = useWords().generate;
  const wake = (
    <Link to="/models/$id/generate" params={{ id }} className={look()}>
      {say.wake}
    </Link>
  );
  return codeOf(error) === "ASLEEP" ? <ErrorNotice error={error} action={wake} /> : <ErrorNotice error={error} again={again} />;
}
