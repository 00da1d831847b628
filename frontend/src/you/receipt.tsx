import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { ApiError } from "../api/problems.ts";
import type { Receipt } from "../api/types.ts";
import { announce } from "../ui/announce.tsx";
import { look } from "../ui/button.tsx";
import { Unexposed } from "../ui/film.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { Kept, Removed } from "./named.tsx";
import { useReceipt } from "./queries.ts";
import { moment } from "./receipt-text.ts";
import { TakeAlong } from "./take-along.tsx";
import { Tally } from "./tally.tsx";
import "./receipt.css";

/** What a deletion removed so far, and what stays for a while. */
export function ReceiptPage() {
  const { id } = useParams({ from: "/receipts/$id" });
  const { data: receipt, error, refetch } = useReceipt(id);
  if (error instanceof ApiError && error.code === "NOT_FOUND") return <Missing />;
  if (!receipt) return <Fetching error={error} again={refetch} />;
  return <ReceiptHere receipt={receipt} error={error} again={refetch} />;
}

type Tried = { error: unknown; again(): unknown };

function ReceiptHere({ receipt, error, again }: Tried & { receipt: Receipt }) {
  const { receipt: say } = useWords().you;
  const isDone = receipt.state === "done";
  useTitle(isDone ? say.done : say.due);
  useSaying(isDone);
  return (
    <article className="page receipt">
      <Head receipt={receipt} />
      {error ? <ErrorNotice error={error} again={again} /> : null}
      <Tally receipt={receipt} />
      <div className="receipt-halves">
        <Removed receipt={receipt} />
        <div className="work">
          <Facts receipt={receipt} />
          <Kept receipt={receipt} />
        </div>
      </div>
      <TakeAlong receipt={receipt} />
    </article>
  );
}

/** Whoever waits for the end of it is told. */
function useSaying(isDone: boolean) {
  const { receipt: say } = useWords().you;
  const before = useRef(isDone);
  useEffect(() => {
    if (isDone && !before.current) announce(say.done);
    before.current = isDone;
  }, [isDone, say]);
}

function Head({ receipt }: { receipt: Receipt }) {
  const { receipt: say } = useWords().you;
  const language = useLanguage();
  return (
    <header className="page-head">
      <div>
        <p className="print">
          {say.number(receipt.id)} · {say.scope[receipt.scope]}
        </p>
        <h1>{receipt.done ? say.done : say.due}</h1>
        <p className="lead">{receipt.done ? say.doneLead(moment(receipt.done, language)) : say.dueLead}</p>
      </div>
    </header>
  );
}

function Facts({ receipt }: { receipt: Receipt }) {
  const { receipt: say } = useWords().you;
  const language = useLanguage();
  const facts = [
    [say.asked, moment(receipt.asked, language)],
    [say.finished, receipt.done ? moment(receipt.done, language) : say.notYet],
    [say.of, receipt.jobId],
    [say.id, receipt.id],
  ];
  return (
    <dl className="receipt-facts">
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={value === receipt.jobId || value === receipt.id ? "print" : ""}>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Fetching({ error, again }: Tried) {
  const { receipt: say } = useWords().you;
  return (
    <section className="page">
      <h1>{error ? say.unreached : say.title}</h1>
      {error ? <ErrorNotice error={error} again={again} /> : null}
      <Unexposed count={5} label={error ? "" : say.fetching} />
    </section>
  );
}

function Missing() {
  const { receipt: say } = useWords().you;
  useTitle(say.missing);
  return (
    <section className="page">
      <h1>{say.missing}</h1>
      <p className="lead">{say.missingLead}</p>
      <Link to="/you" className={look()}>
        {say.toYou}
      </Link>
    </section>
  );
}
