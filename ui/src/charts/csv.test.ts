import { describe, expect, test } from "vitest";

import { csv } from "./csv";
import { drawing, PLAIN_OPTIONS } from "./drawing";
import { buckets, line, raw } from "./testing";

const rows = (text: string): string[] => text.trimEnd().split("\r\n");

describe("csv", () => {
  test("has a row per raw point with every digit", () => {
    const shown = drawing([line(raw([0, 1], [0.1 + 0.2, Number.NaN]))], null, PLAIN_OPTIONS);
    expect(rows(csv(shown, "step"))).toEqual([
      "run,name,step,value,min,max,points",
      "a,amber-heron,0,0.30000000000000004,0.30000000000000004,0.30000000000000004,1",
      "a,amber-heron,1,NaN,NaN,NaN,1",
    ]);
  });

  test("says of a bucket what it holds and leaves empty ones out", () => {
    const shown = drawing([line(buckets([0, 1, 2], [1, Number.NaN, 3], [5, 0, 6], 0.5))], null, PLAIN_OPTIONS);
    expect(rows(csv(shown, "step")).slice(1)).toEqual(["a,amber-heron,0,1,0.5,1.5,5", "a,amber-heron,2,3,2.5,3.5,6"]);
  });

  test("holds only what is zoomed to", () => {
    const shown = drawing([line(raw([0, 1, 2], [1, 2, 3]))], null, { ...PLAIN_OPTIONS, xRange: [0.5, 1.5] });
    expect(rows(csv(shown, "step"))).toHaveLength(2);
  });

  test("quotes names and disarms formulas", () => {
    const shown = drawing([line(raw([0], [1]), { name: '=1+"x", y' })], null, PLAIN_OPTIONS);
    expect(rows(csv(shown, "step"))[1]).toContain('"\'=1+""x"", y"');
  });
});
