/** The gallery's test data: one key per thing that a chart must be able to show, answered like a server would. */
import type { KeySeries } from "../api/columns";
import type { SeriesBody } from "../api/shapes";
import type { Span } from "../charts/types";
import type { KeyInfo } from "./types";

interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

interface Case {
  readonly info: Partial<KeyInfo>;
  /** Run number `run` of this key; null when that run does not have it. */
  readonly points: (run: number) => Points | null;
}

/** The same noise every time. */
const noise = (seed: number): (() => number) => {
  let state = seed * 2654435761 + 12345;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
};

const steps = (count: number, by = 1): number[] => Array.from({ length: count }, (_, index) => index * by);

const course = (count: number, by: number, value: (x: number, random: () => number) => number) => (run: number): Points => {
  const random = noise(run + 1);
  const x = steps(count, by);
  return { x, y: x.map((at) => value(at, random)) };
};

const decay = (run: number, count: number, by = 1, rough = 0.1): Points =>
  course(count, by, (x, random) => 2.3 * Math.exp((-x / (count * by)) * (2 + (run % 7))) + 0.1 + 0.02 * run + rough * random())(run);

const upTo = (runs: number, points: (run: number) => Points) => (run: number): Points | null => (run < runs ? points(run) : null);

export const CASES: Record<string, Case> = {
  "line/loss": { info: { goal: "min", unit: "nats", doc: "Cross-entropy over the training set." }, points: upTo(4, (run) => decay(run, 300)) },
  "line/accuracy": { info: { goal: "max" }, points: upTo(8, course(40, 100, (x, random) => 1 - 0.9 * Math.exp(-x / 900) + 0.02 * random())) },
  "line/twelve": { info: {}, points: upTo(12, (run) => decay(run, 200)) },
  "line/dense": { info: { goal: "min" }, points: upTo(100, (run) => decay(run, 1000, 1, 0.3)) },
  "line/many": { info: {}, points: (run) => decay(run % 40, 120, 10, 0.6) },
  "line/different steps": { info: {}, points: upTo(4, (run) => course(50 + 37 * run, 1 + run, (x) => Math.sin(x / 40 + run))(run)) },
  "buckets/million points": { info: { goal: "min" }, points: upTo(3, (run) => decay(run, 200_000, 1, 0.8)) },
  "buckets/one spike": {
    info: {},
    points: upTo(2, (run) => {
      const { x, y } = decay(run, 100_000, 1, 0.05);
      return { x, y: y.map((value, index) => (index === 61_803 && run === 0 ? 40 : value)) };
    }),
  },
  "buckets/sparse beside dense": {
    info: {},
    points: upTo(2, (run) => (run === 0 ? course(100_000, 1, (x) => Math.sin(x / 9000))(0) : course(1100, 91, (x) => Math.cos(x / 9000))(1))),
  },
  "buckets/pause": {
    info: {},
    points: upTo(1, () => {
      const x = [...steps(30_000), ...steps(30_000).map((at) => at + 70_000)];
      return { x, y: x.map((at) => Math.sin(at / 8000)) };
    }),
  },
  "odd/one point": { info: { unit: "s" }, points: upTo(3, (run) => ({ x: [120], y: [0.3 + run * 0.2] })) },
  "odd/two points": { info: {}, points: upTo(2, (run) => ({ x: [0, 10], y: [run, 1.5] })) },
  "odd/NaN and infinity": {
    info: {},
    points: upTo(2, (run) => {
      const { x, y } = decay(run, 120);
      const odd: Record<number, number> = { 30: Number.NaN, 31: Number.NaN, 32: Number.NaN, 60: Number.POSITIVE_INFINITY, 90: Number.NEGATIVE_INFINITY };
      return { x, y: y.map((value, index) => (run === 0 ? (odd[index] ?? value) : value)) };
    }),
  },
  "odd/nothing but NaN": { info: {}, points: upTo(1, () => ({ x: steps(50), y: steps(50).map(() => Number.NaN) })) },
  "odd/constant": { info: {}, points: upTo(1, () => ({ x: steps(50), y: steps(50).map(() => 0.1) })) },
  "odd/huge": { info: {}, points: upTo(2, course(100, 1, (x, random) => (x * 1e305 * (1 + random())) / 7)) },
  "odd/tiny": { info: {}, points: upTo(2, course(100, 1, (x, random) => 3e-9 * Math.exp(-x / 40) + 1e-10 * random())) },
  "odd/far from zero": { info: {}, points: upTo(2, course(100, 1, (x, random) => 1_732_291_200 + x / 20 + random())) },
  "odd/negative": { info: {}, points: upTo(3, (run) => course(100, 1, (x, random) => -Math.exp(x / 30) + random() - run)(run)) },
  "odd/nobody has it": { info: {}, points: () => null },
  "odd/a very long name of a key that somebody made by joining all of the words of a sentence": { info: { unit: "samples/s", goal: "max" }, points: upTo(2, (run) => decay(run, 60)) },
  "odd/refused": { info: {}, points: () => null },
  "log/learning rate": { info: {}, points: upTo(3, (run) => course(200, 10, (x) => 10 ** (-1 - run) * 0.5 * (1 + Math.cos((Math.PI * x) / 2000)))(run)) },
  "log/with zeros": { info: {}, points: upTo(1, course(80, 1, (x) => (x % 9 === 0 ? 0 : 10 ** (x / 12 - 3)))) },
};

