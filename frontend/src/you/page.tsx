import { useMe } from "../api/queries.ts";
import type { Me } from "../api/types.ts";
import { Copyable } from "../library/copied.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";
import { Data } from "./data.tsx";
import { Docs } from "./docs.tsx";
import { Looks } from "./looks.tsx";
import { Quota, QuotaUnread } from "./quota.tsx";
import { Webhook } from "./webhook.tsx";
import "./you.css";

/** Who is signed in, what is left of their day, how the page looks, who is told, and what is kept of them. */
export function YouPage() {
  const { you: say } = useWords();
  const { data: me, error, refetch } = useMe();
  useTitle(say.title);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{say.heading}</h1>
          {me ? <Identity me={me} /> : null}
        </div>
      </header>
      {error ? <ErrorNotice error={error} again={refetch} /> : null}
      <div className="you-halves">
        <div className="work">
          {me ? <Quota me={me} /> : <QuotaUnread isFetching={!error} />}
          <Webhook />
          <Data />
        </div>
        <aside>
          <Looks />
          <Docs />
        </aside>
      </div>
    </div>
  );
}

function Identity({ me }: { me: Me }) {
  const { you: say } = useWords();
  return (
    <>
      <p className="lead">
        {say.signedIn} <strong>{me.email}</strong>
      </p>
      <p className="help identity">
        {say.id}: <Copyable name={say.id} value={me.id} />
      </p>
    </>
  );
}
