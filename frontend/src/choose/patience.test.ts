import { describe, expect, it } from "vitest";
import { ApiError, apiError, offline } from "../api/problems.ts";
import { pauseMs, verdict } from "./patience.ts";

const problem = (code: string, retryable = false) => new ApiError(code as never, "", retryable);

describe("a picture that did not get through", () => {
  it("is tried again by itself after what passes", () => {
    expect(verdict(offline())).toBe("again");
    expect(verdict(apiError(503, ""))).toBe("again");
    expect(verdict(problem("BUSY", true))).toBe("again");
    expect(verdict(problem("CUT_SHORT"))).toBe("again");
  });

  it("waits for who has to sign in", () => {
    expect(verdict(problem("NOT_SIGNED_IN"))).toBe("signIn");
  });

  it("stops only for what a person must settle", () => {
    expect(verdict(problem("TOO_MANY_JOBS"))).toBe("stopped");
    expect(verdict(problem("OVER_QUOTA"))).toBe("stopped");
    expect(verdict(new Error("a fault of ours"))).toBe("stopped");
  });

  it("is told apart from one that cannot be used, is too many, or was removed elsewhere", () => {
    expect(verdict(problem("PICTURE_REFUSED"))).toBe("refused");
    expect(verdict(problem("TOO_MANY_PICTURES"))).toBe("over");
    expect(verdict(problem("PICTURE_REMOVED"))).toBe("gone");
  });
});

describe("the pause before the next try", () => {
  it("doubles up to a minute", () => {
    expect([0, 1, 2, 5].map((tries) => pauseMs(tries, 1))).toEqual([1000, 2000, 4000, 32_000]);
    expect(pauseMs(40, 1)).toBe(60_000);
  });

  it("is by chance between half of that and all of it", () => {
    expect(pauseMs(3, 0)).toBe(4000);
    expect(pauseMs(3, 1)).toBe(8000);
  });
});
