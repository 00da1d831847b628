import { Unexposed } from "../ui/film.tsx";
import { useWords } from "../words/words.ts";

/** Sheets whose pictures are not here yet. */
export function Unread() {
  const { sheets: say } = useWords();
  return (
    <div className="sheets">
      <Unexposed label={say.fetching} />
      <div aria-hidden="true">
        <Unexposed label="" />
      </div>
    </div>
  );
}
