/** Draws the inside of a chart: envelopes, raw lines, lines, dots, bands and marks, on any surface. */
import { type Drawing, type DrawnLine, look, type Look } from "./drawing";
import type { Mark } from "./marks";
import { pieces } from "./pieces";
import { reachOfAll } from "./reachOfAll";
import { place, type Place } from "./scale";
import { needed, within } from "./search";
import type { Surface, Way } from "./surface";
import type { Numbers } from "./types";

/** Pixels beyond which nothing can be seen; keeps huge values within what surfaces can draw. */
const FAR = 20_000;
const RAW_ALPHA = 0.22;
const REACH_ALPHA = 0.08;
const HOVERED_WIDTH = 2.5;
const BASELINE_WIDTH = 2;
const BASELINE = [6, 4] as const;

export interface Places {
  readonly x: Place;
  readonly y: Place;
}

export const places = (drawing: Drawing, width: number, height: number): Places => {
  const y = place({ log: drawing.options.log, span: drawing.y.span, from: height, to: 0 });
  return {
    x: place({ log: false, span: drawing.x, from: 0, to: width }),
    y: (value) => Math.min(FAR, Math.max(-FAR, y(value))),
  };
};

/** Everything, in a rectangle of this size. */
export const render = (surface: Surface, drawing: Drawing, width: number, height: number): void => {
  const at = places(drawing, width, height);
  if (drawing.bands !== null) renderBands(surface, drawing, at);
  else renderLines(surface, drawing.lines, drawing, at, look(drawing.lines.length));
  for (const mark of apart(drawing.marks, at.x)) {
    renderMark(surface, mark, Math.max(HALF, Math.min(width - HALF, at.x(mark.x))), height);
  }
};

/** Marks of a kind that do not overlap: from left to right, the next that has room. */
const apart = (marks: readonly Mark[], x: Place): Mark[] => {
  const last = new Map<string, number>();
  return [...marks]
    .sort((a, b) => a.x - b.x)
    .filter(({ kind, x: at }) => {
      const pixel = x(at);
      if (pixel - (last.get(kind) ?? Number.NEGATIVE_INFINITY) < 2 * HALF + 1) return false;
      last.set(kind, pixel);
      return true;
    });
};

/** One line brought forward. */
export const renderHovered = (surface: Surface, drawing: Drawing, id: string, width: number, height: number): void => {
  const lines = drawing.lines.filter(({ line }) => line.id === id);
  renderLines(surface, lines, drawing, places(drawing, width, height), {
    width: HOVERED_WIDTH,
    alpha: 1,
    fill: 0.12,
    dashes: true,
  });
};

const renderLines = (
  surface: Surface,
  lines: readonly DrawnLine[],
  drawing: Drawing,
  at: Places,
  { width, alpha, fill, dashes }: Look,
): void => {
  const { log } = drawing.options;
  const parts = lines.map(({ line, y }) => pieces(line.trace, y, needed(line.trace.x, drawing.x), log));
  if (fill === 0) renderReach(surface, lines, drawing, at);
  lines.forEach(({ line }, index) => {
    const { x, low, high } = line.trace;
    if (fill === 0 || low === null || high === null) return;
    surface.fill({ colour: line.colour, alpha: fill }, (way) => {
      for (const piece of parts[index]!) envelope(way, piece, x, low, high, at);
    });
  });
  for (const { line, isSmoothed } of lines) {
    if (!isSmoothed) continue;
    const { trace } = line;
    surface.stroke({ colour: line.colour, width: 1, alpha: alpha * RAW_ALPHA }, (way) => {
      for (const piece of pieces(trace, trace.y, needed(trace.x, drawing.x), log)) course(way, piece, trace.x, trace.y, at);
    });
  }
  lines.forEach(({ line, y }, index) => {
    const { x } = line.trace;
    const isBaseline = line.baseline === true;
    const dash = isBaseline ? BASELINE : dashes ? line.dash : [];
    const thick = isBaseline ? Math.max(width, BASELINE_WIDTH) : width;
    const strength = isBaseline ? 1 : alpha;
    const long = parts[index]!.filter((piece) => piece.length > 1);
    const alone = parts[index]!.filter((piece) => piece.length === 1);
    if (long.length > 0) {
      surface.stroke({ colour: line.colour, width: thick, alpha: strength, dash }, (way) => {
        for (const piece of long) course(way, piece, x, y, at);
      });
    }
    if (alone.length > 0) {
      surface.stroke({ colour: line.colour, width: thick + 3, alpha: strength }, (way) => {
        for (const [point] of alone) dot(way, at.x(x[point!]!), at.y(y[point!]!));
      });
    }
  });
};

