import { useEffect } from "react";
import { look } from "../ui/look.ts";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";

/** Where a window ends that was opened to sign in anew. It closes itself where the browser lets it. */
export function SignedIn() {
  const { session: say } = useWords().shell;
  useTitle(say.done);
  useEffect(() => close(), []);
  return (
    <main className="page">
      <h1>{say.done}</h1>
      <p className="lead">{say.doneText}</p>
      <button type="button" className={look()} onClick={() => close()}>
        {say.doneClose}
      </button>
    </main>
  );
}
