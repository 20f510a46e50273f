/** How much a chart asks for: a bucket per pixel, and a little more than the part that is zoomed to. */
import type { Span } from "../charts/types";

const LEAST = 100;
const MOST = 1000;
/** Steps in which the number of buckets follows the width, so that dragging the divider asks for little. */
const STEP = 50;
/** What is asked for on each side of a zoom, as a share of it. */
const SIDE = 0.1;

/** Buckets for a chart whose inside is this wide; a zoom's sides come on top. */
export const bucketsFor = (pixels: number, isZoomed: boolean): number => {
  const buckets = Math.max(LEAST, Math.min(MOST, Math.round(pixels / STEP) * STEP));
  return isZoomed ? Math.round(buckets * (1 + 2 * SIDE)) : buckets;
};

/** Lines reach the edges of the chart, and a small pan finds points already there. */
export const padded = ([low, high]: Span): Span => [low - (high - low) * SIDE, high + (high - low) * SIDE];
