import { describe, expect, test } from "vitest";

import { decodeSeries } from "./columns";
import { tracesOf } from "./traces";

type Array = Float64Array | Float32Array | Uint32Array | Uint8Array;

/** Builds a reply byte by byte as ARCHITECTURE.md describes it. */
const reply = (describe: (put: (array: Array) => object) => object): ArrayBuffer => {
  const arrays: { at: number; array: Array }[] = [];
  let end = 0;
  const put = (array: Array): object => {
    const type = { Float64Array: "f64", Float32Array: "f32", Uint32Array: "u32", Uint8Array: "u8" }[array.constructor.name];
    arrays.push({ at: end, array });
    const ref = { type, at: end, length: array.length };
    end = Math.ceil((end + array.byteLength) / 8) * 8;
    return ref;
  };
  let head = JSON.stringify(describe(put));
  while ((4 + head.length) % 8 !== 0) head += " ";
  const body = new Uint8Array(4 + head.length + end);
  new DataView(body.buffer).setUint32(0, head.length, true);
  body.set(new TextEncoder().encode(head), 4);
  for (const { at, array } of arrays) body.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), 4 + head.length + at);
  return body.buffer;
};

const PART = { key: "loss", x: "step", unit: "", goal: "min", n: 107, exact: false, low: 0, high: 9, raw: null, buckets: null, missing: [] };

const mixed = (): ArrayBuffer =>
  reply((put) => ({
    series: [
      {
        ...PART,
        raw: { runs: ["a", "b"], counts: [2, 1], x: put(Float64Array.of(0, 1, 5)), value: put(Float64Array.of(0.5, Number.NaN, 7)) },
        buckets: {
          runs: ["c", "d"],
          points: 3,
          counts: [100, 4],
          edges: [0, 9],
          x: put(Float64Array.of(1.5, 4.5, 7.5)),
          min: put(Float32Array.of(0, 0, 0, 1, Number.NaN, 1)),
          max: put(Float32Array.of(9, 9, 9, 3, Number.NaN, 3)),
          mean: put(Float32Array.of(4, 5, 6, 2, Number.NaN, 2)),
          count: put(Uint32Array.of(50, 25, 25, 2, 0, 2)),
          odd: put(Uint8Array.of(0, 0, 1, 0, 0, 4)),
        },
        missing: ["e"],
      },
      { ...PART, key: "empty", low: null, high: null },
    ],
  }));

describe("decodeSeries", () => {
  test("gives keys in order, with what the header says", () => {
    const [loss, empty] = decodeSeries(mixed());
    expect(loss).toMatchObject({ key: "loss", n: 107, exact: false, low: 0, high: 9, missing: ["e"] });
    expect(empty).toMatchObject({ key: "empty", low: null, raw: null, buckets: null });
  });

  test("refuses a type that was not agreed", () => {
    const body = reply((put) => ({ series: [{ ...PART, raw: { runs: ["a"], counts: [1], x: put(Float32Array.of(0)), value: put(Float64Array.of(0)) } }] }));
    expect(() => decodeSeries(body)).toThrow("sent f32 where f64 was agreed");
  });
});

describe("tracesOf", () => {
  const traces = tracesOf(decodeSeries(mixed())[0]!);

  test("cuts raw points at each run's count", () => {
    expect([...traces.get("a")!.x]).toEqual([0, 1]);
    expect([...traces.get("b")!.y]).toEqual([7]);
    expect(traces.get("b")).toMatchObject({ total: 1, low: null, count: null });
  });

  test("cuts buckets row by row", () => {
    const trace = traces.get("d")!;
    expect([...trace.x]).toEqual([1.5, 4.5, 7.5]);
    expect([...trace.y]).toEqual([2, Number.NaN, 2]);
    expect([...trace.count!]).toEqual([2, 0, 2]);
    expect([...trace.odd!]).toEqual([0, 0, 4]);
    expect(trace.total).toBe(4);
  });

  test("leaves out runs that have nothing", () => expect(traces.has("e")).toBe(false));
});
