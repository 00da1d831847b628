/** What went wrong, and how the page says it. */

import type { Problem } from "./types.ts";

export type Code = Problem["code"] | "OFFLINE";

export class ApiError extends Error {
  readonly code: Code;
  readonly retryable: boolean;
  readonly problem: Problem | undefined;

  constructor(code: Code, detail: string, retryable: boolean, problem?: Problem) {
    super(detail);
    this.code = code;
    this.retryable = retryable;
    this.problem = problem;
  }
}

export function offline(): ApiError {
  return new ApiError("OFFLINE", "", true);
}

/** From an answer that is no success; what stands in front of the API may answer in a shape of its own. */
export function apiError(status: number, body: unknown): ApiError {
  if (isProblem(body)) return new ApiError(body.code, body.detail, body.retryable, body);
  if (status === 401) return new ApiError("NOT_SIGNED_IN", "", false);
  if (status === 413) return new ApiError("TOO_LARGE", "", false);
  return new ApiError(status >= 500 ? "UNAVAILABLE" : "BAD_REQUEST", "", status >= 500);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

const WORDS: Readonly<Record<Code, (detail: string) => string>> = {
  OFFLINE: () => "You are offline. What was sent is kept; this page goes on by itself.",
  VALIDATION: (detail) => `Something in the form needs attention: ${detail}`,
  NOT_SIGNED_IN: () => "Your session is over. Sign in again; nothing is lost.",
  CROSS_SITE: () => "This page and the service do not recognise each other. Reload the page.",
  NOT_FOUND: () => "There is no such sheet among yours.",
  NOT_ALLOWED: () => "The sheet has moved on meanwhile. Look at its present state and try again.",
  NOT_READY: () => "The model is not ready yet. Prints can be made as soon as it is.",
  ASLEEP: () => "The model is asleep. Develop the sheet again to print from it.",
  PICTURES_MISSING: (detail) => detail,
  TOO_FEW_PICTURES: (detail) => detail,
  TOO_MANY_PICTURES: (detail) => detail,
  PICTURE_REFUSED: (detail) => detail,
  PICTURE_REMOVED: () => "This picture was removed. Choose it again to add it.",
  PICTURE_CONFLICT: () => "Another picture is stored in this place. Remove it and add it again.",
  CHECKSUM: () => "The picture changed on its way. Send it again.",
  CUT_SHORT: () => "The picture did not arrive whole. Send it again.",
  SIZE_MISMATCH: () => "The picture did not arrive whole. Send it again.",
  LENGTH_REQUIRED: () => "The picture did not arrive whole. Send it again.",
  TOO_LARGE: (detail) => detail || "That is larger than the service takes.",
  KEY_REUSED: () => "This was asked for before with other words. Try once more.",
  KEY_IN_FLIGHT: () => "This is being done already. Wait a moment.",
  VERSION_MISSING: () => "This page and the service do not recognise each other. Reload the page.",
  VERSION_STALE: () => "The words of this sheet were changed in another window. Reload the page to see them.",
  TOO_MANY_JOBS: (detail) => detail,
  OVER_QUOTA: (detail) => detail,
  BUSY: () => "Much arrives at once just now. Nothing is lost; try again in a moment.",
  INTAKE_PAUSED: (detail) => detail,
  CONTENDED: () => "Too much happened at once. Try again in a moment.",
  UNAVAILABLE: () => "A part of the service does not answer just now. Nothing is lost; try again in a moment.",
  INTERNAL: () => "Something broke on our side. Nothing is lost; try again in a moment.",
  WEBHOOK_REFUSED: (detail) => detail,
  METHOD_NOT_ALLOWED: () => "This page and the service do not recognise each other. Reload the page.",
  BAD_REQUEST: (detail) => detail || "The service did not understand this page. Reload it.",
};

/** One or two plain sentences. */
export function inWords(error: unknown): string {
  // a newer service may know problems that this page does not
  if (error instanceof ApiError) return (WORDS[error.code] ?? WORDS.BAD_REQUEST)(error.message);
  return "Something on this page broke. Reload it; nothing is lost.";
}
