import { Link } from "@tanstack/react-router";
import { useTitle } from "../ui/title.ts";

export function NotHere() {
  useTitle("Not here");
  return (
    <section className="page">
      <h1>There is nothing here</h1>
      <p className="lead">The address may be cut short, or the sheet belongs to someone else.</p>
      <Link to="/" className="button">
        Your sheets
      </Link>
    </section>
  );
}
