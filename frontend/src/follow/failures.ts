/** Why a sheet did not develop, as the pages have words for it; and what helps most. */

import type { Failure } from "../api/types.ts";

export const KINDS = ["stopped", "astray", "unlearnt", "wake", "run", "start", "deadline", "unknown"] as const;
export type FailureKind = (typeof KINDS)[number];

const KIND: Readonly<Record<string, FailureKind>> = {
  TRAINING: "stopped",
  DEPLOY: "wake",
  PIPELINE: "run",
  DISPATCH: "start",
  DEADLINE: "deadline",
};

/** One code stands for two ends of a training that was measured: only the one that may be tried again with the same pictures is retryable. */
export function kindOf(failure: Pick<Failure, "code" | "retryable"> | null): FailureKind {
  if (failure?.code === "QUALITY") return failure.retryable ? "astray" : "unlearnt";
  return KIND[failure?.code ?? ""] ?? "unknown";
}

/** Where the pictures are the reason, the same ones would end the same. */
export function helpsMost(kind: FailureKind, attemptsLeft: number): "retry" | "fresh" {
  return kind !== "unlearnt" && attemptsLeft > 0 ? "retry" : "fresh";
}
