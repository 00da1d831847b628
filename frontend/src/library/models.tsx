import { Link } from "@tanstack/react-router";
import { type RefObject, useEffect, useRef } from "react";
import { Button, look } from "../ui/button.tsx";
import { FilmOfSteps, Unexposed } from "../ui/film.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";
import { ModelStrip } from "./model-strip.tsx";
import { useModels } from "./queries.ts";

/** All models, each as a strip of what it draws. */
export function ModelsPage() {
  const { library: say } = useWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useModels();
  const models = data?.pages.flatMap((page) => page.models) ?? [];
  const list = useRef<HTMLUListElement>(null);
  const focusAfter = useFocusOnNew(list, models.length);
  const more = () => {
    focusAfter(models.length);
    fetchNextPage();
  };
  useTitle(say.title);
  if (!data) return <Waiting error={error} again={refetch} />;
  if (models.length === 0 && !hasNextPage) return <NoneYet />;
  return (
    <section className="page">
      <header className="page-head">
        <div>
          <h1>{say.heading}</h1>
          <p className="lead">{say.counted(models.length, hasNextPage)}</p>
        </div>
      </header>
      {error ? <ErrorNotice error={error} again={refetch} /> : null}
      <ul className="models" ref={list}>
        {models.map((model) => (
          <ModelStrip key={model.id} model={model} />
        ))}
      </ul>
      {hasNextPage ? (
        <Button onPress={more} isPending={isFetchingNextPage} doing={say.moreComing}>
          {say.more}
        </Button>
      ) : null}
    </section>
  );
}

/** The button for more may be gone with the last of them: the focus goes on to the first that is new. */
function useFocusOnNew(list: RefObject<HTMLUListElement | null>, count: number) {
  const after = useRef<number>(undefined);
  useEffect(() => {
    if (after.current === undefined || count <= after.current) return;
    list.current?.querySelectorAll<HTMLElement>(".cover-link")[after.current]?.focus();
    after.current = undefined;
  }, [list, count]);
  return (shown: number) => {
    after.current = shown;
  };
}

/** Strips without pictures, until there is something to show. */
function Waiting({ error, again }: { error: unknown; again(): unknown }) {
  const { library: say } = useWords();
  return (
    <section className="page">
      <h1>{say.heading}</h1>
      {error ? <ErrorNotice error={error} again={again} /> : null}
      <div className="models">
        <Unexposed label={error ? "" : say.fetching} />
        <Unexposed label="" />
      </div>
    </section>
  );
}

/** Nothing is here yet: how a model comes to be. */
function NoneYet() {
  const { none: say } = useWords().library;
  return (
    <section className="page none-yet">
      <h1>{say.heading}</h1>
      <p className="lead">{say.lead}</p>
      <FilmOfSteps edge={say.edge} steps={say.steps} strip="strip strip-four coming" />
      <Link to="/new" className={look("first")}>
        {say.go}
      </Link>
    </section>
  );
}
