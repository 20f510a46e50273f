/**
 * Keeps the runs table in view: asks for the rows and columns that are looked at, patches what changes, and keeps the
 * old rows until the new ones are here.
 *
 * A question is a query and an order. Its rows come in pages and only with the columns that are looked at, so thousands of
 * both cost what is on the screen. Rows that change are patched where they are; rows that come or go reload the
 * question, and `epoch` tells the view to keep its place.
 */
import type { RunsAsk } from "./client";
import type { Change } from "./coalesce";
import type { RunRow, RunsReply, TableColumn } from "./shapes";

export const PAGE_ROWS = 100;
const MOST_COLUMNS = 60;
const MOST_PATCHED = 80;
const PATCH_PAUSE = 700;
const RELOAD_PAUSE = 400;

export type CellValue = RunRow["cells"][number];

export interface TableRow {
  readonly run: Omit<RunRow, "cells">;
  readonly cells: ReadonlyMap<string, CellValue>;
}

export interface TableQuestion {
  readonly query: string;
  readonly sort: readonly string[];
}

/** What the view draws; replaced, never changed. */
export interface TableSnapshot {
  readonly question: TableQuestion;
  /** False until the first answer. */
  readonly known: boolean;
  /** Another question was asked and is not answered yet. */
  readonly waiting: boolean;
  readonly total: number;
  readonly matched: number;
  readonly live: number;
  readonly rows: ReadonlyMap<number, TableRow>;
  readonly columns: ReadonlyMap<string, TableColumn>;
  readonly error: Error | null;
  /** Grows when rows came or went by themselves under the same question. */
  readonly epoch: number;
}

interface Generation {
  readonly question: TableQuestion;
  readonly rows: Map<number, TableRow>;
  readonly columns: Map<string, TableColumn>;
  readonly loaded: Set<string>;
  readonly asked: Set<string>;
  total: number;
  matched: number;
  live: number;
}

type Ask = (ask: RunsAsk, signal: AbortSignal) => Promise<RunsReply>;

const generation = (question: TableQuestion): Generation => ({
  question,
  rows: new Map(),
  columns: new Map(),
  loaded: new Set(),
  asked: new Set(),
  total: 0,
  matched: 0,
  live: 0,
});

const same = (a: TableQuestion, b: TableQuestion): boolean => a.query === b.query && a.sort.join("\n") === b.sort.join("\n");

export class RunsTable {
  private shown: Generation | null = null;
  private next: Generation | null = null;
  private nextIsReload = false;
  private abort = new AbortController();
  private first = 0;
  private last = 30;
  private wanted: readonly string[] = [];
  private error: Error | null = null;
  private epoch = 0;
  private patching = new Set<string>();
  private patchTimer: ReturnType<typeof setTimeout> | null = null;
  private reloadTimer: ReturnType<typeof setTimeout> | null = null;
  private listeners = new Set<() => void>();
  private kept: TableSnapshot | null = null;
  private named = new Map<string, TableRow["run"]>();

  constructor(
    private readonly project: string,
    private readonly ask: Ask,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): TableSnapshot => {
    this.kept ??= this.picture();
    return this.kept;
  };

  /** A run that was in the table under any question. */
  seen(run: string): TableRow["run"] | undefined {
    return this.named.get(run);
  }

  /** What is looked at. Cheap to call often: only what is missing is asked for. */
  look(question: TableQuestion, first: number, last: number, columns: readonly string[]): void {
    this.first = Math.max(0, first);
    this.last = Math.max(this.first, last);
    this.wanted = columns;
    const target = this.next ?? this.shown;
    if (target === null || !same(target.question, question)) this.start(question, false);
    else if (this.error === null) this.fill(target);
  }

  /** Asks the same question anew, keeping what is shown until the answer comes. */
  reload(): void {
    const question = (this.next ?? this.shown)?.question;
    if (question !== undefined) this.start(question, this.next === null || this.nextIsReload);
  }

  apply(change: Change): void {
    if (change.added.size > 0 || change.removed.size > 0) this.reloadTimer ??= setTimeout(() => this.reloadNow(), RELOAD_PAUSE);
    for (const run of change.runs) this.patching.add(run);
    this.patchTimer ??= setTimeout(() => this.patch(), PATCH_PAUSE);
  }

  close(): void {
    this.abort.abort();
    if (this.patchTimer !== null) clearTimeout(this.patchTimer);
    if (this.reloadTimer !== null) clearTimeout(this.reloadTimer);
  }

  private reloadNow(): void {
    this.reloadTimer = null;
    if (this.error === null) this.reload();
  }

  private start(question: TableQuestion, isReload: boolean): void {
    this.abort.abort();
    this.abort = new AbortController();
    this.shown?.asked.clear();
    this.error = null;
    this.next = generation(question);
    this.nextIsReload = isReload;
    this.fill(this.next);
    if (!isReload) this.changed();
  }

