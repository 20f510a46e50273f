import { describe, expect, test } from "vitest";

import { buckets, line, raw } from "../charts/testing";
import { badgeOf } from "./badge";

describe("badgeOf", () => {
  test("is exact when every point is drawn", () => {
    expect(badgeOf([line(raw([0, 1], [1, 2]))])).toMatchObject({ text: "exact", exact: true });
  });

  test("counts what stands behind and what is drawn, raw and bucketed together", () => {
    const bucketed = buckets([0, 1, 2], [1, Number.NaN, 1], [600_000, 0, 600_000]);
    expect(badgeOf([line(bucketed), line(raw([0], [1]))])).toMatchObject({ text: "1.2M > 3", exact: false });
  });
});
