import { describe, expect, test } from "vitest";

import { drawing, PLAIN_OPTIONS } from "./drawing";
import { figure, figureHeight } from "./figure";
import { pdfWriter } from "./pdf";
import { buckets, line, raw } from "./testing";

const pdf = (name = "amber-heron"): string => {
  const xs = Array.from({ length: 50 }, (_, index) => index);
  const lines = [line(raw(xs, xs), { name }), line(buckets(xs, xs, xs.map(() => 4), 2), { id: "b", dash: [6, 3] })];
  const shown = drawing(lines, null, PLAIN_OPTIONS);
  const { surface, document } = pdfWriter(480, figureHeight(shown, 480, 240), (colour) => colour);
  figure(surface, shown, { title: "val/loss", x: "step", unit: "", note: "exact" }, 480, 240);
  return String.fromCharCode(...document());
};

describe("the PDF of a chart", () => {
  test("says truly where its objects lie", () => {
    const text = pdf();
    const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)![1]);
    const places = [...text.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map((match) => Number(match[1]));
    expect(places).toHaveLength(6);
    places.forEach((place, index) => expect(text.slice(place, place + 8)).toBe(`${index + 1} 0 obj\n`));
  });

  test("says truly how long its drawing is", () => {
    const [, length, content] = /\/Length (\d+) >>\nstream\n([^]*)\nendstream/.exec(pdf())!;
    expect(content).toHaveLength(Number(length));
  });

  test("opens and closes what it changes", () => {
    const text = pdf();
    expect(text.match(/^q /gm)!.length).toBe(text.match(/(^|[ ])Q$/gm)!.length);
  });

  test("has letters, not pictures of them, and keeps odd names harmless", () => {
    const text = pdf("a(b)\\c 模型");
    expect(text).toContain("(val/loss) Tj");
    expect(text).toContain("(a\\(b\\)\\\\c ??) Tj");
  });
});
