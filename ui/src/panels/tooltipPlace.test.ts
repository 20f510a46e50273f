import { describe, expect, test } from "vitest";

import { placeTooltip } from "./tooltipPlace";

const WINDOW = { width: 1000, height: 600 };
const BOX = { width: 300, height: 200 };

const covers = (point: { left: number; top: number }, at: { left: number; top: number }, box = BOX): boolean =>
  point.left > at.left && point.left < at.left + box.width && point.top > at.top && point.top < at.top + box.height;

describe("placeTooltip", () => {
  test.each([
    [{ left: 500, top: 300 }],
    [{ left: 990, top: 300 }],
    [{ left: 5, top: 5 }],
    [{ left: 995, top: 595 }],
    [{ left: 650, top: 2 }],
  ])("at %j stays in the window and off the point", (point) => {
    const at = placeTooltip(point, BOX, WINDOW);
    expect(covers(point, at)).toBe(false);
    expect(at.left).toBeGreaterThanOrEqual(0);
    expect(at.top).toBeGreaterThanOrEqual(0);
    expect(at.left + BOX.width).toBeLessThanOrEqual(WINDOW.width);
    expect(at.top + BOX.height).toBeLessThanOrEqual(WINDOW.height);
  });

  test("goes above or below where neither side has room", () => {
    const point = { left: 200, top: 300 };
    const at = placeTooltip(point, BOX, { width: 400, height: 600 });
    expect(covers(point, at)).toBe(false);
    expect(at.top + BOX.height <= point.top || at.top >= point.top).toBe(true);
  });
});
