/** A surface that writes PDF: one page of vectors and letters, to be included in a paper as it is. */
import type { Surface, Way } from "./surface";

export interface PdfWriter {
  readonly surface: Surface;
  /** The whole file. */
  readonly document: () => Uint8Array<ArrayBuffer>;
}

/** Points of paper per pixel of the screen. */
const SCALE = 0.75;

export const pdfWriter = (width: number, height: number, resolve: (colour: string) => string): PdfWriter => {
  const parts: string[] = [`${SCALE} 0 0 ${-SCALE} 0 ${number(height * SCALE)} cm`];
  const alphas = new Map<string, string>();
  const strength = (alpha: number): string => {
    const value = number(alpha);
    const name = alphas.get(value) ?? `G${alphas.size}`;
    alphas.set(value, name);
    return `/${name} gs`;
  };
  const surface: Surface = {
    stroke({ colour, width: thick, alpha = 1, dash = [] }, draw) {
      const cap = dash.length > 0 ? 0 : 1;
      parts.push(`q ${strength(alpha)} ${ink(resolve(colour))} RG ${number(thick)} w ${cap} J 1 j [${dash.map(number).join(" ")}] 0 d`);
      parts.push(wayOf(draw), "S Q");
    },
    fill({ colour, alpha = 1 }, draw) {
      parts.push(`q ${strength(alpha)} ${ink(resolve(colour))} rg`, wayOf(draw), "f Q");
    },
    text(words, x, y, { colour, size, align = "left", mono = false }) {
      const bytes = encode(words);
      const wide = (widthOf(bytes, mono) * size) / 1000;
      const start = x - { left: 0, center: wide / 2, right: wide }[align];
      // The page is drawn from the top down; letters are turned back.
      parts.push(
        `BT ${ink(resolve(colour))} rg /${mono ? "M" : "S"} ${number(size)} Tf 1 0 0 -1 ${number(start)} ${number(y + size * 0.35)} Tm (${quoted(bytes)}) Tj ET`,
      );
    },
    inside(x, y, wide, high, draw) {
      parts.push(`q 1 0 0 1 ${number(x)} ${number(y)} cm 0 0 ${number(wide)} ${number(high)} re W n`);
      draw();
      parts.push("Q");
    },
  };
  return { surface, document: () => file(width * SCALE, height * SCALE, parts.join("\n"), alphas) };
};

const number = (value: number): string => Number(value.toFixed(2)).toString();

/** Way's steps as PDF's, with a digit after the point. */
const wayOf = (draw: (way: Way) => void): string => {
  const steps: string[] = [];
  const at = (x: number, y: number): string => `${Number(x.toFixed(2))} ${Number(y.toFixed(2))}`;
  draw({
    moveTo: (x, y) => steps.push(`${at(x, y)} m`),
    lineTo: (x, y) => steps.push(`${at(x, y)} l`),
    closePath: () => steps.push("h"),
  });
  // A path needs a beginning, even where nothing is drawn.
  return steps.length === 0 ? "0 0 m" : steps.join("\n");
};

/** "#1f6fd6" or "#abc" as three shares of one; anything else is black. */
const ink = (colour: string): string => {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour.trim())?.[1] ?? "000000";
  const pairs = digits.match(digits.length === 3 ? /./g : /../g)!;
  return pairs.map((pair) => number(parseInt(pair.padEnd(2, pair), 16) / 255)).join(" ");
};

/** Signs of our charts that the standard fonts have at places of their own. */
const SPECIAL: Readonly<Record<string, number>> = { "…": 0x85, "–": 0x96, "−": 0x96, "×": 0xd7, "°": 0xb0, "µ": 0xb5, "±": 0xb1 };
const UNKNOWN = 63;

/** Bytes of WinAnsiEncoding; a question mark for what it does not have. */
const encode = (words: string): number[] =>
  Array.from(words, (sign) => {
    const code = sign.codePointAt(0)!;
    return SPECIAL[sign] ?? ((code >= 32 && code < 127) || (code >= 160 && code < 256) ? code : UNKNOWN);
  });

const quoted = (bytes: readonly number[]): string =>
  bytes.map((byte) => (byte < 127 ? String.fromCharCode(byte).replace(/[\\()]/, "\\$&") : `\\${byte.toString(8)}`)).join("");

/** Widths of Helvetica's signs from space to tilde, in thousandths of the size. */
const HELVETICA = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556,
  556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778,
  722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222,
  500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const USUAL = 556;
const COURIER = 600;

const widthOf = (bytes: readonly number[], mono: boolean): number =>
  bytes.reduce((sum, byte) => sum + (mono ? COURIER : (HELVETICA[byte - 32] ?? USUAL)), 0);

const file = (width: number, height: number, content: string, alphas: ReadonlyMap<string, string>): Uint8Array<ArrayBuffer> => {
  const font = (name: string): string => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  const states = [...alphas].map(([alpha, name]) => `/${name} << /CA ${alpha} /ca ${alpha} >>`).join(" ");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${number(width)} ${number(height)}] /Contents 4 0 R ` +
      `/Resources << /Font << /S 5 0 R /M 6 0 R >> /ExtGState << ${states} >> >> >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    font("Helvetica"),
    font("Courier"),
  ];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const place of places) text += `${place.toString().padStart(10, "0")} 00000 n \n`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
};
