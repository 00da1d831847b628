import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { readMe } from "../api/account.ts";
import { REFRESH, sessionResumed } from "../api/session.ts";
import type { Me } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useWords } from "../words/words.ts";

export type SessionProps = { isOpen: boolean; onOpenChange(open: boolean): void };

/** Signs in anew in a window of its own, so that nothing of the page is lost. */
export default function SessionDialog({ isOpen, onOpenChange }: SessionProps) {
  const { session: say, ...words } = useWords().shell;
  const [asked, setAsked] = useState<Window | null | undefined>();
  useReturn(isOpen, asked);
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title={say.title} role="alertdialog">
      {(close) => (
        <>
          <p className="dialog-text" aria-live="polite">
            {asked === undefined ? say.text : say.waiting}
          </p>
          <div className="actions">
            <Button onPress={close}>{words.close}</Button>
            <Button kind="first" autoFocus onPress={() => setAsked(open(REFRESH, "sign-in", "popup,width=480,height=720"))}>
              {asked === undefined ? say.press : say.pressAgain}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

const EVERY_MS = 2000;

/** Asks who this is until there is an answer: a window of another origin does not say when it is done. */
function useReturn(waiting: boolean, asked: Window | null | undefined): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!waiting) return;
    const before = queries.getQueryData<Me>(["me"]);
    const ask = async () => {
      const me = await readMe().catch(() => undefined);
      if (!me) return;
      asked?.close();
      // what is on the page is another person's
      if (before && before.id !== me.id) location.reload();
      else sessionResumed();
    };
    const timer = setInterval(ask, EVERY_MS);
    addEventListener("focus", ask);
    return () => {
      clearInterval(timer);
      removeEventListener("focus", ask);
    };
  }, [waiting, asked, queries]);
}
