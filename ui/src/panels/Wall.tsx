/** The wall of charts: one per key, grouped, searched, and drawn only where the reader looks. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useId, useMemo, useRef } from "react";

import { postSeries } from "../api/client";
import { SeriesBoard } from "../api/series";
import { formatCount } from "../lib/format";
import { ChartPanel } from "./ChartPanel";
import { groupsOf, groupTitle, type Row, rowsOf } from "./groups";
import { useSize } from "./size";
import { useTheme } from "./theme";
import { Toolbar } from "./Toolbar";
import type { KeyInfo, WallProps, WallSettings } from "./types";
import classes from "./Wall.module.css";
import { useWallKeys } from "./wallKeys";

const GAP = 8;
const HEAD = 32;
const CHART = 232;
const LEAST_WIDTH = 340;
/** Rows drawn beyond what is seen, so that scrolling meets finished charts. */
const BEYOND = 2;
/** Milliseconds in which a wall that was full screen has its old width again. */
const SETTLE = 60;

export const Wall = (props: WallProps) => {
  const { runs, keys, settings, hovered, onHover, onSettings, live, epoch = 0, ask = postSeries } = props;
  const board = useBoard(ask, live, epoch);
  const ids = useStableIds(runs);
  const theme = useTheme();
  const sync = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(scroller);
  const current = useRef<string | null>(null);
  const onCurrent = useCallback((key: string | null) => {
    current.current = key;
  }, []);
  const hover = useHover(onHover);
  const linkTo = props.link;
  const link = useCallback(
    (change: Partial<WallSettings>) => (linkTo === undefined ? window.location.href : new URL(linkTo(change), window.location.href).href),
    [linkTo],
  );

  const groups = useMemo(() => groupsOf(keys, settings), [keys, settings]);
  const columns = Math.max(1, Math.floor((width - GAP) / (LEAST_WIDTH + GAP)));
  const rows = useMemo(() => rowsOf(groups, settings.folded, columns), [groups, settings.folded, columns]);
  const shown = useMemo(() => groups.reduce((sum, group) => sum + group.keys.length, 0), [groups]);
  const full = settings.full === null ? undefined : keys.find(({ key }) => key === settings.full);
  const onScroll = useReturn(scroller, full !== undefined);
  useWallKeys(current, settings, onSettings);

  const chart = (info: KeyInfo, chartWidth: number, chartHeight: number) => (
    <ChartPanel
      key={info.key}
      info={info}
      board={board}
      runs={runs}
      ids={ids}
      settings={settings}
      width={chartWidth}
      height={chartHeight}
      theme={theme}
      sync={sync}
      hovered={hovered}
      onHover={hover}
      onSettings={onSettings}
      onCurrent={onCurrent}
      link={link}
    />
  );

  return (
    <section className={classes.wall} data-full={full !== undefined} aria-label="Charts">
      <Toolbar keys={keys} shown={shown} settings={settings} onSettings={onSettings} />
      <div
        ref={scroller}
        className={classes.scroller}
        onScroll={onScroll}
      >
        {width > 0 && full === undefined && (
          <Rows
            rows={rows}
            scroller={scroller}
            onFold={(name) => onSettings({ folded: toggled(settings.folded, name) })}
            chart={(info) => chart(info, chartWidth(width, columns), CHART)}
          />
        )}
        {full !== undefined && <div className={classes.full}>{chart(full, width - 2 * GAP, height - 2 * GAP)}</div>}
        {full === undefined && shown === 0 && <p className={classes.nothing}>{nothingSaid(keys, settings)}</p>}
      </div>
    </section>
  );
};

const chartWidth = (width: number, columns: number): number => Math.floor((width - GAP * (columns + 1)) / columns);

const nothingSaid = (keys: readonly KeyInfo[], settings: WallSettings): string => {
  if (keys.length === 0) return "No numbers were logged yet. run.log({\"loss\": 0.3}) makes the first chart.";
  if (settings.search !== "") return `None of ${formatCount(keys.length)} keys matches ${settings.search}.`;
  return "All charts are hidden.";
};

