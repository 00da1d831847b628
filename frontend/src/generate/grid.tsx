import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from "react";
import { told } from "../api/problems.ts";
import type { Model } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { useWords } from "../words/words.ts";
import { PrintLoupe } from "./loupe.tsx";
import { pick, usePicked } from "./picked.ts";
import type { Print } from "./prints.ts";
import { type Mark, useMarking } from "./queries.ts";
import { columnsOf, focusPrint, inColumns, useRoving, type Vertical } from "./roving.ts";
import type { Acts, TileProps } from "./tile.tsx";

export type Named = Pick<Model, "id" | "name" | "subject">;

type TableProps = {
  prints: readonly Print[];
  modelOf(id: string): Named;
  /** Brings a print's tile onto the page where it may not be drawn yet. */
  reach?(key: string): void;
  vertical?: Vertical;
  className: string;
  label: string;
  children(tile: (print: Print) => Omit<TileProps, "print">): ReactNode;
};

/** Prints that can be walked through, marked, picked and looked at more closely, however they are laid out. */
export function PrintTable({ prints, modelOf, reach, vertical, className, label, children }: TableProps) {
  const table = useRef<HTMLFieldSetElement>(null);
  const [open, setOpen] = useState<string>();
  const picked = usePicked();
  const marking = useMarking();
  const byKey = (key: string) => prints.find((print) => print.key === key);
  const mark = (key: string) => {
    const print = byKey(key);
    if (print?.picture.url) marking.mutate(turned(print));
  };
  const focus = (key: string) => focusPrint(key, table.current) || reach?.(key);
  const keys = prints.map((print) => print.key);
  const roving = useRoving({
    keys,
    vertical: vertical ?? inColumns(keys, () => columnsOf(table.current)),
    focus,
    letters: { f: mark, c: (key) => byKey(key)?.picture.url && pick(key) },
  });
  const acts = useSteady<Acts>({ open: setOpen, mark, pick, focus: roving.onFocus });
  const close = () => {
    const stays = open && byKey(open) ? open : roving.active;
    setOpen(undefined);
    // once the page can have the focus again
    if (stays) setTimeout(() => roving.goTo(stays));
  };
  return (
    <>
      <fieldset ref={table} className={className} aria-label={label} onKeyDown={roving.onKeyDown}>
        {children((print) => ({ isStop: print.key === roving.active, isPicked: picked.includes(print.key), acts }))}
      </fieldset>
      <Unkept marking={marking} />
      <PrintLoupe prints={prints} at={open} modelOf={modelOf} onMove={setOpen} onMark={mark} onClose={close} />
    </>
  );
}

/** Where it can be seen, however far down the wall the print lies. */
function Unkept({ marking: { error, variables, mutate } }: { marking: ReturnType<typeof useMarking> }) {
  const { generate, problems, shell } = useWords();
  if (!error || !variables) return null;
  const { sentence, cause } = told(error, problems);
  return (
    <div className="unkept">
      <Notice title={generate.print.notKept} action={<Button onPress={() => mutate(variables)}>{shell.again}</Button>}>
        {sentence ? `${sentence}.` : null} {cause}
      </Notice>
    </div>
  );
}

/** Functions that stay the same and always do what was given last. */
function useSteady<Kind extends Readonly<Record<string, (key: string) => void>>>(last: Kind): Kind {
  const latest = useRef(last);
  useLayoutEffect(() => {
    latest.current = last;
  });
  return useMemo(() => {
    const names = Object.keys(latest.current);
    return Object.fromEntries(names.map((name) => [name, (key: string) => latest.current[name]?.(key)])) as Kind;
  }, []);
}

const turned = ({ made, picture }: Print): Mark => ({ made, number: picture.number, favourite: !picture.favourite });
