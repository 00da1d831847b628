import { useEffect } from "react";

/** Pictures may be pasted anywhere on the page; a picture that is pasted without a file has no name worth keeping. */
export function usePastedPictures(add: (files: File[]) => void): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      add(files);
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, [add]);
}
