import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button, look } from "../ui/button.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";
import { CompareFrame } from "./compare-frame.tsx";
import { CompareView } from "./compare-view.tsx";
import { addressOf, MOST, placesIn, type View, WHOLE } from "./comparing.ts";
import { Differences } from "./differences.tsx";
import type { Place, Print } from "./prints.ts";
import { printsOf } from "./prints.ts";
import { useSome, useUntuned } from "./queries.ts";
import { Refused } from "./refused.tsx";

/** Two to four prints side by side, the same part of each, and in what they differ. */
export default function Compare({ address }: { address: string }) {
  const { compare: say } = useWords().generate;
  const places = placesIn(address);
  const { printAt, failed } = usePrintsAt(places);
  const [view, setView] = useState<View>(WHOLE);
  const navigate = useNavigate();
  const keys = places.map(({ id, number }) => `${id}.${number}`);
  const leaveOut = (key: string) =>
    void navigate({ to: "/prints", search: { compare: addressOf(keys.filter((other) => other !== key)) } as never, replace: true });
  const shown = places.map(printAt).filter((print) => typeof print === "object");
  useTitle(say.title);
  return (
    <section className="page compare-page">
      <header className="page-head">
        <div>
          <h1>{say.heading}</h1>
          <p className="lead">{say.lead}</p>
        </div>
        <div className="actions">
          <CompareView view={view} onChange={setView} />
          <AddUntuned keys={keys} prints={shown} />
          <Link to="/prints" className={look()}>
            {say.back}
          </Link>
        </div>
      </header>
      {failed ? <ErrorNotice error={failed.error} again={failed.refetch} /> : null}
      {places.length < 2 ? <TooFew /> : null}
      <div className={`side-by-side side-by-side-${places.length}`}>
        {places.map((place, index) => (
          <CompareFrame
            key={keys[index]}
            number={index + 1}
            print={printAt(place)}
            view={view}
            onView={setView}
            onLeaveOut={places.length > 2 ? () => leaveOut(keys[index] ?? "") : undefined}
          />
        ))}
      </div>
      <Differences prints={shown} />
    </section>
  );
}

/** The print itself; "coming" while it is fetched, "gone" where there is none. */
export type Found = Print | "coming" | "gone";

function usePrintsAt(places: readonly Place[]) {
  const ids = [...new Set(places.map(({ id }) => id))];
  const found = useSome(ids);
  const printAt = ({ id, number }: Place): Found => {
    const query = found[ids.indexOf(id)];
    if (query?.data) return printsOf(query.data)[number] ?? "gone";
    return query?.isError ? "gone" : "coming";
  };
  const failed = found.find((query) => query.error && !isGone(query.error));
  return { printAt, failed };
}

/** What the first of them would be without training; where there is room, and it does not lie there already. */
function AddUntuned({ keys, prints }: { keys: readonly string[]; prints: readonly Print[] }) {
  const { compare: say } = useWords().generate;
  const navigate = useNavigate();
  const tuned = prints.find(({ made }) => !made.base);
  const untuned = useUntuned(tuned?.made.model ?? "");
  if (!tuned || keys.length >= MOST || prints.some(({ made }) => made.base)) return null;
  const add = () =>
    untuned.mutate(tuned, {
      onSuccess: (key) => void navigate({ to: "/prints", search: { compare: addressOf([...keys, key]) } as never, replace: true }),
    });
  return (
    <>
      <Button onPress={add} isPending={untuned.isPending} doing={say.adding}>
        {say.addUntuned}
      </Button>
      {untuned.error ? <Refused error={untuned.error} id={tuned.made.model} again={add} /> : null}
    </>
  );
}

const isGone = (error: Error): boolean => "code" in error && error.code === "NOT_FOUND";

function TooFew() {
  const { compare: say } = useWords().generate;
  return (
    <div className="gallery-empty">
      <h2>{say.few}</h2>
      <p className="lead">{say.fewSays}</p>
      <Link to="/prints" className={look()}>
        {say.back}
      </Link>
    </div>
  );
}
