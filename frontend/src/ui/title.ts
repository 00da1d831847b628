import { useEffect } from "react";

/** The window's title says the state too, for who looks from another window. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · sd for designers` : "sd for designers";
  }, [title]);
}
