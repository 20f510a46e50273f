/** What the wall of charts takes from the page that holds it. */
import type { KeySeries } from "../api/columns";
import type { SeriesBody } from "../api/shapes";
import type { Pen, Span } from "../charts/types";

/** A run as the wall knows it: its identity on the page and nothing of its attributes. */
export type WallRun = Pen;

/** A number series of the project: one chart. */
export interface KeyInfo {
  readonly key: string;
  /** How many runs have it. */
  readonly runs: number;
  readonly goal: "min" | "max" | null;
  readonly unit: string;
  /** The series that was named as this key's x-axis; empty for step. */
  readonly clock: string;
  /** A sentence about the key, shown when the pointer rests on the title. */
  readonly doc: string;
}

/** All that the reader chooses about the wall. Plain and small, so that it fits into a URL. */
export interface WallSettings {
  /** "step", "time", "relative" or the key of a clock. */
  readonly x: string;
  /** 0 draws the values as they are; else the share of the x-axis over which the past fades, say 0.02. */
  readonly smoothing: number;
  readonly log: boolean;
  /** A regular expression over keys; empty shows all. */
  readonly search: string;
  /** Prefixes of groups that are folded. */
  readonly folded: readonly string[];
  readonly pinned: readonly string[];
  readonly hidden: readonly string[];
  /** The part of the x-axis that all charts show; null shows all. */
  readonly range: Span | null;
  /** Keys whose y-axis differs from the wall's: "log", "linear", "all" (nothing cut off) or an own range. */
  readonly axes: Readonly<Record<string, YChoice>>;
  /** The key that fills the window; null when none does. */
  readonly full: string | null;
  /** More than 300 lines: draw percentile bands instead of lines. */
  readonly bands: boolean;
}

/** How the reader wants one chart's y-axis. */
export interface YChoice {
  readonly log?: boolean;
  readonly all?: boolean;
  readonly range?: Span;
}

export const PLAIN_SETTINGS: WallSettings = {
  x: "step",
  smoothing: 0,
  log: false,
  search: "",
  folded: [],
  pinned: [],
  hidden: [],
  range: null,
  axes: {},
  full: null,
  bands: false,
};

/** Which keys of which runs grew; all that charts care about in a change. */
export interface LiveChange {
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Where the wall hears of changes. Returns the way to stop listening. */
export type Live = (listen: (change: LiveChange) => void) => () => void;

export interface WallProps {
  readonly project: string;
  /** The runs that are drawn, in the order of the table; a baseline carries its dash. */
  readonly runs: readonly WallRun[];
  readonly keys: readonly KeyInfo[];
  readonly settings: WallSettings;
  /** The run under the pointer anywhere on the page. */
  readonly hovered: string | null;
  readonly onHover: (run: string | null) => void;
  /** Called with what changed only. */
  readonly onSettings: (change: Partial<WallSettings>) => void;
  /** Null when nothing arrives by itself. */
  readonly live: Live | null;
  /** Changes after a break of the connection: what is shown may be old and is asked for again. */
  readonly epoch?: number;
  /** The address of this page with these settings changed, for "copy link". */
  readonly link?: (change: Partial<WallSettings>) => string;
  /** Where points come from; the server's unless told otherwise. */
  readonly ask?: (body: SeriesBody, signal: AbortSignal) => Promise<KeySeries[]>;
}
