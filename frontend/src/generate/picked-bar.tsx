import { Link } from "@tanstack/react-router";
import { Button, look } from "../ui/button.tsx";
import { useWords } from "../words/words.ts";
import { addressOf } from "./comparing.ts";
import { unpickAll, usePicked } from "./picked.ts";

/** What is picked to be compared, wherever it lies. */
export function PickedBar() {
  const { picked: say } = useWords().generate;
  const picked = usePicked();
  if (picked.length === 0) return null;
  return (
    <aside className="picked-bar" aria-label={say.label}>
      <p>
        <strong>{say.count(picked.length)}</strong> {picked.length === 1 ? <span className="quiet">{say.one}</span> : null}
      </p>
      <Button kind="bare" onPress={unpickAll}>
        {say.clear}
      </Button>
      {picked.length > 1 ? (
        <Link to="/prints" search={{ compare: addressOf(picked) } as never} className={look()}>
          {say.compare}
        </Link>
      ) : null}
    </aside>
  );
}
