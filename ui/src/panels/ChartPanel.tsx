/** One chart of the wall: its title, how exact it is, its menu, and the lines of the shown runs under one key. */
import { type KeyboardEvent, memo, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

import type { ChartData, SeriesBoard } from "../api/series";
import { yTicks } from "../charts/axes";
import { type ChartOptions, drawing, type Drawing, type Held } from "../charts/drawing";
import { PADDING, Y_ROOM } from "../charts/frame";
import { type ChartPoint, LineChart, type Walker } from "../charts/LineChart";
import type { Hit } from "../charts/nearest";
import type { Line, Span } from "../charts/types";
import { formatNumber } from "../lib/format";
import { bucketsFor, padded } from "./asking";
import { badgeOf } from "./badge";
import { ChartHeader, HEADER } from "./ChartHeader";
import classes from "./ChartPanel.module.css";
import { ChartTable } from "./ChartTable";
import { MANY } from "./Chips";
import { Notes } from "./Notes";
import { RangeForm } from "./RangeForm";
import { Tooltip } from "./Tooltip";
import type { KeyInfo, WallRun, WallSettings } from "./types";
import { axisName, kindOf } from "./xwords";

export interface ChartPanelProps {
  readonly info: KeyInfo;
  readonly board: SeriesBoard;
  readonly runs: readonly WallRun[];
  /** The ids of `runs`; the same array as long as they are the same. */
  readonly ids: readonly string[];
  readonly settings: WallSettings;
  readonly width: number;
  readonly height: number;
  readonly theme: string;
  /** Charts of one wall share a crosshair under this name. */
  readonly sync: string;
  readonly hovered: string | null;
  readonly onHover: (run: string | null) => void;
  readonly onSettings: (change: Partial<WallSettings>) => void;
  readonly onCurrent: (key: string | null) => void;
  readonly link: (change: Partial<WallSettings>) => string;
}

const SIDES = 2;

export const ChartPanel = memo((props: ChartPanelProps) => {
  const { info, board, runs, settings, width, height, theme, sync, hovered, onHover, onSettings, onCurrent } = props;
  const data = useChartData(props);
  const lines = useMemo(() => linesOf(runs, data), [runs, data]);
  const options = useOptions(info, settings, data, lines.length);
  const { shown, hold, release } = useHeldDrawing(lines, data, options, runs);

  const [point, setPoint] = useState<ChartPoint | null>(null);
  const [editing, setEditing] = useState(false);
  const readout = useRef<HTMLSpanElement>(null);
  const walker = useRef<Walker>(null);

  const onPoint = useCallback(
    (next: ChartPoint | null) => {
      setPoint(next);
      onHover(next?.under?.pen.id ?? null);
      if (next !== null) hold();
    },
    [onHover, hold],
  );
  const onInside = useCallback((inside: boolean) => (inside ? hold() : release()), [hold, release]);
  const onZoom = useCallback((range: Span | null) => onSettings({ range }), [onSettings]);
  const onCross = useCallback((hit: Hit | null) => {
    if (readout.current !== null) readout.current.textContent = hit === null ? "" : formatNumber(hit.shown);
  }, []);
  const { pushed, onPan } = usePan(shown, onSettings);

  const badge = useMemo(() => badgeOf(lines), [lines]);
  const words = { title: info.key, x: axisName(data.x), unit: info.unit, note: badge.text };
  const inner = { width: width - SIDES, height: height - HEADER - SIDES };
  const drawn = pushed ?? shown;
  const isEmpty = shown.y.extent === null && shown.marks.length === 0;

  return (
    <section
      className={classes.panel}
      style={{ width, height }}
      aria-label={info.key}
      tabIndex={0}
      onPointerEnter={() => onCurrent(info.key)}
      onPointerLeave={() => onCurrent(null)}
      onFocus={() => onCurrent(info.key)}
      onBlur={() => walker.current?.leave()}
      onKeyDown={(event) => walk(event, walker.current)}
    >
      <ChartHeader {...props} drawing={shown} words={words} badge={lines.length > 0 && !isEmpty ? badge : null} onEdit={() => setEditing(true)} />
      <div className={classes.body} style={{ height: inner.height }}>
        {lines.length > 0 && (
          <LineChart
            drawing={drawn}
            width={inner.width}
            height={inner.height}
            hovered={hovered}
            theme={theme}
            sync={sync}
            label={`${info.key} of ${lines.length} runs; a table with the same data follows`}
            onPoint={onPoint}
            onInside={onInside}
            onZoom={onZoom}
            onPan={onPan}
            onCross={onCross}
            walker={walker}
          />
        )}
        <span className={classes.corner} aria-hidden>
          {lines.length > 0 && <span>{yTicks(drawn, inner.height).note}</span>}
          <span ref={readout} className={classes.readout} />
        </span>
        <Notes data={data} isDrawn={lines.length > 0} isEmpty={isEmpty} runs={runs.length} onRetry={() => board.retry(info.key)} />
        {editing && <RangeForm info={info} settings={settings} drawing={shown} onSettings={onSettings} onClose={() => setEditing(false)} />}
      </div>
      <ChartTable title={info.key} x={data.x} lines={lines} />
      {point !== null && point.hits.length > 0 && <Tooltip point={point} x={data.x} unit={info.unit} />}
    </section>
  );
});
ChartPanel.displayName = "ChartPanel";

/** Arrows move the crosshair of a focused chart by a fiftieth of its width, with shift by a five hundredth. */
const walk = (event: KeyboardEvent<HTMLElement>, walker: Walker | null): void => {
  const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (direction === undefined || walker === null || event.target !== event.currentTarget) return;
  event.preventDefault();
  walker.walk(direction / (event.shiftKey ? 500 : 50));
};

/** Says what this chart needs while it is in view, and hears what is known. */
const useChartData = ({ info: { key }, board, ids, settings: { x, range }, width }: ChartPanelProps): ChartData => {
  const pixels = width - SIDES - Y_ROOM - PADDING.right;
  const points = bucketsFor(pixels, range !== null);
  useEffect(() => {
    board.want(key, { x, range: range === null ? null : padded(range), points, runs: ids });
  }, [board, key, x, range, points, ids]);
  useEffect(() => () => board.want(key, null), [board, key]);
  return useSyncExternalStore(
    useCallback((changed: () => void) => board.subscribe(key, changed), [board, key]),
    () => board.data(key),
  );
};

const linesOf = (runs: readonly WallRun[], { traces }: ChartData): Line[] =>
  runs.flatMap((run) => {
    const trace = traces.get(run.id);
    return trace === undefined ? [] : [{ ...run, trace }];
  });

const useOptions = (info: KeyInfo, settings: WallSettings, data: ChartData, count: number): ChartOptions => {
  const choice = settings.axes[info.key];
  const { smoothing, log, range, x, bands } = settings;
  const useBands = bands && count > MANY;
  return useMemo(
    () => ({
      kind: kindOf(data.x),
      log: choice?.log ?? log,
      all: choice?.all ?? false,
      yRange: choice?.range ?? null,
      // A zoom is in units of the chosen axis; until its points are here the old ones are shown whole.
      xRange: data.x === x ? range : null,
      smoothing,
      bands: useBands,
    }),
    [data.x, choice, log, range, x, smoothing, useBands],
  );
};

interface HeldDrawing {
  readonly shown: Drawing;
  readonly hold: () => void;
  readonly release: () => void;
}

/** While the pointer is inside, new points extend the lines and the axes stay; a change the reader makes moves them. */
const useHeldDrawing = (
  lines: readonly Line[],
  data: ChartData,
  options: ChartOptions,
  runs: readonly WallRun[],
): HeldDrawing => {
  const [held, setHeld] = useState<{ axes: Held; options: ChartOptions; runs: readonly WallRun[] } | null>(null);
  const axes = held?.options === options && held.runs === runs ? held.axes : null;
  const shown = useMemo(() => drawing(lines, data.whole, options, axes), [lines, data.whole, options, axes]);
  const latest = useRef({ shown, options, runs, axes, ready: false });
  useEffect(() => {
    latest.current = { shown, options, runs, axes, ready: lines.length > 0 && !data.waiting };
  });
  const hold = useCallback(() => {
    const now = latest.current;
    if (now.axes !== null || !now.ready) return;
    setHeld({ axes: { x: now.shown.x, y: now.shown.y.span }, options: now.options, runs: now.runs });
  }, []);
  const release = useCallback(() => setHeld(null), []);
  return { shown, hold, release };
};

/** While a chart is being pushed aside it draws what it has; the others follow when the button is released. */
const usePan = (shown: Drawing, onSettings: (change: Partial<WallSettings>) => void) => {
  const [span, setSpan] = useState<Span | null>(null);
  const pushed = useMemo(() => (span === null ? null : { ...shown, x: span }), [shown, span]);
  const onPan = useCallback(
    (next: Span, done: boolean) => {
      setSpan(done ? null : next);
      if (done) onSettings({ range: next });
    },
    [onSettings],
  );
  return { pushed, onPan };
};
