/** A line chart on the screen: a frame, a canvas of all lines, and a canvas with the one that is brought forward. */
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";

import { resolveColour } from "../lib/colour";
import classes from "./LineChart.module.css";
import type { Drawing } from "./drawing";
import { createFrame, type Frame } from "./frame";
import { type Hit, hitsAt, hitUnder, nearestHits } from "./nearest";
import { render, renderHovered } from "./render";
import { canvasSurface, type Surface } from "./surface";
import type { Span } from "./types";

/** Where the pointer is and what lies near it. */
export interface ChartPoint {
  readonly x: number;
  readonly hits: readonly Hit[];
  readonly under: Hit | null;
  /** How many lines had something to say; the hits are the nearest of them. */
  readonly of: number;
  /** In pixels of the window. */
  readonly left: number;
  readonly top: number;
}

/** Moves the crosshair without a pointer. */
export interface Walker {
  /** By a share of the chart's width, to the right or to the left. */
  readonly walk: (share: number) => void;
  readonly leave: () => void;
}

export interface LineChartProps {
  readonly drawing: Drawing;
  readonly width: number;
  readonly height: number;
  /** The run that is brought forward; the others fade. */
  readonly hovered: string | null;
  /** "light" or "dark"; a change repaints. */
  readonly theme: string;
  /** Charts with the same word share their crosshair; null for a chart alone. */
  readonly sync: string | null;
  readonly label: string;
  readonly onPoint: (point: ChartPoint | null) => void;
  readonly onInside: (inside: boolean) => void;
  readonly onZoom: (span: Span | null) => void;
  readonly onPan: (span: Span, done: boolean) => void;
  /** The crosshair of another chart stands here. */
  readonly onCross?: (hit: Hit | null) => void;
  /** Filled with the way to move the crosshair by keys. */
  readonly walker?: RefObject<Walker | null>;
}

export const LineChart = (props: LineChartProps) => {
  const { drawing, width, height, hovered, theme, sync, label } = props;
  const host = useRef<HTMLDivElement>(null);
  const parts = useRef<Parts | null>(null);
  const now = useRef(props);
  useLayoutEffect(() => {
    now.current = props;
  });

  useLayoutEffect(() => {
    const made = build(host.current!, now.current, () => now.current, sync);
    parts.current = made;
    const { walker } = now.current;
    if (walker !== undefined) walker.current = made.walker;
    return () => {
      parts.current = null;
      made.frame.destroy();
    };
  }, [sync]);

  useLayoutEffect(() => {
    const { frame, lines } = parts.current!;
    frame.resize(width, height);
    frame.update(drawing);
    paint(lines, frame, (surface, size) => render(surface, drawing, size.width, size.height));
  }, [drawing, width, height, theme, sync]);

  useEffect(() => {
    const { frame, front, lines } = parts.current!;
    const known = hovered !== null && drawing.lines.some(({ line }) => line.id === hovered);
    lines.style.opacity = known ? "0.25" : "1";
    paint(front, frame, (surface, size) => {
      if (known) renderHovered(surface, drawing, hovered, size.width, size.height);
    });
  }, [drawing, hovered, width, height, theme, sync]);

  return <div ref={host} className={classes.chart} role="img" aria-label={label} style={{ width, height }} />;
};

interface Parts {
  readonly frame: Frame;
  readonly lines: HTMLCanvasElement;
  readonly front: HTMLCanvasElement;
  readonly walker: Walker;
}

const build = (host: HTMLElement, first: LineChartProps, now: () => LineChartProps, sync: string | null): Parts => {
  let inside = false;
  const setInside = (value: boolean): void => {
    inside = value;
    now().onInside(value);
    if (!value) now().onPoint(null);
  };
  const canvas = (name: string | undefined): HTMLCanvasElement => {
    const made = document.createElement("canvas");
    made.className = name ?? "";
    return made;
  };
  const frame = createFrame(host, first, first.drawing, resolveColour, sync, {
    inside: setInside,
    zoom: (span) => now().onZoom(span),
    pan: (span, done) => now().onPan(span, done),
    cross(x, left, top) {
      const { drawing, onPoint, onCross, hovered } = now();
      const size = frame.inner();
      if (x === null) {
        onPoint(null);
        onCross?.(null);
        return;
      }
      if (inside) {
        const hits = hitsAt(drawing, x, size.width, size.height);
        const box = host.querySelector(".u-over")!.getBoundingClientRect();
        onPoint({
          x,
          hits: nearestHits(hits, top),
          under: hitUnder(hits, top),
          of: hits.length,
          left: box.left + left,
          top: box.top + top,
        });
      } else if (onCross !== undefined) {
        const ids = drawing.lines.length === 1 ? drawing.lines[0]!.line.id : hovered;
        onCross(ids === null ? null : (hitsAt(only(drawing, ids), x, size.width, size.height)[0] ?? null));
      }
    },
  });
  const lines = canvas(classes.lines);
  const front = canvas(classes.front);
  frame.lay(lines);
  frame.lay(front);
  return { frame, lines, front, walker: walkerOf(frame, setInside) };
};

const walkerOf = (frame: Frame, setInside: (inside: boolean) => void): Walker => {
  let share = 0.5;
  let isWalking = false;
  return {
    walk(by) {
      share = Math.max(0, Math.min(1, isWalking ? share + by : 0.5));
      if (!isWalking) setInside(true);
      isWalking = true;
      frame.point(share);
    },
    leave() {
      if (!isWalking) return;
      isWalking = false;
      setInside(false);
      frame.point(null);
    },
  };
};

const only = (drawing: Drawing, id: string): Drawing => ({
  ...drawing,
  lines: drawing.lines.filter(({ line }) => line.id === id),
});

const paint = (
  canvas: HTMLCanvasElement,
  frame: Frame,
  draw: (surface: Surface, size: { width: number; height: number }) => void,
): void => {
  const size = frame.inner();
  const ratio = window.devicePixelRatio || 1;
  const pen = canvas.getContext("2d");
  if (pen === null || size.width === 0) return;
  const wide = Math.round(size.width * ratio);
  const high = Math.round(size.height * ratio);
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${size.width}px`;
    canvas.style.height = `${size.height}px`;
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, size.width, size.height);
  const known = new Map<string, string>();
  draw(
    canvasSurface(pen, (colour) => {
      let value = known.get(colour);
      if (value === undefined) known.set(colour, (value = resolveColour(colour)));
      return value;
    }),
    size,
  );
};