export const galleryKeys = (runs: number): KeyInfo[] =>
  Object.entries(CASES).map(([key, { info }]) => ({ key, runs, goal: null, unit: "", clock: "", doc: "", ...info }));

/** Answers as the server does: few points raw, many as buckets of equal width. */
export const answer = (body: SeriesBody): Promise<KeySeries[]> => {
  if (body.keys.includes("odd/refused") && body.keys.length === 1) return Promise.reject(new Error("run kd83x2: segment 3 is damaged at byte 4,096; `kymograph verify kd83x2` says more"));
  return Promise.resolve(body.keys.map((key) => series(key, body)));
};

const known = new Map<string, Points | null>();

const pointsOf = (key: string, run: string): Points | null => {
  const name = `${key} ${run}`;
  let points = known.get(name);
  if (points === undefined) {
    points = CASES[key]?.points(Number(run.slice(3))) ?? null;
    known.set(name, points);
  }
  return points;
};

const series = (key: string, { runs, range, points: count }: SeriesBody): KeySeries => {
  const all = runs.map((run) => ({ run, points: pointsOf(key, run) }));
  const present = all.flatMap(({ run, points }) => (points === null ? [] : [{ run, points }]));
  const ends = present.flatMap(({ points }) => [points.x[0]!, points.x[points.x.length - 1]!]);
  const whole: Span | null = ends.length === 0 ? null : [Math.min(...ends), Math.max(...ends)];
  const [low, high] = range ?? whole ?? [0, 0];
  const cut = present.map(({ run, points }) => ({ run, ...within(points, low, high) }));
  const few = cut.filter(({ x }) => x.length <= count);
  const many = cut.filter(({ x }) => x.length > count);
  return {
    key,
    x: "step",
    unit: "",
    goal: null,
    n: cut.reduce((sum, { x }) => sum + x.length, 0),
    exact: many.length === 0,
    low: whole?.[0] ?? null,
    high: whole?.[1] ?? null,
    raw: {
      runs: few.map(({ run }) => run),
      starts: Int32Array.from([0, ...few.map((_, index) => few.slice(0, index + 1).reduce((sum, { x }) => sum + x.length, 0))]),
      x: Float64Array.from(few.flatMap(({ x }) => x)),
      value: Float64Array.from(few.flatMap(({ y }) => y)),
    },
    buckets: many.length === 0 ? null : buckets(many, [low, high], count),
    missing: all.filter(({ points }) => points === null).map(({ run }) => run),
  };
};

const within = ({ x, y }: Points, low: number, high: number): { x: number[]; y: number[] } => {
  const kept = x.flatMap((at, index) => (at >= low && at <= high ? [index] : []));
  return { x: kept.map((index) => x[index]!), y: kept.map((index) => y[index]!) };
};

const buckets = (cut: readonly { run: string; x: number[]; y: number[] }[], [low, high]: Span, points: number): KeySeries["buckets"] => {
  const size = cut.length * points;
  const width = (high - low) / points;
  const min = new Float32Array(size).fill(Number.NaN);
  const max = new Float32Array(size).fill(Number.NaN);
  const sum = new Float64Array(size);
  const count = new Uint32Array(size);
  cut.forEach(({ x, y }, row) => {
    x.forEach((at, index) => {
      const bucket = row * points + Math.min(points - 1, Math.floor((at - low) / width));
      const value = y[index]!;
      min[bucket] = count[bucket] === 0 ? value : Math.min(min[bucket]!, value);
      max[bucket] = count[bucket] === 0 ? value : Math.max(max[bucket]!, value);
      sum[bucket] = sum[bucket]! + value;
      count[bucket] = count[bucket]! + 1;
    });
  });
  return {
    runs: cut.map(({ run }) => run),
    points,
    counts: cut.map(({ x }) => x.length),
    edges: [low, high],
    x: Float64Array.from({ length: points }, (_, index) => low + (index + 0.5) * width),
    min,
    max,
    mean: Float32Array.from(sum, (value, index) => (count[index]! > 0 ? value / count[index]! : Number.NaN)),
    count,
    odd: new Uint8Array(size),
  };
};
