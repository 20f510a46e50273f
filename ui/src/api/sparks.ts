/** Small curves for the rows in view: one request for all of them, again only for runs that grew. */
import type { Change } from "./coalesce";
import type { KeySeries } from "./columns";
import type { SeriesBody } from "./shapes";

/** A run's curve in some forty points; y is NaN where nothing is. */
export interface Spark {
  readonly x: Float64Array;
  readonly y: Float64Array | Float32Array;
}

/** The curves of one key that are known, and what is common to them. */
export interface Sparks {
  readonly curves: ReadonlyMap<string, Spark>;
  /** 2 to 98 % of all shown values, so that one run that blew up does not flatten the rest. */
  readonly low: number;
  readonly high: number;
}

const POINTS = 40;
const MOST_ROUNDS = 3;
const BATCH_PAUSE = 30;
const LIVE_PAUSE = 2000;
export const NO_SPARKS: Sparks = { curves: new Map(), low: 0, high: 1 };

type Ask = (body: SeriesBody, signal: AbortSignal) => Promise<KeySeries[]>;

export class SparkBoard {
  private curves = new Map<string, Spark | null>();
  private wanted: readonly string[] = [];
  private grown = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private liveTimer: ReturnType<typeof setTimeout> | null = null;
  private readonly abort = new AbortController();
  private listeners = new Set<() => void>();
  private kept: Sparks = NO_SPARKS;

  constructor(
    private readonly key: string,
    private readonly ask: Ask,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): Sparks => this.kept;

  want(runs: readonly string[]): void {
    this.wanted = runs;
    if (runs.some((run) => !this.curves.has(run))) this.timer ??= setTimeout(() => this.load(), BATCH_PAUSE);
  }

  apply(change: Change): void {
    for (const [run, keys] of change.keys) if (keys.has(this.key)) this.grown.add(run);
    if (this.grown.size > 0) this.liveTimer ??= setTimeout(() => this.loadGrown(), LIVE_PAUSE);
  }

  close(): void {
    this.abort.abort();
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.liveTimer !== null) clearTimeout(this.liveTimer);
  }

  private load(): void {
    this.timer = null;
    const missing = this.wanted.filter((run) => !this.curves.has(run));
    missing.forEach((run) => this.curves.set(run, null));
    void this.fetch(missing);
  }

  private loadGrown(): void {
    this.liveTimer = null;
    const runs = this.wanted.filter((run) => this.grown.has(run));
    // A run out of view is asked for when it is looked at again.
    for (const run of this.grown) if (!runs.includes(run)) this.curves.delete(run);
    this.grown.clear();
    void this.fetch(runs);
  }

  private async fetch(runs: string[]): Promise<void> {
    if (runs.length === 0) return;
    const { signal } = this.abort;
    try {
      // Buckets span the longest run; what is too short to have a shape in them is asked for among its like.
      let waiting = runs;
      for (let round = 0; round < MOST_ROUNDS && waiting.length > 0; round += 1) {
        const [series] = await this.ask({ runs: waiting, keys: [this.key], x: "step", range: null, points: POINTS }, signal);
        if (signal.aborted || series === undefined) return;
        const curves = curvesOf(series);
        for (const [run, spark] of curves) this.curves.set(run, spark);
        this.publish();
        const isCoarse = new Set(series.buckets?.runs ?? []);
        const short = curves.filter(([run, spark]) => isCoarse.has(run) && spark.x.length < POINTS / 4).map(([run]) => run);
        if (short.length === waiting.length) return;
        waiting = short;
      }
    } catch {
      // A missing sparkline is not worth a message; the numbers beside it are there. The next look tries again.
      runs.forEach((run) => this.curves.delete(run));
    }
  }

  private publish(): void {
    const curves = new Map<string, Spark>();
    for (const [run, spark] of this.curves) if (spark !== null) curves.set(run, spark);
    this.kept = { curves, ...spread([...curves.values()]) };
    this.listeners.forEach((listener) => listener());
  }
}

export const curvesOf = (series: KeySeries): [string, Spark][] => {
  const curves: [string, Spark][] = [];
  const { raw, buckets } = series;
  raw?.runs.forEach((run, at) => {
    const [from, to] = [raw.starts[at]!, raw.starts[at + 1]!];
    curves.push([run, { x: raw.x.subarray(from, to), y: raw.value.subarray(from, to) }]);
  });
  buckets?.runs.forEach((run, at) => {
    const from = at * buckets.points;
    let [first, last] = [0, buckets.points];
    while (first < last && buckets.count[from + first] === 0) first += 1;
    while (last > first && buckets.count[from + last - 1] === 0) last -= 1;
    curves.push([run, { x: buckets.x.subarray(first, last), y: buckets.mean.subarray(from + first, from + last) }]);
  });
  return curves;
};

const spread = (curves: readonly Spark[]): { low: number; high: number } => {
  const values = curves.flatMap((curve) => Array.from(curve.y)).filter(Number.isFinite);
  values.sort((a, b) => a - b);
  const low = values[Math.floor(values.length * 0.02)] ?? 0;
  const high = values[Math.ceil((values.length - 1) * 0.98)] ?? 1;
  return { low, high };
};
