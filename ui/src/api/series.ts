/**
 * Keeps the points of the charts in view: asks for what is missing in few requests, and keeps the old until the new is here.
 *
 * A chart says what it wants; charts that want alike share a request. New runs are asked for by themselves and merged,
 * and so is what a running training adds. Only another x-axis, zoom or width asks for everything again.
 */
import type { KeySeries } from "./columns";
import type { SeriesBody } from "./shapes";
import { type RunTrace, tracesOf } from "./traces";

export interface Want {
  readonly x: string;
  readonly range: readonly [number, number] | null;
  /** Runs with more points come as this many buckets. */
  readonly points: number;
  readonly runs: readonly string[];
}

/** What is known of one key now; never changed, only replaced. */
export interface ChartData {
  readonly traces: ReadonlyMap<string, RunTrace>;
  /** The question that the traces answer. */
  readonly x: string;
  readonly range: readonly [number, number] | null;
  /** All of x in the store, whatever was asked; null when there are no points. */
  readonly whole: readonly [number, number] | null;
  /** False until the first answer. */
  readonly known: boolean;
  /** An answer is being waited for. */
  readonly waiting: boolean;
  readonly error: string | null;
}

const NOTHING: ChartData = { traces: new Map(), x: "step", range: null, whole: null, known: false, waiting: false, error: null };

const MOST_KEYS = 6;
/** Runs times buckets times keys in one reply. Small replies are drawn while the next are on their way. */
const MOST_CELLS = 100_000;
const MOST_REQUESTS = 3;
const LIVE_PAUSE = 500;
const LONGEST_PAUSE = 5000;
/** Milliseconds of pause per line in view: drawing one takes about half of one, and the page must stay free for its reader. */
const PAUSE_PER_LINE = 1.5;
/** Charts out of view whose points are kept for when they come back. */
const MOST_KEPT = 200;

type Ask = (body: SeriesBody, signal: AbortSignal) => Promise<KeySeries[]>;

interface Entry {
  data: ChartData;
  /** Null while the chart is out of view. */
  want: Want | null;
  /** Runs that were answered for, also those that have nothing, under the question `answered`. */
  readonly known: Set<string>;
  answered: string | null;
  /** Runs that are being asked for, and under which question. */
  readonly asked: Map<string, string>;
  /** Runs that grew since they were answered. */
  readonly grown: Set<string>;
  readonly listeners: Set<() => void>;
}

/** One request, waiting or under way. */
interface Batch {
  readonly question: string;
  readonly want: Want;
  readonly runs: readonly string[];
  readonly keys: string[];
  readonly stop: AbortController;
}

const questionOf = ({ x, range, points }: Want): string => `${x}|${range === null ? "" : range.join(",")}|${points}`;

