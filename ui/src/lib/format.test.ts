/** Numbers, durations and moments in words. */
import { expect, test } from "vitest";

import {
  exactNumber,
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatMoment,
  formatNumber,
  formatShortCount,
  formatValue,
} from "./format";

test.each([
  [0.931234, "0.9312"],
  [0.9, "0.9000"],
  [12.3456, "12.35"],
  [123456.7, "123457"],
  [999999.9, "1e6"],
  [1e6, "1e6"],
  [1234567, "1.235e6"],
  [0.001, "0.001000"],
  [0.000999, "9.99e-4".replace("-", "−")],
  [-0.5, "−0.5000"],
  [3, "3"],
  [0, "0"],
  [NaN, "NaN"],
  [-Infinity, "−∞"],
])("%f reads %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("an axis drops the zeros that a table keeps for alignment", () => {
  expect(formatNumber(0.9, { short: true })).toBe("0.9");
});

test("what is copied is the whole value", () => {
  expect(exactNumber(0.1 + 0.2)).toBe("0.30000000000000004");
  expect(exactNumber(-Infinity)).toBe("-Infinity");
});

test.each([
  [0.25, "250ms"],
  [9.96, "9.9s"],
  [59.9, "59s"],
  [192, "3m 12s"],
  [3600, "1h 00m"],
  [90061, "1d 01h"],
  [null, "–"],
])("%s seconds read %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test("moments are told by their distance", () => {
  expect(formatAgo(1000, 1002)).toBe("now");
  expect(formatAgo(1000, 1090)).toBe("1m ago");
  expect(formatAgo(1000, 1000 + 3 * 86400)).toBe("3d ago");
  expect(formatAgo(null)).toBe("–");
});

test("a moment in full sorts as text", () => {
  expect(formatMoment(1_700_000_000)).toMatch(/^2023-11-1\d \d\d:13:20$/);
});

test("counts and sizes", () => {
  expect(formatCount(1204)).toBe("1,204");
  expect(formatShortCount(1_234_567)).toBe("1.2M");
  expect(formatShortCount(999)).toBe("999");
  expect(formatBytes(1_234_567)).toBe("1.2 MB");
});

test("a cell shows anything", () => {
  expect(formatValue(undefined)).toBe("–");
  expect(formatValue(false)).toBe("false");
  expect(formatValue([1, "a"])).toBe('[1,"a"]');
});
