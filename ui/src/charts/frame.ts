/** The frame of a chart on the screen: axes, grid, crosshair and dragging, by uPlot. What is inside is drawn elsewhere. */
import "uplot/dist/uPlot.min.css";

import UPlot from "uplot";

import { xTicks, yTicks } from "./axes";
import type { Drawing } from "./drawing";
import { place, type Place } from "./scale";
import type { Ticks } from "./ticks";
import type { Span } from "./types";

export interface FrameEvents {
  /** The crosshair stands at x, by this chart's pointer or another's; null: it left. */
  readonly cross: (x: number | null, left: number, top: number) => void;
  readonly inside: (inside: boolean) => void;
  /** A part was chosen by dragging; null: everything, by a double click. */
  readonly zoom: (span: Span | null) => void;
  /** The view was pushed aside; `done` when the button is released. */
  readonly pan: (span: Span, done: boolean) => void;
}

export interface Frame {
  readonly update: (drawing: Drawing) => void;
  readonly resize: (width: number, height: number) => void;
  readonly repaint: () => void;
  /** Where the inside lies and how large it is, in CSS pixels. */
  readonly inner: () => { readonly width: number; readonly height: number };
  /** Puts the crosshair at a share of the width, in the middle of the height; null takes it away. */
  readonly point: (share: number | null) => void;
  /** Puts a canvas between the grid and the crosshair. */
  readonly lay: (canvas: HTMLCanvasElement) => void;
  readonly destroy: () => void;
}

/** Pixels kept free for the numbers of the axes, the same for all charts so that their insides align. */
export const Y_ROOM = 50;
const X_ROOM = 24;
export const PADDING = { top: 8, right: 18 } as const;
const FONT = "12px ui-sans-serif, system-ui, -apple-system, Segoe UI, Roboto, sans-serif";
/** Pixels that a drag must cover to be a choice and not a shaky click. */
const DRAG = 5;

export const createFrame = (
  host: HTMLElement,
  size: { width: number; height: number },
  first: Drawing,
  ink: (colour: string) => string,
  sync: string | null,
  events: FrameEvents,
): Frame => {
  let drawing = first;
  const plot = new UPlot(options(size, () => drawing, ink, sync, events), dataOf(first), host);
  const stopPan = listenForPan(plot, () => drawing, events);
  let isInside = false;
  const enter = (): void => {
    isInside = true;
    events.inside(true);
  };
  const leave = (): void => {
    isInside = false;
    events.inside(false);
  };
  plot.over.addEventListener("mouseenter", enter);
  plot.over.addEventListener("mouseleave", leave);

  return {
    update(next) {
      // Under the pointer it stays at the pointer.
      if (!isInside) moveCross(plot, drawing.x, next.x);
      drawing = next;
      plot.setData(dataOf(next));
      // The scale that uPlot sees of y never changes; the numbers beside it do.
      plot.redraw(false, true);
    },
    resize(width, height) {
      if (width !== plot.width || height !== plot.height) plot.setSize({ width, height });
    },
    repaint: () => plot.redraw(false, true),
    // uPlot lays itself out a moment later; what it will come to is known now.
    inner: () => ({ width: plot.width - Y_ROOM - PADDING.right, height: plot.height - X_ROOM - PADDING.top }),
    point(share) {
      const { width, height } = plot.over.getBoundingClientRect();
      plot.setCursor(share === null ? { left: -10, top: -10 } : { left: share * width, top: height / 2 });
    },
    lay(canvas) {
      // Over uPlot's own canvas with its grid, and under the crosshair.
      plot.over.insertBefore(canvas, plot.over.querySelector(":scope > :not(canvas)"));
    },
    destroy() {
      stopPan();
      plot.destroy();
    },
  };
};

/** The crosshair stays at its x when the axis under it moves. */
const moveCross = (plot: UPlot, before: Span, after: Span): void => {
  const { left = -1, top = -1 } = plot.cursor;
  if (left < 0 || (before[0] === after[0] && before[1] === after[1])) return;
  const width = plot.over.clientWidth;
  const x = before[0] + (left / width) * (before[1] - before[0]);
  const moved = ((x - after[0]) / (after[1] - after[0])) * width;
  plot.setCursor(moved >= 0 && moved <= width ? { left: moved, top } : { left: -10, top: -10 }, false);
};

