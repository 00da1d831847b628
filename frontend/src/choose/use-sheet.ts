import { useSyncExternalStore } from "react";
import type { Darkroom } from "./darkroom.ts";
import type { Sheet } from "./sheet.ts";

/** What is on the light table, drawn anew as it changes. */
export const useSheet = (darkroom: Darkroom): Sheet => useSyncExternalStore(darkroom.watch, darkroom.sheet);
