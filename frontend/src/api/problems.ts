/** What went wrong, and what can be done about it. The words for it are chosen while a page is drawn. */

import type { Words } from "../words/words.ts";
import { sessionEnded } from "./session.ts";
import type { Problem } from "./types.ts";

/** Those of the service, and those that never reach it: no network, no access to the portal, a portal that was renewed, a fault of the page. */
export type Code = Problem["code"] | "OFFLINE" | "NO_ACCESS" | "NEWER" | "BROKEN";

/** The button beside the sentence. `again`: the same once more. `sheets`, `allowance`: where room can be made. */
export type Remedy = "again" | "signIn" | "reload" | "sheets" | "allowance" | "none";

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

/** From an answer that is no success; what stands in front of the API may answer in a shape of its own. Whoever watches the session learns
 * from here that it is over. */
export function apiError(status: number, body: unknown): ApiError {
  const error = understood(status, body);
  if (error.code === "NOT_SIGNED_IN") sessionEnded();
  return error;
}

function understood(status: number, body: unknown): ApiError {
  if (isProblem(body)) return new ApiError(body.code, body.detail, body.retryable, body);
  if (status === 401) return new ApiError("NOT_SIGNED_IN", "", false);
  if (status === 403) return new ApiError("NO_ACCESS", "", false);
  if (status === 413) return new ApiError("TOO_LARGE", "", false);
  return new ApiError(status >= 500 ? "UNAVAILABLE" : "BAD_REQUEST", "", status >= 500);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

/** The compiler asks for a remedy for each problem that the service can answer. */
const REMEDIES: Readonly<Record<Code, Remedy>> = {
  OFFLINE: "again",
  NO_ACCESS: "signIn",
  NEWER: "reload",
  BROKEN: "reload",
  VALIDATION: "none",
  NOT_SIGNED_IN: "signIn",
  CROSS_SITE: "reload",
  NOT_FOUND: "sheets",
  NOT_ALLOWED: "reload",
  NOT_READY: "none",
  ASLEEP: "none",
  CONSENT_MISSING: "none",
  PICTURES_MISSING: "none",
  TOO_FEW_PICTURES: "none",
  TOO_MANY_PICTURES: "none",
  PICTURE_REFUSED: "none",
  PICTURE_REMOVED: "none",
  PICTURE_CONFLICT: "none",
  CHECKSUM: "again",
  SIZE_MISMATCH: "none",
  CUT_SHORT: "again",
  LENGTH_REQUIRED: "again",
  TOO_LARGE: "none",
  KEY_REUSED: "again",
  KEY_IN_FLIGHT: "again",
  VERSION_MISSING: "reload",
  VERSION_STALE: "reload",
  TOO_MANY_JOBS: "sheets",
  OVER_QUOTA: "allowance",
  BUSY: "again",
  INTAKE_PAUSED: "again",
  CONTENDED: "again",
  UNAVAILABLE: "again",
  INTERNAL: "again",
  WEBHOOK_REFUSED: "none",
  METHOD_NOT_ALLOWED: "reload",
  BAD_REQUEST: "reload",
};

/** Of these the service names the picture, the number or the day. */
const EXACT: ReadonlySet<Code> = new Set<Code>([
  "VALIDATION",
  "PICTURES_MISSING",
  "TOO_FEW_PICTURES",
  "TOO_MANY_PICTURES",
  "PICTURE_REFUSED",
  "TOO_LARGE",
  "TOO_MANY_JOBS",
  "OVER_QUOTA",
  "INTAKE_PAUSED",
  "WEBHOOK_REFUSED",
]);

/** Those for which whoever runs the service can look in its log. */
const TRACED: ReadonlySet<Code> = new Set<Code>(["INTERNAL", "UNAVAILABLE"]);

export type Told = {
  readonly sentence: string;
  readonly cause: string;
  readonly remedy: Remedy;
  readonly trace: string | undefined;
};

/** A problem in words: a newer service may know some that this page does not, and they are said as the service says them. */
export function told(error: unknown, say: Words["problems"]): Told {
  const code = codeOf(error);
  const known = code in REMEDIES;
  const { sentence, cause } = say.said[known ? code : "BAD_REQUEST"];
  const detail = error instanceof ApiError ? error.message : "";
  const exact = EXACT.has(code) || !known ? say.exactly(detail) : "";
  return {
    sentence: exact ? "" : sentence,
    cause: exact || cause,
    remedy: known ? REMEDIES[code] : "reload",
    trace: error instanceof ApiError && TRACED.has(code) ? error.problem?.traceId : undefined,
  };
}

export function codeOf(error: unknown): Code {
  return error instanceof ApiError ? error.code : "BROKEN";
}
