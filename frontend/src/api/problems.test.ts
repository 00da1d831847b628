import { expect, it } from "vitest";
import { ApiError, apiError, inWords, offline } from "./problems.ts";

it("a problem of the service is said by its code", () => {
  const error = apiError(409, { code: "ASLEEP", detail: "endpoint x is not deployed", retryable: false });

  expect(inWords(error)).toBe("The model is asleep. Develop the sheet again to print from it.");
});

it("what stands before the service is understood too", () => {
  expect(apiError(401, "<html>").code).toBe("NOT_SIGNED_IN");
  expect(apiError(413, undefined).code).toBe("TOO_LARGE");
  expect(apiError(502, undefined)).toMatchObject({ code: "UNAVAILABLE", retryable: true });
  expect(offline().retryable).toBe(true);
});

it("a problem that is newer than this page is said as the service says it", () => {
  expect(inWords(apiError(409, { code: "TOO_NEW", detail: "That is new.", retryable: false }))).toBe("That is new.");
});

it("whatever breaks, there is a sentence", () => {
  expect(inWords(new TypeError("x is undefined"))).toMatch(/Reload/);
  expect(inWords(new ApiError("PICTURE_REFUSED", "a.pdf is not a picture.", false))).toBe("a.pdf is not a picture.");
});
