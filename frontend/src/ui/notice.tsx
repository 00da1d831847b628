import type { ReactNode } from "react";
import { ApiError, inWords } from "../api/problems.ts";

/** Something that went wrong: an icon and a sentence, in ink. */
export function Notice({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="notice" role="alert">
      <svg className="notice-mark" viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="8.5" />
        <path d="M10 5.5v5.5M10 14v.4" />
      </svg>
      <p>{children}</p>
      {action}
    </div>
  );
}

export function ErrorNotice({ error, action }: { error: unknown; action?: ReactNode }) {
  const signedOut = error instanceof ApiError && error.code === "NOT_SIGNED_IN";
  return <Notice action={signedOut ? <a href={location.pathname}>Sign in again</a> : action}>{inWords(error)}</Notice>;
}
