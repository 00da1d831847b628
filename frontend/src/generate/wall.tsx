import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { day } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { type Named, PrintTable } from "./grid.tsx";
import type { Print } from "./prints.ts";
import type { useGenerations } from "./queries.ts";
import { focusPrint } from "./roving.ts";
import { columnsIn, DAY_HEIGHT, daysAgo, GAP, type Row, rowsOf, rowWith, tileSide, verticalStep } from "./rows.ts";
import { Tile, type TileProps } from "./tile.tsx";

type WallProps = { prints: readonly Print[]; modelOf(id: string): Named; list: ReturnType<typeof useGenerations> };

const OVERSCAN = 4;
/** How many rows before the end older ones are asked for. */
const AHEAD = 8;

/** Any number of prints: only the rows that can be seen are drawn. */
export function PrintWall({ prints, modelOf, list }: WallProps) {
  const { gallery: say, print: keys } = useWords().generate;
  const box = useRef<HTMLDivElement>(null);
  const { width, top, edge } = usePlace(box);
  const columns = columnsIn(width);
  const rows = useMemo(() => rowsOf(prints, columns), [prints, columns]);
  const side = tileSide(width, columns);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => (rows[index]?.prints ? side + edge + GAP : DAY_HEIGHT),
    overscan: OVERSCAN,
    // a frame that is late by a moment is better than one that waits for React
    useFlushSync: false,
    scrollMargin: top,
    initialOffset: () => window.scrollY,
  });
  // heights follow from the width, so that they are reckoned anew with it
  // biome-ignore lint/correctness/useExhaustiveDependencies: measure is asked for by the width, not by itself
  useLayoutEffect(() => virtual.measure(), [side, edge, rows]);
  const shown = virtual.getVirtualItems();
  useOlder(list, (shown.at(-1)?.index ?? 0) >= rows.length - AHEAD);
  const reach = (key: string) => {
    virtual.scrollToIndex(rowWith(rows, key), { align: "center" });
    requestAnimationFrame(() => requestAnimationFrame(() => focusPrint(key)));
  };
  return (
    <div ref={box} className="wall">
      {prints.length > 0 ? <p className="help wall-keys">{keys.keys}</p> : null}
      <PrintTable
        prints={prints}
        modelOf={modelOf}
        reach={reach}
        vertical={(key, down) => verticalStep(rows, key, down)}
        className="wall-rows"
        label={say.grid}
      >
        {(tile) => (
          <div className="wall-height" style={{ height: virtual.getTotalSize() }}>
            {shown.map(({ index, key, start }) => (
              <div
                key={key}
                className="wall-row"
                style={{ transform: `translateY(${start - top}px)`, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
              >
                <WallRow row={rows[index]} tile={tile} />
              </div>
            ))}
          </div>
        )}
      </PrintTable>
      <End list={list} isThere={prints.length > 0} />
    </div>
  );
}

function WallRow({ row, tile }: { row: Row | undefined; tile: (print: Print) => Omit<TileProps, "print"> }) {
  if (!row) return null;
  if (row.prints) return row.prints.map((print) => <Tile key={print.key} print={print} {...tile(print)} />);
  return <Day at={row.day} />;
}

function Day({ at }: { at: string }) {
  const { gallery: say } = useWords().generate;
  const language = useLanguage();
  const name = [say.today, say.yesterday][daysAgo(at)] ?? day(`${at}T12:00`, language);
  return <h2 className="wall-day">{name}</h2>;
}

function End({ list, isThere }: { list: WallProps["list"]; isThere: boolean }) {
  const { gallery: say } = useWords().generate;
  if (list.isFetchingNextPage) {
    return (
      <p className="quiet wall-end" role="status">
        {say.fetchingMore}
      </p>
    );
  }
  return isThere && !list.hasNextPage ? <p className="quiet wall-end">{say.end}</p> : null;
}

function useOlder({ hasNextPage, isFetchingNextPage, isError, fetchNextPage }: WallProps["list"], isNear: boolean): void {
  useEffect(() => {
    if (isNear && hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [isNear, hasNextPage, isFetchingNextPage, isError, fetchNextPage]);
}

type Place = { readonly width: number; readonly top: number; readonly edge: number };

/** Of the wall when it was left, so that coming back draws it as tall as it was. */
let lastPlace: Place = { width: 1200, top: 260, edge: 36 };

function usePlace(box: { current: HTMLDivElement | null }): Place {
  const [place, setPlace] = useState(lastPlace);
  useLayoutEffect(() => {
    const wall = box.current;
    if (!wall) return;
    const measure = () => {
      const rows = wall.querySelector(".wall-rows") ?? wall;
      const top = Math.round(rows.getBoundingClientRect().top + window.scrollY);
      const edge = matchMedia("(pointer: coarse)").matches ? 52 : 36;
      lastPlace = { width: wall.clientWidth, top, edge };
      setPlace((before) => (before.width === lastPlace.width && before.top === top && before.edge === edge ? before : lastPlace));
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(wall);
    watch.observe(document.body);
    return () => watch.disconnect();
  }, [box]);
  return place;
}
