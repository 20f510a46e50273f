import { describe, expect, test } from "vitest";

import { drawing, PLAIN_OPTIONS } from "./drawing";
import { hitsAt, hitUnder, nearestHits } from "./nearest";
import { buckets, line, raw } from "./testing";

const levels = (count: number) =>
  Array.from({ length: count }, (_, level) => line(raw([0, 10], [level, level]), { id: `run${level}` }));

const at = (lines: Parameters<typeof drawing>[0], x: number, height = 100) =>
  hitsAt(drawing(lines, [0, 10], PLAIN_OPTIONS), x, 100, height);

describe("nearestHits", () => {
  test("are the eight nearest to the pointer, largest first", () => {
    const hits = at(levels(20), 10);
    const shown = nearestHits(hits, hits[10]!.top).map((hit) => hit.shown);
    expect(shown).toHaveLength(8);
    expect(shown).toContain(10);
    expect(shown).toEqual([...shown].sort((a, b) => b - a));
    expect(Math.max(...shown) - Math.min(...shown)).toBe(7);
  });

  test("put NaN last", () => {
    const hits = at([line(raw([0, 10], [1, Number.NaN])), line(raw([0, 10], [1, 2]))], 10);
    expect(nearestHits(hits, 0).map((hit) => hit.shown)).toEqual([2, Number.NaN]);
  });
});

describe("hitsAt", () => {
  test("tell x and value of the nearest own point", () => {
    expect(at([line(raw([0, 4, 10], [1, 2, 3]))], 5)[0]).toMatchObject({ x: 4, value: 2, bucket: null });
  });

  test("leave out lines that ended long before", () => {
    expect(at([line(raw([0, 1, 2], [1, 1, 1])), line(raw([0, 10], [1, 1]))], 9)).toHaveLength(1);
  });

  test("leave out lines whose buckets are empty from here on", () => {
    const ended = buckets([0, 1, 2, 8, 9, 10], [1, 1, 1, Number.NaN, Number.NaN, Number.NaN], [4, 4, 4, 0, 0, 0]);
    expect(at([line(ended), line(raw([0, 10], [1, 1]), { id: "b" })], 9).map((hit) => hit.pen.id)).toEqual(["b"]);
  });

  test("pass over empty buckets, and tell what a bucket holds", () => {
    const trace = buckets([0, 5, 10], [1, Number.NaN, 3], [4, 0, 7], 0.5);
    expect(at([line(trace)], 6)[0]).toMatchObject({ x: 10, value: 3, bucket: { low: 2.5, high: 3.5, count: 7 } });
  });
});

describe("bands", () => {
  test("answer with their percentiles and the mean", () => {
    const shown = drawing(levels(101), [0, 10], { ...PLAIN_OPTIONS, bands: true });
    const hits = nearestHits(hitsAt(shown, 5, 100, 100), 0);
    expect(hits.map((hit) => hit.shown)).toEqual([95, 75, 50, 50, 25, 5].map((value) => expect.closeTo(value, 6) as number));
    expect(hits[0]!.pen.name).toBe("95 % of 101 runs");
  });
});

describe("hitUnder", () => {
  test("is the line at the pointer, and none where no line is near", () => {
    const hits = at(levels(2), 10, 400);
    expect(hitUnder(hits, hits[1]!.top + 3)?.pen.id).toBe("run1");
    expect(hitUnder(hits, 200)).toBeNull();
  });
});
