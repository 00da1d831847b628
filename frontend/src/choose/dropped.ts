import type { DropItem } from "react-aria-components";

/** The files among what was dropped, those in folders and in their folders too. */
export async function filesIn(items: Iterable<DropItem> | AsyncIterable<DropItem>): Promise<File[]> {
  const files: File[] = [];
  for await (const item of items) {
    if (item.kind === "file") files.push(await item.getFile());
    else if (item.kind === "directory") files.push(...inOrder(await filesIn(item.getEntries())));
  }
  return files.filter(isMeant);
}

/** As people count: IMG_9 before IMG_10, each folder by itself. */
export function inOrder(files: readonly File[]): File[] {
  const named = (file: File) => file.webkitRelativePath || file.name;
  return [...files].sort((one, other) => named(one).localeCompare(named(other), "en", { numeric: true }));
}

/** Systems leave files of their own in folders. */
export function isMeant({ name }: { readonly name: string }): boolean {
  return !name.startsWith(".") && !/^(thumbs\.db|desktop\.ini)$/i.test(name);
}
