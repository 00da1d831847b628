import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "../api/problems.ts";
import type { Receipt } from "../api/types.ts";
import { Button, look } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Notice } from "../ui/notice.tsx";
import { clock, day } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { Consequences } from "./consequences.tsx";
import { remembered } from "./erasing.ts";
import { useDeletingEverything } from "./queries.ts";

/** Everything of hers, and the button that deletes it. */
export function Data() {
  const { data: say } = useWords().you;
  const erase = useDeletingEverything();
  const [isUnderWay, setUnderWay] = useState(false);
  const go = () =>
    erase.mutateAsync().then(
      () => setUnderWay(false),
      (error) => {
        // no second press helps against this, so the dialog closes and the page says what does
        const refused = error instanceof ApiError && error.code === "NOT_ALLOWED";
        setUnderWay(refused);
        if (!refused) throw error;
      },
    );
  return (
    <section aria-labelledby="data">
      <h2 id="data">{say.heading}</h2>
      <p className="quiet">{say.lead}</p>
      <Confirm trigger={<Button kind="ends">{say.button}</Button>} title={say.title} yes={say.yes} no={say.no} doing={say.busy} onYes={go}>
        <Consequences
          goes={say.goes}
          going={[say.sheets, say.models, say.prints, say.webhook]}
          stays={say.stays}
          staying={[say.usage, say.copies, say.receipts]}
        />
      </Confirm>
      {isUnderWay ? <UnderWay /> : null}
      {erase.data ? <Begun receipts={erase.data} /> : null}
      <Receipts />
    </section>
  );
}

function UnderWay() {
  const { data: say } = useWords().you;
  return (
    <Notice
      action={
        <Link to="/" className={look()}>
          {say.toSheets}
        </Link>
      }
    >
      {say.underWay}
    </Notice>
  );
}

function Begun({ receipts }: { receipts: readonly Receipt[] }) {
  const { data: say } = useWords().you;
  const [first] = receipts;
  const open = first ? (
    <Link to="/receipts/$id" params={{ id: first.id }} className={look()}>
      {say.toReceipt}
    </Link>
  ) : null;
  return (
    <Notice tone="quiet" action={receipts.length === 1 ? open : null}>
      {first ? say.asked(receipts.length) : say.nothing}
    </Notice>
  );
}

/** What was deleted from here before. */
function Receipts() {
  const { data: say } = useWords().you;
  const language = useLanguage();
  const receipts = remembered();
  if (receipts.length === 0) return null;
  return (
    <div className="receipts">
      <h3>{say.receiptsHeading}</h3>
      <p className="help">{say.receiptsLead}</p>
      <ul>
        {receipts.map(({ id, asked }) => (
          <li key={id}>
            <Link to="/receipts/$id" params={{ id }}>
              {say.receipt(`${day(asked, language)}, ${clock(asked, language)}`)}
            </Link>{" "}
            <span className="print">{id.slice(-4).toUpperCase()}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
