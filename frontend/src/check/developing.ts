/** Handing a sheet in: once, however often it is pressed, and only when everything of it is with the service. */

import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { submitJob } from "../api/jobs.ts";
import { queries } from "../api/queries.ts";
import type { JobDetail } from "../api/types.ts";
import type { Darkroom } from "../choose/darkroom.ts";
import { leaveDarkroom } from "../choose/darkrooms.ts";
import { readyToDevelop } from "../choose/ready.ts";
import type { CaptionBook } from "../describe/captions.ts";
import type { Draft } from "../describe/draft.ts";

type Parts = { job: JobDetail; darkroom: Darkroom; draft: Draft; book: CaptionBook };

export function useDeveloping({ job, darkroom, draft, book }: Parts) {
  const navigate = useNavigate();
  const wait = useRef<AbortController>(undefined);
  const [handingIn, setHandingIn] = useState(false);
  useEffect(() => () => wait.current?.abort(), []);

  const develop = useMutation({
    mutationFn: async () => {
      wait.current = new AbortController();
      await draft.settled();
      await readyToDevelop(darkroom, wait.current.signal);
      await book.settled();
      setHandingIn(true);
      return submitJob(job.id);
    },
    onSettled: () => setHandingIn(false),
    onSuccess: (submitted) => {
      queries.setQueryData(["job", job.id], submitted);
      queries.invalidateQueries({ queryKey: ["me"] });
      leaveDarkroom(job.id);
      navigate({ to: "/jobs/$id/follow", params: { id: job.id } });
    },
    // what the page believed is out of date, whatever the reason
    onError: () => {
      for (const queryKey of [["job", job.id], ["me"], ["config"]]) queries.invalidateQueries({ queryKey });
    },
  });

  const called = develop.error instanceof DOMException && develop.error.name === "AbortError";
  return {
    isPending: develop.isPending,
    /** Too late to call it off. */
    handingIn,
    error: called ? undefined : develop.error,
    develop: () => develop.mutate(),
    callOff: () => wait.current?.abort(),
  };
}

export type Developing = ReturnType<typeof useDeveloping>;
