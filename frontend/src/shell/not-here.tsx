import { Link } from "@tanstack/react-router";
import { look } from "../ui/look.ts";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";

export function NotHere() {
  const { nowhere: say, toSheets } = useWords().shell;
  useTitle(say.title);
  return (
    <section className="page">
      <h1>{say.title}</h1>
      <p className="lead">{say.text}</p>
      <Link to="/" className={look()}>
        {toSheets}
      </Link>
    </section>
  );
}