export class SeriesBoard {
  private readonly entries = new Map<string, Entry>();
  private readonly waiting: Batch[] = [];
  private readonly running = new Set<Batch>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private lastLive = 0;
  private liveTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly ask: Ask) {}

  data(key: string): ChartData {
    return this.entries.get(key)?.data ?? NOTHING;
  }

  subscribe(key: string, listener: () => void): () => void {
    const { listeners } = this.entry(key);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** A chart is in view and wants this; null: it left the view. */
  want(key: string, want: Want | null): void {
    this.entry(key).want = want;
    if (want === null) this.forgetOldest();
    this.soon();
    this.later();
  }

  /** Points were added: only the charts in view ask again, for the runs that grew, twice a second at most. */
  changed(keys: ReadonlyMap<string, ReadonlySet<string>>): void {
    for (const [run, grown] of keys) {
      for (const key of grown) {
        const entry = this.entries.get(key);
        if (entry?.known.has(run) === true) entry.grown.add(run);
      }
    }
    this.later();
  }

  /** What is shown may be old, as after a lost connection: everything in view is asked for again. */
  refresh(): void {
    for (const entry of this.entries.values()) {
      for (const run of entry.known) entry.grown.add(run);
      if (entry.data.error !== null) this.put(entry, { error: null });
    }
    this.flush(true);
  }

  /** Asks again for a chart that failed. */
  retry(key: string): void {
    this.put(this.entry(key), { error: null });
    this.soon();
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.liveTimer !== null) clearTimeout(this.liveTimer);
    this.waiting.length = 0;
    for (const batch of this.running) batch.stop.abort();
  }

  private entry(key: string): Entry {
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { data: NOTHING, want: null, known: new Set(), answered: null, asked: new Map(), grown: new Set(), listeners: new Set() };
      this.entries.set(key, entry);
    }
    return entry;
  }

  private put(entry: Entry, change: Partial<ChartData>): void {
    entry.data = { ...entry.data, ...change };
    for (const listener of entry.listeners) listener();
  }

  /** Charts that appear in the same moment share requests. */
  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.flush(false);
    }, 10);
  }

  /** Runs that grew wait for their turn, as long as there are any in view. */
  private later(): void {
    if (this.liveTimer !== null) return;
    if (![...this.entries.values()].some(isBehind)) return;
    // The first change after a quiet moment is shown at once.
    const pause = Math.max(0, this.lastLive + this.livePause() - Date.now());
    this.liveTimer = setTimeout(() => {
      this.liveTimer = null;
      this.lastLive = Date.now();
      this.flush(true);
      this.later();
    }, pause);
  }

  private livePause(): number {
    let lines = 0;
    for (const { want } of this.entries.values()) lines += want?.runs.length ?? 0;
    return Math.min(LONGEST_PAUSE, Math.max(LIVE_PAUSE, lines * PAUSE_PER_LINE));
  }

  private flush(live: boolean): void {
    this.dropUnwanted();
    const groups = new Map<string, Batch>();
    for (const [key, entry] of this.entries) {
      const { want } = entry;
      if (want === null || entry.data.error !== null) continue;
      const question = questionOf(want);
      const runs = missing(entry, want, question, live);
      if (runs.length === 0) continue;
      for (const run of runs) entry.asked.set(run, question);
      if (!entry.data.waiting) this.put(entry, { waiting: true });
      const group = `${question}|${runs.join(" ")}`;
      const batch = groups.get(group);
      if (batch === undefined) groups.set(group, { question, want, runs, keys: [key], stop: new AbortController() });
      else batch.keys.push(key);
    }
    for (const batch of groups.values()) this.waiting.push(...split(batch));
    this.send();
  }

  /** Requests that nobody waits for any more are taken out of the queue, or stopped. */
  private dropUnwanted(): void {
    const wanted = (batch: Batch, key: string): boolean => {
      const want = this.entries.get(key)?.want ?? null;
      return want !== null && questionOf(want) === batch.question;
    };
    for (const batch of [...this.waiting]) {
      for (const key of batch.keys.filter((one) => !wanted(batch, one))) this.release(batch, key);
      const left = batch.keys.filter((key) => wanted(batch, key));
      batch.keys.splice(0, batch.keys.length, ...left);
      if (left.length === 0) this.waiting.splice(this.waiting.indexOf(batch), 1);
    }
    for (const batch of this.running) {
      if (batch.keys.every((key) => !wanted(batch, key))) batch.stop.abort();
    }
  }

  private release(batch: Batch, key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    for (const run of batch.runs) if (entry.asked.get(run) === batch.question) entry.asked.delete(run);
    if (entry.asked.size === 0 && entry.data.waiting) this.put(entry, { waiting: false });
  }

  private send(): void {
    while (this.running.size < MOST_REQUESTS && this.waiting.length > 0) {
      const batch = this.waiting.shift()!;
      this.running.add(batch);
      void this.run(batch);
    }
  }

  private async run(batch: Batch): Promise<void> {
    const { want, runs, keys } = batch;
    const body: SeriesBody = {
      runs: [...runs],
      keys: [...keys],
      x: want.x,
      range: want.range === null ? null : [...want.range],
      points: want.points,
    };
    // What grows from here on is not in the answer.
    for (const key of keys) for (const run of runs) this.entries.get(key)?.grown.delete(run);
    let replies: KeySeries[] = [];
    let error: string | null = null;
    try {
      replies = await this.ask(body, batch.stop.signal);
    } catch (reason) {
      if (!batch.stop.signal.aborted) error = reason instanceof Error ? reason.message : String(reason);
    }
    this.running.delete(batch);
    for (const key of keys) {
      this.take(batch, key, replies.find((reply) => reply.key === key) ?? null, error);
      this.release(batch, key);
    }
    this.send();
    // While it was under way, more may have been wanted.
    this.soon();
  }

  private take(batch: Batch, key: string, reply: KeySeries | null, error: string | null): void {
    const entry = this.entries.get(key);
    if (entry === undefined || batch.stop.signal.aborted) return;
    if (entry.want !== null && questionOf(entry.want) !== batch.question) return;
    if (reply === null) {
      this.put(entry, { error: error ?? `the server's answer has nothing about ${key}` });
      return;
    }
    const fresh = tracesOf(reply);
    const merge = entry.answered === batch.question;
    if (!merge) entry.known.clear();
    entry.answered = batch.question;
    const traces = new Map(merge ? entry.data.traces : []);
    for (const run of batch.runs) {
      entry.known.add(run);
      const trace = fresh.get(run);
      if (trace === undefined) traces.delete(run);
      else traces.set(run, trace);
    }
    const whole = reply.low === null || reply.high === null ? null : ([reply.low, reply.high] as const);
    this.put(entry, {
      traces,
      x: batch.want.x,
      range: batch.want.range,
      whole: merge ? union(entry.data.whole, whole) : whole,
      known: true,
      error: null,
    });
  }

  private forgetOldest(): void {
    for (const [key, entry] of this.entries) {
      if (this.entries.size <= MOST_KEPT) return;
      if (entry.want === null && entry.listeners.size === 0 && entry.asked.size === 0) this.entries.delete(key);
    }
  }
}

/** Runs to ask for: all under a new question, else those that are not known; live ones only in their turn. */
const missing = (entry: Entry, want: Want, question: string, live: boolean): string[] => {
  const anew = entry.answered !== question;
  return want.runs.filter((run) => {
    if (entry.asked.get(run) === question) return false;
    return anew || !entry.known.has(run) || (live && entry.grown.has(run));
  });
};

const isBehind = ({ want, grown, data }: Entry): boolean =>
  want !== null && data.error === null && grown.size > 0 && want.runs.some((run) => grown.has(run));

const split = (batch: Batch): Batch[] => {
  const cells = Math.max(1, batch.runs.length * batch.want.points);
  const size = Math.max(1, Math.min(MOST_KEYS, Math.floor(MOST_CELLS / cells)));
  const batches: Batch[] = [];
  for (let from = 0; from < batch.keys.length; from += size) {
    batches.push({ ...batch, keys: batch.keys.slice(from, from + size), stop: new AbortController() });
  }
  return batches;
};

const union = (a: ChartData["whole"], b: ChartData["whole"]): ChartData["whole"] =>
  a === null || b === null ? (a ?? b) : [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
