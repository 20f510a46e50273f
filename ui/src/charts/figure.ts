/** Draws a whole chart, with title, axes and legend, on any surface: what a file shows when a chart leaves the page. */
import { xTicks, yTicks } from "./axes";
import type { Drawing } from "./drawing";
import { render } from "./render";
import { place } from "./scale";
import type { Surface } from "./surface";

export interface FigureWords {
  readonly title: string;
  /** Under the x-axis. */
  readonly x: string;
  readonly unit: string;
  /** What the badge says: how exact the figure is. */
  readonly note: string;
}

export interface FigureInk {
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
  readonly ground: string;
}

/** Ink on paper, whatever theme the page has. */
export const PAPER: FigureInk = { text: "#15191d", quiet: "#4b545d", grid: "#e0e4e8", ground: "#ffffff" };

const LEFT = 56;
const RIGHT = 16;
const TOP = 32;
const BOTTOM = 44;
const ROW = 16;
const COLUMN = 180;
const LETTERS = 11;
/** A legend longer than this would be larger than the chart. */
const MOST_NAMES = 24;

/** How high the figure of this drawing is when its inside has the given height. */
export const figureHeight = (drawing: Drawing, width: number, inside: number): number =>
  TOP + inside + BOTTOM + ROW * legendRows(drawing, width);

const legendRows = (drawing: Drawing, width: number): number => {
  if (drawing.bands !== null) return 1;
  const names = Math.min(drawing.lines.length, MOST_NAMES + 1);
  return Math.ceil(names / Math.max(1, Math.floor((width - LEFT - RIGHT) / COLUMN)));
};

export const figure = (
  surface: Surface,
  drawing: Drawing,
  words: FigureWords,
  width: number,
  inside: number,
  ink: FigureInk = PAPER,
): void => {
  const wide = width - LEFT - RIGHT;
  surface.fill({ colour: ink.ground }, (way) => {
    way.moveTo(0, 0);
    way.lineTo(width, 0);
    way.lineTo(width, figureHeight(drawing, width, inside));
    way.lineTo(0, figureHeight(drawing, width, inside));
    way.closePath();
  });
  const title = words.unit === "" ? words.title : `${words.title} (${words.unit})`;
  surface.text(title, LEFT, TOP / 2, { colour: ink.text, size: 13, mono: true });
  surface.text(words.note, width - RIGHT, TOP / 2, { colour: ink.quiet, size: LETTERS, align: "right" });
  axes(surface, drawing, words, wide, inside, ink);
  surface.inside(LEFT, TOP, wide, inside, () => render(surface, drawing, wide, inside));
  legend(surface, drawing, width, TOP + inside + BOTTOM, ink);
};

const axes = (surface: Surface, drawing: Drawing, words: FigureWords, wide: number, high: number, ink: FigureInk): void => {
  const x = xTicks(drawing, wide);
  const y = yTicks(drawing, high);
  const atX = place({ log: false, span: drawing.x, from: LEFT, to: LEFT + wide });
  const atY = place({ log: drawing.options.log, span: drawing.y.span, from: TOP + high, to: TOP });
  surface.stroke({ colour: ink.grid, width: 0.75 }, (way) => {
    for (const value of x.at) {
      way.moveTo(atX(value), TOP);
      way.lineTo(atX(value), TOP + high);
    }
    for (const value of y.at) {
      way.moveTo(LEFT, atY(value));
      way.lineTo(LEFT + wide, atY(value));
    }
  });
  x.labels.forEach((label, index) =>
    surface.text(label, atX(x.at[index]!), TOP + high + 13, { colour: ink.quiet, size: LETTERS, align: "center" }),
  );
  y.labels.forEach((label, index) =>
    surface.text(label, LEFT - 6, atY(y.at[index]!), { colour: ink.quiet, size: LETTERS, align: "right" }),
  );
  if (y.note !== "") surface.text(y.note, LEFT + 4, TOP + 8, { colour: ink.quiet, size: LETTERS });
  const name = x.note === "" ? words.x : `${words.x} (${x.note})`;
  surface.text(name, LEFT + wide / 2, TOP + high + 29, { colour: ink.quiet, size: LETTERS, align: "center" });
};

const legend = (surface: Surface, drawing: Drawing, width: number, top: number, ink: FigureInk): void => {
  if (drawing.bands !== null) {
    const words = `median, 25-75 % and 5-95 % of ${drawing.lines.length} runs; dashed: mean`;
    surface.text(words, LEFT, top, { colour: ink.quiet, size: LETTERS });
    return;
  }
  const columns = Math.max(1, Math.floor((width - LEFT - RIGHT) / COLUMN));
  const named = drawing.lines.slice(0, MOST_NAMES);
  const spot = (index: number) => ({ x: LEFT + (index % columns) * COLUMN, y: top + Math.floor(index / columns) * ROW });
  named.forEach(({ line }, index) => {
    const { x, y } = spot(index);
    surface.stroke({ colour: line.colour, width: 1.5, dash: line.dash }, (way) => {
      way.moveTo(x, y);
      way.lineTo(x + 16, y);
    });
    surface.text(shortened(line.name), x + 21, y, { colour: ink.text, size: LETTERS });
  });
  const rest = drawing.lines.length - named.length;
  if (rest > 0) {
    const { x, y } = spot(named.length);
    surface.text(`and ${rest} more`, x, y, { colour: ink.quiet, size: LETTERS });
  }
};

const shortened = (name: string): string => (name.length > 26 ? `${name.slice(0, 25)}…` : name);
