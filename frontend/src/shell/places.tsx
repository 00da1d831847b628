import { Link, useLocation } from "@tanstack/react-router";
import { useWords } from "../words/words.ts";

type Place = "sheets" | "prints" | "models";
const PLACES = [
  ["sheets", "/"],
  ["prints", "/prints"],
  ["models", "/models"],
] as const;

/** The part of the portal that a path belongs to. */
export function placeOf(pathname: string): Place | undefined {
  if (pathname === "/" || pathname === "/new" || pathname.startsWith("/jobs/")) return "sheets";
  return PLACES.find(([, path]) => path !== "/" && (pathname === path || pathname.startsWith(`${path}/`)))?.[0];
}

/** The three places; where somebody is now is marked, also on the pages below it. */
export function Places({ className }: { className: string }) {
  const { shell: say } = useWords();
  const { pathname } = useLocation();
  const here = placeOf(pathname);
  return (
    <nav className={className} aria-label={say.pages}>
      {PLACES.map(([place, to]) => (
        <Link key={place} to={to} aria-current={place === here ? (to === pathname ? "page" : "true") : undefined} activeProps={{}}>
          {say[place]}
        </Link>
      ))}
    </nav>
  );
}
