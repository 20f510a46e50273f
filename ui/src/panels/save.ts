/** Lets a chart leave the page: as PNG, SVG, PDF or CSV, through the browser's own saving. */
import { csv } from "../charts/csv";
import type { Drawing } from "../charts/drawing";
import { figure, figureHeight, type FigureWords } from "../charts/figure";
import { pdfWriter } from "../charts/pdf";
import { canvasSurface } from "../charts/surface";
import { svgWriter } from "../charts/svg";
import { resolveColour } from "../lib/colour";

/** A figure of a paper's column at twice its size. */
const WIDTH = 640;
const INSIDE = 320;
/** Pixels of a PNG for each of the figure. */
const FINE = 3;

export const FILE_KINDS = ["png", "svg", "pdf", "csv"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export const saveChart = async (kind: FileKind, drawing: Drawing, words: FigureWords): Promise<void> => {
  const name = `${words.title.replace(/[^\w.-]+/g, "-")}.${kind}`;
  if (kind === "csv") save(new Blob([csv(drawing, words.x)], { type: "text/csv" }), name);
  else if (kind === "svg") save(new Blob([svgOf(drawing, words)], { type: "image/svg+xml" }), name);
  else if (kind === "pdf") save(new Blob([pdfOf(drawing, words)], { type: "application/pdf" }), name);
  else save(await pngOf(drawing, words), name);
};

/** Colours of the light theme, whatever theme is on: paper is white. */
const onPaper = (colours: ReadonlySet<string>): ((colour: string) => string) => {
  const { dataset } = document.documentElement;
  const theme = dataset.theme;
  // Nothing is painted between these lines.
  dataset.theme = "light";
  const known = new Map([...colours].map((colour) => [colour, resolveColour(colour)]));
  if (theme === undefined) delete dataset.theme;
  else dataset.theme = theme;
  return (colour) => known.get(colour) ?? colour;
};

const inkOf = (drawing: Drawing): ((colour: string) => string) =>
  onPaper(new Set(["var(--accent)", "var(--text-3)", ...drawing.lines.map(({ line }) => line.colour)]));

const svgOf = (drawing: Drawing, words: FigureWords): string => {
  const { surface, document } = svgWriter(WIDTH, figureHeight(drawing, WIDTH, INSIDE), inkOf(drawing));
  figure(surface, drawing, words, WIDTH, INSIDE);
  return document();
};

const pdfOf = (drawing: Drawing, words: FigureWords): Uint8Array<ArrayBuffer> => {
  const { surface, document } = pdfWriter(WIDTH, figureHeight(drawing, WIDTH, INSIDE), inkOf(drawing));
  figure(surface, drawing, words, WIDTH, INSIDE);
  return document();
};

const pngOf = async (drawing: Drawing, words: FigureWords): Promise<Blob> => {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH * FINE;
  canvas.height = figureHeight(drawing, WIDTH, INSIDE) * FINE;
  const pen = canvas.getContext("2d")!;
  pen.scale(FINE, FINE);
  figure(canvasSurface(pen, inkOf(drawing)), drawing, words, WIDTH, INSIDE);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob === null) throw new Error("the browser could not make a PNG of this chart; try SVG");
  return blob;
};

const save = (blob: Blob, name: string): void => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken the file over once the click has been handled.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};
