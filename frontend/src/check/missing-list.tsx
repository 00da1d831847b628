import { Link } from "@tanstack/react-router";
import type { Missing } from "../describe/missing.ts";
import { look } from "../ui/button.tsx";
import { useWords } from "../words/words.ts";
import { SayConsent } from "./refusal.tsx";

type ListProps = { id: string; missing: readonly Missing[]; fewest: number };

/** Each thing that is left to do, with the way to it. */
export function MissingList({ id, missing, fewest }: ListProps) {
  const { check } = useWords();
  const { missing: text } = check;
  return (
    <ul className="missing">
      {missing.map((each) => (
        <li key={each.what}>
          {each.what === "pictures" ? (
            <>
              <p>
                <strong>{text.pictures(each.more)}.</strong> <span className="quiet">{text.why(fewest)}</span>
              </p>
              <Link className={look()} to="/jobs/$id/choose" params={{ id }}>
                {text.choose}
              </Link>
            </>
          ) : (
            <>
              <p>
                <strong>{text[each.what]}</strong>
              </p>
              {each.what === "consent" ? <SayConsent /> : <ToWords id={id} say={text.describe} />}
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function ToWords({ id, say }: { id: string; say: string }) {
  return (
    <Link className={look()} to="/jobs/$id/describe" params={{ id }}>
      {say}
    </Link>
  );
}
