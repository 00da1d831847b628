import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { ApiError } from "../api/problems.ts";
import { announce } from "../ui/announce.tsx";
import { ErrorNotice, Notice } from "../ui/notice.tsx";
import { clock } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";

/** Says so when what the page shows may be old: no stream tells, and asking fails too. */
export function NotLive({ read, live }: { read: UseQueryResult<unknown>; live: boolean }) {
  const { job: say } = useWords();
  const language = useLanguage();
  const passing = !read.error || (read.error instanceof ApiError && read.error.retryable);
  const lost = !live && (read.isError || read.failureCount > 1);
  useReturn(lost && passing, say.liveAgain);
  if (!lost) return null;
  if (!passing) return <ErrorNotice error={read.error} again={() => read.refetch()} />;
  return <Notice tone="quiet">{say.notLive(clock(new Date(read.dataUpdatedAt), language))}</Notice>;
}

function useReturn(lost: boolean, said: string): void {
  const before = useRef(lost);
  useEffect(() => {
    if (before.current && !lost) announce(said);
    before.current = lost;
  }, [lost, said]);
}
