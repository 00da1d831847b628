import { Link, useLocation } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useMe } from "../api/queries.ts";
import { look } from "../ui/look.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { usePart } from "./part.ts";
import { Places, placeOf } from "./places.tsx";

export function Top() {
  const { shell: say } = useWords();
  return (
    <header className="top">
      <Link to="/" className="mark" aria-label={say.home} activeProps={{}}>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <circle cx="16" cy="16" r="15" />
          <path d="M26.6 5.4a15 15 0 0 1-21.2 21.2z" />
        </svg>
        <span>{say.product}</span>
      </Link>
      <Places className="places" />
      <div className="top-right">
        <Fresh />
        <SettingsButton />
        <Who />
      </div>
    </header>
  );
}

/** The pages of the sheets have a button of their own for it. */
function Fresh() {
  const { shell: say } = useWords();
  const { pathname } = useLocation();
  if (placeOf(pathname) === "sheets") return null;
  return (
    <Link to="/new" className={`${look()} fresh`}>
      {say.newSheet}
    </Link>
  );
}

function Who() {
  const { shell: say } = useWords();
  const { data: me } = useMe();
  return (
    <Link to="/you" className="who">
      {me ? <span className="who-open">{say.open(me.openJobs, me.maxOpenJobs)}</span> : null}
      <span>{say.account}</span>
      {me ? <span className="unseen">{me.email}</span> : null}
    </Link>
  );
}

const settings = () => import("./settings.tsx");

/** The browser's own button: what it opens is fetched when it is wanted. */
function SettingsButton() {
  const { shell: say } = useWords();
  const language = useLanguage();
  const trigger = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const Settings = usePart(settings, open);
  return (
    <>
      <button
        ref={trigger}
        type="button"
        className="settings-button"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span aria-hidden="true">{language.toUpperCase()}</span>
        <span className="unseen">{say.settings}</span>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="6.5" />
          <path d="M8 1.5a6.5 6.5 0 0 1 0 13z" />
        </svg>
      </button>
      {Settings ? <Settings trigger={trigger} isOpen={open} onOpenChange={setOpen} /> : null}
    </>
  );
}
