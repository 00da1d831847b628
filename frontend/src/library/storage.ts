/** The files of a version, and what they take. */

import type { Weights } from "../api/types.ts";

export type File = Weights["files"][number];
export type Folder = { name: string; files: readonly File[]; size: number };

export const total = (files: readonly Pick<File, "size">[]): number => files.reduce((sum, { size }) => sum + size, 0);

/** All that is kept of a version. */
export const stored = ({ files, adapters }: Weights): number => total([...files, ...adapters]);

/** By the folder that they lie in, the largest first; what lies in none has the name "". */
export function folders(files: readonly File[]): Folder[] {
  const names = [...new Set(files.map(folderOf))];
  const found = names.map((name) => {
    const within = files.filter((file) => folderOf(file) === name);
    return { name, files: within, size: total(within) };
  });
  return found.sort((one, other) => other.size - one.size);
}

const folderOf = ({ name }: File): string => name.slice(0, Math.max(0, name.indexOf("/")));
