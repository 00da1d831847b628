import { Link } from "@tanstack/react-router";
import { type ReactNode, useSyncExternalStore } from "react";
import { codeOf, type Remedy, told } from "../api/problems.ts";
import { REFRESH, session, watchSession } from "../api/session.ts";
import { useWords } from "../words/words.ts";
import { look } from "./look.ts";

type NoticeProps = { title?: string | undefined; children?: ReactNode; action?: ReactNode; tone?: "trouble" | "quiet" };

/** Something to know: an icon and a sentence, in ink. Trouble is said at once, the rest when the screen reader has time. */
export function Notice({ title, children, action, tone = "trouble" }: NoticeProps) {
  return (
    <div className={tone === "quiet" ? "notice notice-quiet" : "notice"} role={tone === "quiet" ? "status" : "alert"}>
      <svg className="notice-mark" viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="8.5" />
        <path d={tone === "quiet" ? "M10 9v5.5M10 5.8v.4" : "M10 5.5v5.5M10 14v.4"} />
      </svg>
      <p>
        {title ? <strong>{title}.</strong> : null} {children}
      </p>
      {action}
    </div>
  );
}

type ErrorProps = {
  error: unknown;
  /** Does the same once more. Where it is given, whatever may succeed another time offers it. */
  again?: (() => unknown) | undefined;
  /** Another button, where the page knows better than the problem's own. */
  action?: ReactNode;
};

/** What went wrong, why, and the button that helps. */
export function ErrorNotice({ error, again, action }: ErrorProps) {
  const { problems, shell } = useWords();
  const { sentence, cause, remedy, trace } = told(error, problems);
  if (codeOf(error) === "NOT_SIGNED_IN") return <Missed again={again} />;
  return (
    <Notice title={sentence} action={action ?? <Help remedy={remedy} again={again} />}>
      {cause}
      {trace ? <span className="print notice-trace">{shell.trace(trace)}</span> : null}
    </Notice>
  );
}

/** While the session is over the shell says so; afterwards what was refused can be done once more. */
function Missed({ again }: { again: (() => unknown) | undefined }) {
  const { session: say } = useWords().shell;
  const signedIn = useSyncExternalStore(watchSession, session) === "known";
  return signedIn ? <Notice action={<Help remedy="again" again={again} />}>{say.missed}</Notice> : null;
}

function Help({ remedy, again }: { remedy: Remedy; again: (() => unknown) | undefined }) {
  const { shell: say } = useWords();
  switch (remedy) {
    case "again":
      return again ? <Act onClick={() => void again()}>{say.again}</Act> : null;
    case "signIn":
      return (
        <a className={look()} href={REFRESH} target="_blank" rel="noopener opener">
          {say.signIn}
        </a>
      );
    case "reload":
      return <Act onClick={() => location.reload()}>{say.reload}</Act>;
    case "sheets":
      return (
        <Link className={look()} to="/">
          {say.toSheets}
        </Link>
      );
    case "allowance":
      return (
        <Link className={look()} to="/you">
          {say.toAllowance}
        </Link>
      );
    case "none":
      return null;
  }
}

/** The browser's own button: what helps in need must not wait for a part that may be what is missing. */
function Act({ onClick, children }: { onClick(): void; children: ReactNode }) {
  return (
    <button type="button" className={look()} onClick={onClick}>
      {children}
    </button>
  );
}

type Tried = { error: unknown; isPending: boolean } & (
  | { refetch(): unknown; mutate?: never; variables?: never }
  // biome-ignore lint/suspicious/noExplicitAny: whatever the mutation takes, it is given once more
  | { mutate(variables: any): unknown; variables: unknown; refetch?: never }
);

/** The error of a query or a mutation beside what was pressed, with "again"; nothing where there is none. */
export function Trouble({ of }: { of: Tried }) {
  if (!of.error || of.isPending) return null;
  return <ErrorNotice error={of.error} again={() => (of.refetch ? of.refetch() : of.mutate?.(of.variables))} />;
}
