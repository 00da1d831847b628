// Written by scripts/job_states.py from jobs/job.py.
export type State = "draft" | "uploading" | "uploaded" | "queued" | "provisioning" | "training" | "evaluating" | "registering" | "deploying" | "ready" | "cancelling" | "failed" | "cancelled" | "expired" | "retired";
export const RANK: Readonly<Record<State, number>> = { draft: 5, uploading: 10, uploaded: 20, queued: 30, provisioning: 40, training: 50, evaluating: 60, registering: 65, deploying: 70, ready: 80, cancelling: 85, failed: 90, cancelled: 90, expired: 90, retired: 100 };
export const RUNNING: ReadonlySet<State> = new Set<State>(["queued", "provisioning", "training", "evaluating", "registering", "deploying"]);
export const TERMINAL: ReadonlySet<State> = new Set<State>(["cancelled", "expired", "failed", "retired"]);
export const RETRIABLE: ReadonlySet<State> = new Set<State>(["cancelled", "failed"]);
export const MAX_ATTEMPTS = 3;
