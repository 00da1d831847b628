/** What the machine in front of somebody is like to take pictures with. */

import { useSyncExternalStore } from "react";

const touch = () => matchMedia("(hover: none) and (pointer: coarse)");

/** A phone or a tablet: it has a camera application of its own, and no folders to speak of. */
export function useIsTouch(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = touch();
      query.addEventListener("change", changed);
      return () => query.removeEventListener("change", changed);
    },
    () => touch().matches,
  );
}

type Policed = Document & { featurePolicy?: { allowsFeature(feature: string): boolean } };

/** Whether the page may ask for a camera; whether there is one turns out when it does. */
export function mayUseCamera(): boolean {
  const policy = (document as Policed).featurePolicy;
  return Boolean(navigator.mediaDevices?.getUserMedia) && (policy?.allowsFeature("camera") ?? true);
}