const toggled = (names: readonly string[], name: string): string[] =>
  names.includes(name) ? names.filter((one) => one !== name) : [...names, name];

interface RowsProps {
  readonly rows: readonly Row[];
  readonly scroller: React.RefObject<HTMLDivElement | null>;
  readonly onFold: (group: string) => void;
  readonly chart: (info: KeyInfo) => React.ReactNode;
}

/** Only the rows near the window exist; all have a fixed height, so nothing moves when data comes. */
const Rows = ({ rows, scroller, onFold, chart }: RowsProps) => {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]!.kind === "head" ? HEAD : CHART + GAP),
    overscan: BEYOND,
    getItemKey: (index) => rowKey(rows[index]!),
  });
  useEffect(() => virtual.measure(), [rows, virtual]);
  return (
    <div className={classes.rows} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map(({ index, key, start }) => {
        const row = rows[index]!;
        return (
          <div key={key} className={row.kind === "head" ? classes.head : classes.row} style={{ transform: `translateY(${start}px)` }}>
            {row.kind === "head" ? <Head row={row} onFold={onFold} /> : row.keys.map(chart)}
          </div>
        );
      })}
    </div>
  );
};

const rowKey = (row: Row): string => (row.kind === "head" ? `head ${row.group.name}` : `row ${row.keys[0]!.key}`);

const Head = ({ row, onFold }: { row: Row & { kind: "head" }; onFold: (group: string) => void }) => (
  <button type="button" className={classes.fold} aria-expanded={!row.isFolded} onClick={() => onFold(row.group.name)}>
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden data-folded={row.isFolded}>
      <path d="M2 3.500 5 6.500 8 3.500" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
    <span>{groupTitle(row.group.name)}</span>
    <span className={classes.count}>{formatCount(row.group.keys.length)}</span>
  </button>
);

/** Leaving full screen returns to where the reader was. The wall needs a moment to find its width again. */
const useReturn = (scroller: React.RefObject<HTMLDivElement | null>, isFull: boolean): (() => void) => {
  const place = useRef(0);
  const isReturning = useRef(false);
  useEffect(() => {
    if (isFull) {
      isReturning.current = true;
      return undefined;
    }
    const timer = setTimeout(() => {
      if (isReturning.current) scroller.current?.scrollTo({ top: place.current });
      isReturning.current = false;
    }, SETTLE);
    return () => clearTimeout(timer);
  }, [scroller, isFull]);
  return useCallback(() => {
    if (!isReturning.current) place.current = scroller.current?.scrollTop ?? 0;
  }, [scroller]);
};

const useBoard = (ask: NonNullable<WallProps["ask"]>, live: WallProps["live"], epoch: number): SeriesBoard => {
  const board = useMemo(() => new SeriesBoard(ask), [ask]);
  useEffect(() => () => board.close(), [board]);
  useEffect(() => live?.((change) => board.changed(change.keys)), [board, live]);
  const first = useRef(epoch);
  useEffect(() => {
    if (first.current !== epoch) board.refresh();
    first.current = epoch;
  }, [board, epoch]);
  return board;
};

/** The ids of the runs, the same array while they are the same: new colours and names need no new points. */
const useStableIds = (runs: WallProps["runs"]): readonly string[] => {
  const joined = runs.map(({ id }) => id).join(" ");
  return useMemo(() => (joined === "" ? [] : joined.split(" ")), [joined]);
};

/** Passes on which run is under the pointer when it changes, once per frame at most. */
const useHover = (onHover: WallProps["onHover"]): WallProps["onHover"] => {
  const last = useRef<string | null>(null);
  const frame = useRef(0);
  return useCallback(
    (run) => {
      if (run === last.current) return;
      last.current = run;
      cancelAnimationFrame(frame.current);
      frame.current = requestAnimationFrame(() => onHover(run));
    },
    [onHover],
  );
};