const renderReach = (surface: Surface, lines: readonly DrawnLine[], drawing: Drawing, at: Places): void => {
  const slots = Math.max(...lines.map(({ line }) => within(line.trace.x, drawing.x)).map(([from, to]) => to - from));
  if (slots < 2) return;
  const band = reachOfAll(lines.map(({ line }) => line), drawing.x, slots);
  if (band.x.length < 2) return;
  surface.fill({ colour: "var(--text-3)", alpha: REACH_ALPHA }, (way) => envelope(way, [...band.x.keys()], band.x, band.low, band.high, at));
};

const course = (way: Way, piece: readonly number[], x: Numbers, y: Numbers, at: Places): void => {
  const first = piece[0]!;
  way.moveTo(at.x(x[first]!), at.y(y[first]!));
  for (let index = 1; index < piece.length; index += 1) way.lineTo(at.x(x[piece[index]!]!), at.y(y[piece[index]!]!));
};

/** A stroke of almost no length with round ends. */
const dot = (way: Way, x: number, y: number): void => {
  way.moveTo(x, y);
  way.lineTo(x + 0.01, y);
};

const envelope = (way: Way, piece: readonly number[], x: Numbers, low: Numbers, high: Numbers, at: Places): void => {
  // A logarithmic axis has no place for an edge <= 0: the envelope then ends at the bottom of the chart.
  const edge = (value: number): number => {
    const pixel = at.y(value);
    return Number.isNaN(pixel) ? FAR : pixel;
  };
  // A bucket alone has no width in x; two pixels make it seen.
  const widen = piece.length === 1 ? 1 : 0;
  const first = piece[0]!;
  const last = piece[piece.length - 1]!;
  way.moveTo(at.x(x[first]!) - widen, edge(high[first]!));
  for (const index of piece) way.lineTo(at.x(x[index]!), edge(high[index]!));
  if (widen > 0) way.lineTo(at.x(x[last]!) + widen, edge(high[last]!));
  if (widen > 0) way.lineTo(at.x(x[last]!) + widen, edge(low[last]!));
  for (let index = piece.length - 1; index >= 0; index -= 1) way.lineTo(at.x(x[piece[index]!]!), edge(low[piece[index]!]!));
  if (widen > 0) way.lineTo(at.x(x[first]!) - widen, edge(low[first]!));
  way.closePath();
};

const BAND = "var(--accent)";

const renderBands = (surface: Surface, drawing: Drawing, at: Places): void => {
  const { x, rows, mean } = drawing.bands!;
  const filled = [...x.keys()].filter((index) => Number.isFinite(mean[index]!) && !Number.isNaN(at.y(rows[0]![index]!)));
  if (filled.length === 0) return;
  surface.fill({ colour: BAND, alpha: 0.14 }, (way) => envelope(way, filled, x, rows[0]!, rows[4]!, at));
  surface.fill({ colour: BAND, alpha: 0.2 }, (way) => envelope(way, filled, x, rows[1]!, rows[3]!, at));
  surface.stroke({ colour: BAND, width: 1.5 }, (way) => course(way, filled, x, rows[2]!, at));
  surface.stroke({ colour: BAND, width: 1, dash: [4, 3] }, (way) => course(way, filled, x, mean, at));
};

const HALF = 3.5;

/** NaN is a cross on the x-axis; what is above or below is a triangle at that edge; infinities are two. */
const renderMark = (surface: Surface, { kind, colour }: Mark, x: number, height: number): void => {
  if (kind === "nan") {
    surface.stroke({ colour, width: 1.5 }, (way) => {
      way.moveTo(x - HALF, height - 2 * HALF - 1);
      way.lineTo(x + HALF, height - 1);
      way.moveTo(x - HALF, height - 1);
      way.lineTo(x + HALF, height - 2 * HALF - 1);
    });
    return;
  }
  const up = kind === "above" || kind === "+inf";
  const tips = kind === "+inf" || kind === "-inf" ? [0, 6] : [0];
  surface.fill({ colour }, (way) => {
    for (const depth of tips) triangle(way, x, up ? 1 + depth : height - 1 - depth, up ? 1 : -1);
  });
};

const triangle = (way: Way, x: number, tip: number, direction: number): void => {
  way.moveTo(x, tip);
  way.lineTo(x + HALF, tip + direction * 5);
  way.lineTo(x - HALF, tip + direction * 5);
  way.closePath();
};
