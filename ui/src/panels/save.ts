/** Lets a chart leave the page: as SVG, PNG or CSV, through the browser's own saving. */
import { csv } from "../charts/csv";
import type { Drawing } from "../charts/drawing";
import { figure, figureHeight, type FigureWords } from "../charts/figure";
import { canvasSurface } from "../charts/surface";
import { svgWriter } from "../charts/svg";
import { resolveColour } from "../lib/colour";

/** A figure of a paper's column at twice its size. */
const WIDTH = 640;
const INSIDE = 320;
/** Pixels of a PNG for each of the figure. */
const FINE = 3;

export type FileKind = "svg" | "png" | "csv";

export const saveChart = async (kind: FileKind, drawing: Drawing, words: FigureWords): Promise<void> => {
  const name = `${words.title.replace(/[^\w.-]+/g, "-")}.${kind}`;
  if (kind === "csv") save(new Blob([csv(drawing, words.x)], { type: "text/csv" }), name);
  else if (kind === "svg") save(new Blob([svgOf(drawing, words)], { type: "image/svg+xml" }), name);
  else save(await pngOf(drawing, words), name);
};

export const svgOf = (drawing: Drawing, words: FigureWords): string => {
  const { surface, document } = svgWriter(WIDTH, figureHeight(drawing, WIDTH, INSIDE), resolveColour);
  figure(surface, drawing, words, WIDTH, INSIDE);
  return document();
};

const pngOf = async (drawing: Drawing, words: FigureWords): Promise<Blob> => {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH * FINE;
  canvas.height = figureHeight(drawing, WIDTH, INSIDE) * FINE;
  const pen = canvas.getContext("2d")!;
  pen.scale(FINE, FINE);
  figure(canvasSurface(pen, resolveColour), drawing, words, WIDTH, INSIDE);
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