/** uPlot wants points to believe in; the ends of the axis do, and nothing of them is drawn. */
const dataOf = (drawing: Drawing): [number[], null[]] => [[...drawing.x], [null, null]];

const options = (
  { width, height }: { width: number; height: number },
  now: () => Drawing,
  ink: (colour: string) => string,
  sync: string | null,
  events: FrameEvents,
): UPlot.Options => {
  const axis = (scale: "x" | "y", room: number, find: (plot: UPlot) => Ticks): UPlot.Axis => ({
    scale,
    size: room,
    // The ticks are ours; uPlot only wants to know of some step that fits.
    incrs: (_, __, low, high) => [Math.max(5, high - low)],
    gap: 6,
    font: FONT,
    stroke: () => ink("var(--text-3)"),
    grid: { stroke: () => ink("var(--grid)"), width: 1 },
    ticks: { show: false },
    filter: (_, splits) => splits,
    splits: (plot) => find(plot).at.map(scale === "x" ? (value) => value : share(now())),
    values: (plot) => [...find(plot).labels],
  });
  return {
    width,
    height,
    legend: { show: false },
    padding: [PADDING.top, PADDING.right, 0, 0],
    series: [{}, { show: false }],
    scales: {
      x: { time: false, range: () => [...now().x] },
      // uPlot cannot number axes of huge or tiny values; it sees shares of the height, linear or logarithmic alike.
      y: { range: [0, 1] },
    },
    axes: [
      axis("x", X_ROOM, (plot) => xTicks(now(), plot.width - Y_ROOM - PADDING.right)),
      axis("y", Y_ROOM, (plot) => yTicks(now(), plot.height - X_ROOM - PADDING.top)),
    ],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: DRAG },
      ...(sync === null ? {} : { sync: { key: sync, setSeries: false, filters: { pub: onlyMoves, sub: onlyMoves } } }),
      bind: {
        // A shifted drag is a pan, and a right click is the browser's.
        mousedown: (_, __, handler) => (event) => {
          if (event.button === 0 && !event.shiftKey) handler(event);
          return null;
        },
        dblclick: () => () => {
          events.zoom(null);
          return null;
        },
      },
    },
    hooks: {
      setCursor: [
        (plot) => {
          const { left = -1, top = -1 } = plot.cursor;
          events.cross(left < 0 ? null : plot.posToVal(left, "x"), left, top);
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width: chosen } = plot.select;
          if (chosen < DRAG) return;
          events.zoom(rounded([plot.posToVal(left, "x"), plot.posToVal(left + chosen, "x")]));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
};

const share = ({ y, options: { log } }: Drawing): Place => place({ log, span: y.span, from: 0, to: 1 });

/** Charts share where the pointer is, not what it presses. */
const onlyMoves = (type: string): boolean => type === "mousemove" || type === "mouseleave";

/** No more digits than the eye and the address need: a ten thousandth of the span. */
const rounded = ([low, high]: Span): Span => {
  const unit = 10 ** Math.floor(Math.log10((high - low) / 1000));
  const round = (value: number): number => Number((Math.round(value / unit) * unit).toPrecision(15));
  return high > low ? [round(low), round(high)] : [low, high];
};

const listenForPan = (plot: UPlot, now: () => Drawing, events: FrameEvents): (() => void) => {
  let start: { at: number; span: Span; id: number } | null = null;
  const moved = (event: PointerEvent): Span => {
    const { at, span } = start!;
    const shift = ((event.clientX - at) * (span[1] - span[0])) / Math.max(1, plot.over.clientWidth);
    return rounded([span[0] - shift, span[1] - shift]);
  };
  const down = (event: PointerEvent): void => {
    if (event.button !== 0 || !event.shiftKey) return;
    start = { at: event.clientX, span: now().x, id: event.pointerId };
    plot.over.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    if (start?.id === event.pointerId) events.pan(moved(event), false);
  };
  const up = (event: PointerEvent): void => {
    if (start?.id !== event.pointerId) return;
    events.pan(moved(event), true);
    start = null;
  };
  plot.over.addEventListener("pointerdown", down);
  plot.over.addEventListener("pointermove", move);
  plot.over.addEventListener("pointerup", up);
  plot.over.addEventListener("pointercancel", up);
  return () => {
    start = null;
  };
};
