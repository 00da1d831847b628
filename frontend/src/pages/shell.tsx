import { Link, Outlet } from "@tanstack/react-router";
import { ApiError } from "../api/problems.ts";
import { useMe } from "../api/queries.ts";
import { ErrorNotice, Notice } from "../ui/notice.tsx";
import { useOnline } from "../ui/online.ts";

const PLACES = [
  { to: "/", label: "Sheets" },
  { to: "/new", label: "New sheet" },
] as const;

function Places({ className }: { className: string }) {
  return (
    <nav className={className} aria-label="Pages">
      {PLACES.map(({ to, label }) => (
        <Link key={to} to={to} activeOptions={{ exact: true }} activeProps={{ "aria-current": "page" }}>
          {label}
        </Link>
      ))}
    </nav>
  );
}

export function Shell() {
  const me = useMe();
  const online = useOnline();
  const signedOut = me.error instanceof ApiError && me.error.code === "NOT_SIGNED_IN";
  return (
    <>
      <a className="skip" href="#content">
        Skip to the page
      </a>
      <header className="top">
        <Link to="/" className="mark" aria-label="sd for designers, your sheets">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <circle cx="16" cy="16" r="15" />
            <path d="M26.6 5.4a15 15 0 0 1-21.2 21.2z" />
          </svg>
          <span>sd for designers</span>
        </Link>
        <Places className="places" />
        <p className="who">
          {me.data ? (
            <>
              <span>
                {me.data.openJobs} of {me.data.maxOpenJobs} sheets open
              </span>
              <span className="who-email">{me.data.email}</span>
            </>
          ) : null}
        </p>
      </header>
      <main id="content" tabIndex={-1}>
        {online ? null : <Notice>You are offline. What was sent is kept; this page goes on by itself.</Notice>}
        {signedOut ? <ErrorNotice error={me.error} /> : null}
        <Outlet />
      </main>
      <Places className="places-thumb" />
    </>
  );
}
