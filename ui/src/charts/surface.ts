/** What charts draw on: a canvas or an SVG. Shapes are given as a pen's way, so both show the same. */

export interface Way {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
}

export interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly alpha?: number;
  readonly dash?: readonly number[];
}

export interface Fill {
  readonly colour: string;
  readonly alpha?: number;
}

export interface Lettering {
  readonly colour: string;
  readonly size: number;
  readonly align?: "left" | "center" | "right";
  readonly mono?: boolean;
}

export interface Surface {
  stroke(style: Stroke, draw: (way: Way) => void): void;
  fill(style: Fill, draw: (way: Way) => void): void;
  /** `y` is the middle of the letters. */
  text(words: string, x: number, y: number, style: Lettering): void;
  /** Draws within a rectangle only, in coordinates that begin at its corner. */
  inside(x: number, y: number, width: number, height: number, draw: () => void): void;
}

const SANS = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
const MONO = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace';

/** A canvas whose colours may be CSS variables; `resolve` gives them the value they have now. */
export const canvasSurface = (pen: CanvasRenderingContext2D, resolve: (colour: string) => string): Surface => ({
  stroke({ colour, width, alpha = 1, dash = [] }, draw) {
    pen.globalAlpha = alpha;
    pen.strokeStyle = resolve(colour);
    pen.lineWidth = width;
    pen.lineJoin = "round";
    pen.lineCap = dash.length > 0 ? "butt" : "round";
    pen.setLineDash(dash as number[]);
    pen.beginPath();
    draw(pen);
    pen.stroke();
  },
  fill({ colour, alpha = 1 }, draw) {
    pen.globalAlpha = alpha;
    pen.fillStyle = resolve(colour);
    pen.beginPath();
    draw(pen);
    pen.fill();
  },
  text(words, x, y, { colour, size, align = "left", mono = false }) {
    pen.globalAlpha = 1;
    pen.fillStyle = resolve(colour);
    pen.font = `${size}px ${mono ? MONO : SANS}`;
    pen.textAlign = align;
    pen.textBaseline = "middle";
    pen.fillText(words, x, y);
  },
  inside(x, y, width, height, draw) {
    pen.save();
    pen.beginPath();
    pen.rect(x, y, width, height);
    pen.clip();
    pen.translate(x, y);
    draw();
    pen.restore();
  },
});
