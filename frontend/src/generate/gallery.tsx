import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useRef } from "react";
import type { Wall } from "../api/generations.ts";
import type { Model } from "../api/types.ts";
import { look } from "../ui/button.tsx";
import { Unexposed } from "../ui/film.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";
import { Empty } from "./empty.tsx";
import { Filters } from "./filters.tsx";
import type { Named } from "./grid.tsx";
import { all } from "./lists.ts";
import type { Search } from "./orders.ts";
import { PickedBar } from "./picked-bar.tsx";
import { missing, type Print, printsOf } from "./prints.ts";
import { useGenerations, useModels } from "./queries.ts";
import { PrintWall } from "./wall.tsx";
import "./generate.css";

const Compare = lazy(() => import("./compare.tsx"));
const A_PAGE = 100;

/** All prints of all models; or, where the address names some, those side by side. */
export function GalleryPage() {
  const search: Search = useSearch({ strict: false });
  const { gallery: say } = useWords().generate;
  if (typeof search.compare !== "string") return <Gallery search={search} />;
  return (
    <Suspense fallback={<Unexposed count={2} label={say.fetching} />}>
      <Compare address={search.compare} />
    </Suspense>
  );
}

function Gallery({ search }: { search: Search }) {
  const { gallery: say } = useWords().generate;
  const navigate = useNavigate();
  const wall = { model: typeof search.model === "string" ? search.model : undefined, favourite: search.favourite === true };
  const list = useGenerations(wall, A_PAGE);
  const models = useModels().data?.models ?? [];
  const prints = useShown(all(list.data).flatMap(printsOf), wall);
  const show = ({ model, favourite }: Wall) =>
    void navigate({
      to: "/prints",
      search: { ...(model ? { model } : {}), ...(favourite ? { favourite } : {}) } as never,
      resetScroll: false,
    });
  const isEmpty = Boolean(list.data) && prints.length === 0 && !list.hasNextPage;
  const isFirst = isEmpty && !wall.model && !wall.favourite;
  useTitle(say.title);
  return (
    <section className="page gallery">
      <GalleryHead count={prints.length} more={list.hasNextPage} wall={wall} isThere={Boolean(list.data)} />
      {isFirst ? null : <Filters wall={wall} models={models} onChange={show} />}
      {list.error ? <ErrorNotice error={list.error} again={list.refetch} /> : null}
      {list.isPending ? <Waiting /> : null}
      {isEmpty ? <Empty wall={wall} onAll={() => show({})} /> : null}
      <PrintWall key={`${wall.model} ${wall.favourite}`} prints={prints} modelOf={(id) => named(models, id)} list={list} />
      <PickedBar />
    </section>
  );
}

type HeadProps = { count: number; more: boolean; wall: Wall; isThere: boolean };

function GalleryHead({ count, more, wall, isThere }: HeadProps) {
  const { gallery: say } = useWords().generate;
  const lead = wall.favourite ? say.leadFavourites : say.lead;
  return (
    <header className="page-head">
      <div>
        <h1>{say.heading}</h1>
        <p className="lead">{isThere && count > 0 ? lead(count, more) : null}</p>
      </div>
      {wall.model ? (
        <Link to="/models/$id/generate" params={{ id: wall.model }} className={look()}>
          {say.printWith}
        </Link>
      ) : null}
    </header>
  );
}

/** Pictures, and those that come. A favourite whose circle was taken away just now stays until one leaves, so that it can be given back. */
function useShown(prints: readonly Print[], { favourite }: Wall): readonly Print[] {
  const were = useRef(new Set<string>());
  const shown = prints.filter((print) => !["blocked", "undrawn"].includes(missing(print) ?? ""));
  if (!favourite) {
    were.current.clear();
    return shown;
  }
  for (const print of shown) if (print.picture.favourite) were.current.add(print.key);
  return shown.filter((print) => were.current.has(print.key));
}

/** One that is not among the first models is called by its number. */
function named(models: readonly Model[], id: string): Named {
  return models.find((model) => model.id === id) ?? { id, name: id.slice(-4).toUpperCase(), subject: "print" };
}

function Waiting() {
  const { gallery: say } = useWords().generate;
  return (
    <div className="wall-waiting" role="status" aria-label={say.fetching}>
      {Array.from({ length: 18 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the frames are all alike
        <span className="proof-picture" key={index} />
      ))}
    </div>
  );
}
