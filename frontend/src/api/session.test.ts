import { expect, it } from "vitest";
import { session, sessionEnded, sessionResumed, watchSession } from "./session.ts";

it("who watches is told once when the session ends, and once when it is back", () => {
  const seen: string[] = [];
  const stop = watchSession(() => seen.push(session()));

  sessionEnded();
  sessionEnded();
  sessionResumed();
  stop();
  sessionEnded();

  expect(seen).toEqual(["over", "known"]);
});
