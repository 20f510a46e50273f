/** One run's curve, small: its whole x, and the same y-range as the rows around it. */
import type { Sparks } from "../../api/sparks";
import { runColour } from "../../lib/colour";
import type { RunRow } from "../../api/shapes";

const WIDTH = 88;
const HEIGHT = 22;
const EDGE = 2;

const pathOf = (sparks: Sparks, run: string): string => {
  const curve = sparks.curves.get(run);
  if (curve === undefined || curve.x.length === 0) return "";
  const { x, y } = curve;
  const [from, to] = [x[0]!, x.at(-1)!];
  const span = sparks.high - sparks.low;
  const place = (at: number): string => {
    const left = to > from ? ((x[at]! - from) / (to - from)) * (WIDTH - 2 * EDGE) + EDGE : EDGE;
    const level = span > 0 ? Math.min(Math.max((y[at]! - sparks.low) / span, -0.06), 1.06) : 0.5;
    return `${left.toFixed(1)} ${(HEIGHT - 3 - level * (HEIGHT - 6)).toFixed(1)}`;
  };
  let path = "";
  let isOpen = false;
  for (let at = 0; at < x.length; at += 1) {
    if (!Number.isFinite(y[at]!)) isOpen = false;
    else {
      path += `${isOpen ? "L" : "M"}${place(at)}`;
      isOpen = true;
    }
  }
  // A single point is a path without length: a short line makes it seen.
  return x.length === 1 && path !== "" ? `${path}h3` : path;
};

export const SparkCell = ({ sparks, run }: { sparks: Sparks; run: Omit<RunRow, "cells"> }) => (
  <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" style={{ display: "block" }}>
    <path d={pathOf(sparks, run.id)} fill="none" stroke={runColour(run.id, run.colour)} strokeWidth="1.3" strokeLinejoin="round" />
  </svg>
);