  private fill(target: Generation): void {
    const end = target === this.next ? this.last : Math.min(this.last, Math.max(0, target.matched - 1));
    for (let page = Math.floor(this.first / PAGE_ROWS); page <= Math.floor(end / PAGE_ROWS); page += 1) {
      const missing = ["", ...this.wanted].filter((column) => {
        const name = `${page}\n${column}`;
        return !target.loaded.has(name) && !target.asked.has(name);
      });
      for (let at = 0; at < missing.length; at += MOST_COLUMNS) {
        const columns = missing.slice(at, at + MOST_COLUMNS);
        columns.forEach((column) => target.asked.add(`${page}\n${column}`));
        void this.load(target, page, columns);
      }
    }
  }

  private async load(target: Generation, page: number, columns: readonly string[]): Promise<void> {
    const { signal } = this.abort;
    const names = columns.filter((column) => column !== "");
    try {
      const ask = { ...target.question, project: this.project, columns: names, offset: page * PAGE_ROWS, limit: PAGE_ROWS };
      const reply = await this.ask(ask, signal);
      if (signal.aborted) return;
      this.take(target, page, columns, reply);
    } catch (error) {
      if (signal.aborted) return;
      this.error = error instanceof Error ? error : new Error(String(error));
      this.changed();
    }
  }

  private take(target: Generation, page: number, columns: readonly string[], reply: RunsReply): void {
    const moved = reply.rows.some((row, index) => {
      const known = target.rows.get(page * PAGE_ROWS + index);
      return known !== undefined && known.run.id !== row.id;
    });
    target.total = reply.total;
    target.matched = reply.matched;
    target.live = reply.live;
    for (const column of reply.columns) target.columns.set(column.name, column);
    reply.rows.forEach((row, index) => putRow(target, page * PAGE_ROWS + index, row, reply.columns, !moved));
    columns.forEach((column) => target.loaded.add(`${page}\n${column}`));
    if (target === this.next) {
      if (this.nextIsReload) this.epoch += 1;
      this.shown = target;
      this.next = null;
      this.fill(target);
    }
    // The order changed between two answers: what is shown would mix two tables.
    if (moved) this.reloadTimer ??= setTimeout(() => this.reloadNow(), RELOAD_PAUSE);
    this.changed();
  }

  /** Asks for the rows that changed and are known, and for the counts; nothing moves. */
  private async patchNow(): Promise<void> {
    const { shown, wanted } = this;
    const { signal } = this.abort;
    if (shown === null || this.error !== null) return;
    const changed = [...shown.rows].filter(([, row]) => this.patching.has(row.run.id)).map(([index, row]) => ({ index, id: row.run.id }));
    this.patching.clear();
    const near = changed.filter(({ index }) => index >= this.first - 20 && index <= this.last + 20).slice(0, MOST_PATCHED);
    const columns = wanted.slice(0, MOST_COLUMNS);
    const base = { project: this.project, columns, sort: [], offset: 0 };
    const [counts, rows] = await Promise.all([
      this.ask({ ...base, query: shown.question.query, limit: 0 }, signal),
      near.length === 0
        ? null
        : this.ask({ ...base, query: `id in [${near.map(({ id }) => `"${id}"`).join(", ")}]`, limit: near.length }, signal),
    ]);
    if (signal.aborted || this.shown !== shown) return;
    shown.total = counts.total;
    shown.live = counts.live;
    for (const column of counts.columns) shown.columns.set(column.name, column);
    const places = new Map(near.map(({ index, id }) => [id, index]));
    for (const row of rows?.rows ?? []) putRow(shown, places.get(row.id)!, row, rows!.columns, true);
    this.changed();
  }

  private patch(): void {
    void this.patchNow()
      .catch(() => undefined) // The stream says when the server is gone; the next change tries again.
      .finally(() => {
        this.patchTimer = this.patching.size > 0 ? setTimeout(() => this.patch(), PATCH_PAUSE) : null;
      });
  }

  private changed(): void {
    for (const { run } of this.shown?.rows.values() ?? []) this.named.set(run.id, run);
    this.kept = null;
    this.listeners.forEach((listener) => listener());
  }

  private picture(): TableSnapshot {
    const { shown, next } = this;
    const asked = (next ?? shown)?.question ?? { query: "", sort: [] };
    return {
      question: asked,
      known: shown !== null,
      waiting: next !== null && !this.nextIsReload && this.error === null,
      total: shown?.total ?? 0,
      matched: shown?.matched ?? 0,
      live: shown?.live ?? 0,
      rows: shown === null ? new Map() : new Map(shown.rows),
      columns: shown === null ? new Map() : new Map(shown.columns),
      error: this.error,
      epoch: this.epoch,
    };
  }
}

const putRow = (target: Generation, index: number, row: RunRow, columns: readonly TableColumn[], isSame: boolean): void => {
  const { cells: values, ...run } = row;
  const known = isSame ? target.rows.get(index) : undefined;
  const cells = new Map(known?.cells ?? []);
  columns.forEach((column, at) => cells.set(column.name, values[at] ?? null));
  target.rows.set(index, { run, cells });
};
