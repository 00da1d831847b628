import type { Darkroom } from "./darkroom.ts";

/** Waits for all pictures that are underway, then takes out at the service what is crossed, lost or stopped: after that the job can be submitted. It may be called again after it threw. */
export async function readyToDevelop(darkroom: Darkroom, signal?: AbortSignal): Promise<void> {
  await darkroom.settled(signal);
  await darkroom.leaveOut();
}
