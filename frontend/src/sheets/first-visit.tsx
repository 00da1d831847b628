import { Link } from "@tanstack/react-router";
import { FilmOfSteps } from "../ui/film.tsx";
import { look } from "../ui/look.ts";
import { useWords } from "../words/words.ts";
import { Closed } from "./page.tsx";

/** An unexposed sheet that explains itself. */
export function FirstVisit() {
  const { first: say } = useWords().sheets;
  return (
    <section className="page first-visit">
      <h1 tabIndex={-1}>{say.title}</h1>
      <p className="lead">{say.lead}</p>
      <Closed />
      <FilmOfSteps edge={say.edge} steps={say.steps} className="film-row film-steps" />
      <Link to="/new" className={look("first")}>
        {say.start}
      </Link>
    </section>
  );
}
