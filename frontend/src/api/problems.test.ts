import { beforeEach, expect, it } from "vitest";
import { problems as de } from "../words/de/problems.ts";
import { problems as en } from "../words/en/problems.ts";
import { ApiError, apiError, offline, told } from "./problems.ts";
import { session, sessionResumed } from "./session.ts";

const problem = (code: string, detail = "") => ({ code, detail, retryable: false });

beforeEach(sessionResumed);

it("a problem of the service is said by its code, in either language", () => {
  const error = apiError(409, problem("ASLEEP", "endpoint x is not deployed"));

  expect(told(error, en).sentence).toBe("The model is asleep");
  expect(told(error, de).sentence).toBe("Das Modell schläft");
});

it("each problem has a sentence, a cause and one button", () => {
  const codes = Object.keys(en.said);

  for (const code of codes) {
    const { sentence, cause, remedy } = told(apiError(409, problem(code)), de);
    expect([code, sentence.endsWith("."), cause.endsWith("."), remedy]).toEqual([code, false, true, expect.stringMatching(/^\w+$/)]);
  }
  expect(codes.length).toBeGreaterThan(30);
});

it("where the service names the picture, its own sentence is said in its own language, and ours in the other", () => {
  const error = apiError(422, problem("PICTURE_REFUSED", "one.png is 20 × 20 pixels. 32 a side are the fewest."));

  expect(told(error, en)).toMatchObject({ sentence: "", cause: "one.png is 20 × 20 pixels. 32 a side are the fewest." });
  expect(told(error, de).sentence).toBe("Dieses Bild lässt sich nicht verwenden");
});

it("what stands before the service is understood too", () => {
  expect(apiError(413, undefined).code).toBe("TOO_LARGE");
  expect(apiError(403, "You don't have access").code).toBe("NO_ACCESS");
  expect(apiError(502, undefined)).toMatchObject({ code: "UNAVAILABLE", retryable: true });
  expect(offline().retryable).toBe(true);
});

it("a session that is over is known to all who watch it", () => {
  const error = apiError(401, "<html>");

  expect(error.code).toBe("NOT_SIGNED_IN");
  expect(session()).toBe("over");
});

it("a problem that is newer than this page is said as the service says it, and a reload is offered", () => {
  const error = apiError(409, problem("TOO_NEW", "That is new."));

  expect(told(error, en)).toMatchObject({ sentence: "", cause: "That is new.", remedy: "reload" });
  expect(told(error, de).cause).toMatch(/Lade die Seite neu/);
});

it("whatever breaks in the page, there is a sentence", () => {
  expect(told(new TypeError("x is undefined"), en)).toMatchObject({ sentence: "Something on this page broke", remedy: "reload" });
});

it("what only an operator can find has its trace", () => {
  const body = { ...problem("INTERNAL"), traceId: "4bf92f3577b34da6a3ce929d0e0e4736" } as unknown;

  expect(told(apiError(500, body), en).trace).toBe("4bf92f3577b34da6a3ce929d0e0e4736");
  expect(told(new ApiError("ASLEEP", "", false), en).trace).toBeUndefined();
});
