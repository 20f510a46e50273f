/** A surface that writes SVG: real lines and letters, few digits, nothing a paper's typesetter would stumble over. */
import type { Surface, Way } from "./surface";

export interface SvgWriter {
  readonly surface: Surface;
  readonly document: () => string;
}

export const svgWriter = (width: number, height: number, resolve: (colour: string) => string): SvgWriter => {
  const parts: string[] = [];
  let clips = 0;
  const surface: Surface = {
    stroke({ colour, width: thick, alpha = 1, dash = [] }, draw) {
      const way = svgWay();
      draw(way);
      if (way.data() === "") return;
      const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : ' stroke-linecap="round"';
      parts.push(
        `<path d="${way.data()}" fill="none" stroke="${escape(resolve(colour))}" stroke-width="${number(thick)}"` +
          `${alpha < 1 ? ` stroke-opacity="${number(alpha)}"` : ""}${dashes} stroke-linejoin="round"/>`,
      );
    },
    fill({ colour, alpha = 1 }, draw) {
      const way = svgWay();
      draw(way);
      if (way.data() === "") return;
      parts.push(`<path d="${way.data()}" fill="${escape(resolve(colour))}"${alpha < 1 ? ` fill-opacity="${number(alpha, 3)}"` : ""}/>`);
    },
    text(words, x, y, { colour, size, align = "left", mono = false }) {
      const anchor = { left: "", center: ' text-anchor="middle"', right: ' text-anchor="end"' }[align];
      // A third of the letters' height below the middle is where they stand; not every program knows dominant-baseline.
      parts.push(
        `<text x="${number(x)}" y="${number(y + size * 0.35)}" font-size="${number(size)}" fill="${escape(resolve(colour))}"` +
          `${anchor}${mono ? ' font-family="monospace"' : ""}>${escape(words)}</text>`,
      );
    },
    inside(x, y, wide, high, draw) {
      clips += 1;
      parts.push(
        `<clipPath id="c${clips}"><rect width="${number(wide)}" height="${number(high)}"/></clipPath>` +
          `<g transform="translate(${number(x)} ${number(y)})" clip-path="url(#c${clips})">`,
      );
      draw();
      parts.push("</g>");
    },
  };
  return {
    surface,
    document: () =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"` +
      ` font-family="sans-serif">\n${parts.join("\n")}\n</svg>\n`,
  };
};

/** A number with no more digits than can be seen. */
const number = (value: number, digits = 2): string => Number(value.toFixed(digits)).toString();

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Writes a way in steps of a tenth of a pixel, relative to the last point, and leaves out points that say nothing new. */
const svgWay = (): Way & { data: () => string } => {
  let text = "";
  let isOpen = false;
  let x = 0;
  let y = 0;
  const go = (letter: "m" | "l", toX: number, toY: number): void => {
    const nextX = Math.round(toX * 10);
    const nextY = Math.round(toY * 10);
    const dx = nextX - x;
    const dy = nextY - y;
    if (letter === "l" && dx === 0 && dy === 0) return;
    const a = tenth(dx);
    const b = tenth(dy);
    // After a move or a line another pair of numbers is a line, without its letter.
    text += `${letter === "l" && isOpen ? (a.startsWith("-") ? "" : " ") : letter}${a}${b.startsWith("-") ? "" : " "}${b}`;
    x = nextX;
    y = nextY;
    isOpen = true;
  };
  let startX = 0;
  let startY = 0;
  let moved = false;
  return {
    moveTo(toX, toY) {
      go("m", toX, toY);
      [startX, startY, moved] = [x, y, true];
    },
    lineTo(toX, toY) {
      // The first step after a move is kept even if it is too short to be seen: a round end makes it a dot.
      if (moved && Math.round(toX * 10) === x && Math.round(toY * 10) === y) {
        text += "h.01";
        isOpen = false;
      } else go("l", toX, toY);
      moved = false;
    },
    closePath() {
      text += "z";
      isOpen = false;
      [x, y] = [startX, startY];
    },
    data: () => text,
  };
};

const tenth = (value: number): string => {
  const whole = (value / 10).toString();
  return whole.replace(/^(-?)0\./, "$1.");
};
