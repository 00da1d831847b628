import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { codeOf } from "../api/problems.ts";
import { session, watchSession } from "../api/session.ts";
import { anyLate, watchLate } from "../api/waiting.ts";
import { announce } from "../ui/announce.tsx";
import { look } from "../ui/look.ts";
import { Notice } from "../ui/notice.tsx";
import { useOnline } from "../ui/online.ts";
import { useWords } from "../words/words.ts";
import { putOff, renewal, watchRenewal } from "./renewal.ts";

/** What holds for every page: no network, a slow service, a portal that was renewed, a page that did not come. */
export function News() {
  const { shell: say } = useWords();
  const online = useOnline();
  const slow = useSyncExternalStore(watchLate, anyLate);
  const { renewed, held } = useSyncExternalStore(watchRenewal, renewal);
  useReturn(online);
  if (!online) return <Bar>{<Notice>{held ? say.offlineHeld : say.offline}</Notice>}</Bar>;
  return (
    <Bar>
      {slow ? <Notice tone="quiet">{say.slow}</Notice> : null}
      <Held renewed={renewed} held={held} />
    </Bar>
  );
}

const Bar = ({ children }: { children: ReactNode }) => <div className="news">{children}</div>;

/** What could not be fetched for want of a network can be now. */
function useReturn(online: boolean): void {
  const { shell: say } = useWords();
  const before = useRef(online);
  useEffect(() => {
    if (online && !before.current) {
      putOff();
      announce(say.online);
    }
    before.current = online;
  }, [online, say]);
}

function Held({ renewed, held }: Pick<ReturnType<typeof renewal>, "renewed" | "held">) {
  const { shell: say } = useWords();
  if (held && codeOf(held) === "NOT_SIGNED_IN") return null;
  if (held && codeOf(held) !== "NEWER") return <Notice action={<Later />}>{say.unreached.held}</Notice>;
  if (!held && !renewed) return null;
  return (
    <Notice tone={held ? "trouble" : "quiet"} action={<Reload />}>
      {held ? say.newer.held : say.newer.notice}
    </Notice>
  );
}

function Later() {
  const { shell: say } = useWords();
  return (
    <button type="button" className={look()} onClick={putOff}>
      {say.close}
    </button>
  );
}

function Reload() {
  const { newer: say } = useWords().shell;
  return (
    <div className="actions">
      <button type="button" className={look()} onClick={putOff}>
        {say.later}
      </button>
      <button type="button" className={look()} onClick={() => location.reload()}>
        {say.reload}
      </button>
    </div>
  );
}

export const useSession = () => useSyncExternalStore(watchSession, session);

/** Stays on the page where the dialog was closed. */
export function SignedOut({ ask }: { ask(): void }) {
  const { problems, shell: say } = useWords();
  const sign = (
    <button type="button" className={look()} onClick={ask}>
      {say.signIn}
    </button>
  );
  const { sentence, cause } = problems.said.NOT_SIGNED_IN;
  return (
    <Notice title={sentence} action={sign}>
      {cause}
    </Notice>
  );
}
