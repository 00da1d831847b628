import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Announcer, announce } from "../ui/announce.tsx";
import { useWords } from "../words/words.ts";
import { useArrival } from "./arrival.ts";
import { News, SignedOut, useSession } from "./news.tsx";
import { usePart } from "./part.ts";
import { Places } from "./places.tsx";
import { putOff, renewal, watchForRenewal } from "./renewal.ts";
import { Top } from "./top.tsx";

export function Shell() {
  const { shell: say } = useWords();
  useArrival();
  useEffect(() => watchForRenewal(), []);
  return (
    <>
      <a className="skip" href="#content">
        {say.skip}
      </a>
      <Top />
      <main id="content" tabIndex={-1}>
        <News />
        <Session />
        <Outlet />
      </main>
      <Places className="places-thumb" />
      <Announcer />
    </>
  );
}

const dialog = () => import("./session.tsx");

/** A session that ends is renewed over the page; then what was refused is asked for once more, and whoever wanted to go elsewhere goes. */
function Session() {
  const { session: say } = useWords().shell;
  const queries = useQueryClient();
  const router = useRouter();
  const over = useSession() === "over";
  const [asking, setAsking] = useState(true);
  const Dialog = usePart(dialog, over);
  useEffect(() => {
    if (!over) return;
    setAsking(true);
    return () => {
      announce(say.back);
      queries.invalidateQueries();
      const { wanted } = renewal();
      putOff();
      if (wanted) router.navigate({ href: wanted });
      else router.invalidate();
    };
  }, [over, queries, router, say]);
  if (!over) return null;
  return (
    <>
      {asking && Dialog ? null : <SignedOut ask={() => setAsking(true)} />}
      {Dialog ? <Dialog isOpen={asking} onOpenChange={setAsking} /> : null}
    </>
  );
}
