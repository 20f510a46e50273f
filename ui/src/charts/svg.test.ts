import { describe, expect, test } from "vitest";

import { drawing, PLAIN_OPTIONS } from "./drawing";
import { figure, figureHeight, type FigureWords } from "./figure";
import { svgWriter } from "./svg";
import { buckets, line, raw } from "./testing";
import type { Line } from "./types";

const WORDS: FigureWords = { title: "val/loss", x: "step", unit: "nats", note: "exact" };

const svg = (lines: readonly Line[], options = PLAIN_OPTIONS): string => {
  const shown = drawing(lines, null, options);
  const { surface, document } = svgWriter(480, figureHeight(shown, 480, 240), (colour) => colour);
  figure(surface, shown, WORDS, 480, 240);
  return document();
};

const xs = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe("the SVG of a chart", () => {
  test("is well-formed, with title, unit, axes and names as letters", () => {
    const text = svg([line(raw(xs(5), xs(5)), { name: "a<b & c" })]);
    const document = new DOMParser().parseFromString(text, "image/svg+xml");
    expect(document.querySelector("parsererror")).toBeNull();
    const words = [...document.querySelectorAll("text")].map((node) => node.textContent);
    for (const expected of ["val/loss (nats)", "exact", "step", "a<b & c"]) expect(words).toContain(expected);
  });

  test("draws vectors, not an image", () => {
    const text = svg([line(raw(xs(5), xs(5)))]);
    expect(text).not.toContain("<image");
    expect(text.match(/<path/g)!.length).toBeGreaterThanOrEqual(3);
  });

  test("stays small: a thousand buckets of a line with its envelope in less than 30 kB", () => {
    const trace = buckets(xs(1000), xs(1000).map((x) => Math.sin(x / 50)), Array<number>(1000).fill(9), 0.1);
    expect(svg([line(trace)]).length).toBeLessThan(30_000);
  });

  test("has no number that a drawing program could not read", () => {
    const text = svg([line(raw([0, 1, 2, 3], [1e-300, Number.NaN, 1e300, Number.POSITIVE_INFINITY]))]);
    expect(text).not.toMatch(/NaN(?!<)|Infinity|\de\+/);
  });

  test("writes ways that lead where they should", () => {
    const { surface, document } = svgWriter(10, 10, (colour) => colour);
    surface.stroke({ colour: "red", width: 1 }, (way) => {
      way.moveTo(1, 1);
      way.lineTo(1, 1);
      way.lineTo(2.5, 0.5);
      way.lineTo(2.5, 0.52);
      way.lineTo(4, 3);
      way.closePath();
      way.lineTo(2, 2);
    });
    expect(document()).toContain('d="m1 1h.01l1.5-.5 1.5 2.5zl1 1"');
  });

  test("makes a dot of a single point", () => expect(svg([line(raw([3], [4]))])).toContain("h.01"));
});
