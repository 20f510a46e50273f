/** What a reader has chosen on a place, and its short form in the address: only what differs from the default is there. */

/** What is chosen about one chart's y-axis. */
export interface YView {
  readonly log?: boolean;
  readonly all?: boolean;
  readonly range?: readonly [number, number];
}

/** What is chosen about the charts; the same fields as the wall's settings. */
export interface WallView {
  readonly x: string;
  readonly smoothing: number;
  readonly log: boolean;
  readonly search: string;
  readonly folded: readonly string[];
  readonly pinned: readonly string[];
  readonly hidden: readonly string[];
  readonly range: readonly [number, number] | null;
  readonly axes: Readonly<Record<string, YView>>;
  readonly full: string | null;
  readonly bands: boolean;
}

/** 1 the table, 2 both, 3 the charts. */
export type Layout = 1 | 2 | 3;

export interface View {
  readonly query: string;
  /** As the server takes them: "-created", "val/acc.max". Empty is newest first. */
  readonly sort: readonly string[];
  /** Null shows the columns that are chosen for the reader. */
  readonly columns: readonly string[] | null;
  /** How many of the columns after the name are frozen with it. */
  readonly frozen: number;
  /** Runs that are drawn; empty draws the first rows. */
  readonly selected: readonly string[];
  /** Runs whose lines are taken off the charts. */
  readonly off: readonly string[];
  readonly baseline: string | null;
  readonly layout: Layout;
  readonly wall: WallView;
}

export const PLAIN_WALL: WallView = {
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

export const PLAIN_VIEW: View = {
  query: "",
  sort: [],
  columns: null,
  frozen: 0,
  selected: [],
  off: [],
  baseline: null,
  layout: 2,
  wall: PLAIN_WALL,
};

export const readView = (search: string): View => {
  const params = new URLSearchParams(search);
  const ids = (name: string): string[] => (params.get(name) ?? "").split(",").filter((id) => id !== "");
  const layout = Number(params.get("layout"));
  return {
    query: params.get("q") ?? "",
    sort: params.getAll("sort"),
    columns: params.has("col") ? params.getAll("col").filter((name) => name !== "") : null,
    frozen: readWhole(params.get("frozen")),
    selected: ids("sel"),
    off: ids("off"),
    baseline: params.get("base"),
    layout: layout === 1 || layout === 3 ? layout : 2,
    wall: readWall(params),
  };
};

const readWall = (params: URLSearchParams): WallView => ({
  x: params.get("x") ?? PLAIN_WALL.x,
  smoothing: clamp(Number(params.get("smooth") ?? 0), 0, 0.999),
  log: params.has("log"),
  search: params.get("charts") ?? "",
  folded: params.getAll("fold"),
  pinned: params.getAll("pin"),
  hidden: params.getAll("hide"),
  range: readRange(params.get("range")),
  axes: Object.fromEntries(params.getAll("axis").flatMap(readAxis)),
  full: params.get("full"),
  bands: params.has("bands"),
});

/** The search part of an address, "" when all is as it comes. */
export const writeView = (view: View): string => {
  const params = new URLSearchParams();
  const each = (name: string, values: readonly string[]): void => values.forEach((value) => params.append(name, value));
  if (view.query !== "") params.set("q", view.query);
  each("sort", view.sort);
  if (view.columns !== null) each("col", view.columns.length === 0 ? [""] : view.columns);
  if (view.frozen > 0) params.set("frozen", String(view.frozen));
  if (view.selected.length > 0) params.set("sel", view.selected.join(","));
  if (view.off.length > 0) params.set("off", view.off.join(","));
  if (view.baseline !== null) params.set("base", view.baseline);
  if (view.layout !== 2) params.set("layout", String(view.layout));
  writeWall(view.wall, params);
  const text = readable(params.toString());
  return text === "" ? "" : `?${text}`;
};

const writeWall = (wall: WallView, params: URLSearchParams): void => {
  const each = (name: string, values: readonly string[]): void => values.forEach((value) => params.append(name, value));
  if (wall.x !== "step") params.set("x", wall.x);
  if (wall.smoothing > 0) params.set("smooth", String(wall.smoothing));
  if (wall.log) params.set("log", "y");
  if (wall.search !== "") params.set("charts", wall.search);
  each("fold", wall.folded);
  each("pin", wall.pinned);
  each("hide", wall.hidden);
  if (wall.range !== null) params.set("range", wall.range.join("..."));
  each("axis", Object.entries(wall.axes).flatMap(writeAxis));
  if (wall.full !== null) params.set("full", wall.full);
  if (wall.bands) params.set("bands", "y");
};

/** `val/loss@log,0...2`: the key, then what its y-axis does. */
const writeAxis = ([key, choice]: [string, YView]): string[] => {
  const words: string[] = [];
  if (choice.log !== undefined) words.push(choice.log ? "log" : "linear");
  if (choice.all === true) words.push("all");
  if (choice.range !== undefined) words.push(choice.range.join("..."));
  return words.length === 0 ? [] : [`${key}@${words.join(",")}`];
};

const readAxis = (text: string): [string, YView][] => {
  const cut = text.lastIndexOf("@");
  if (cut < 1) return [];
  const choice: { log?: boolean; all?: boolean; range?: readonly [number, number] } = {};
  for (const word of text.slice(cut + 1).split(",")) {
    const range = readRange(word);
    if (word === "log") choice.log = true;
    else if (word === "linear") choice.log = false;
    else if (word === "all") choice.all = true;
    else if (range !== null) choice.range = range;
  }
  return [[text.slice(0, cut), choice]];
};

const readRange = (text: string | null): [number, number] | null => {
  const ends = (text ?? "").split("...").map((end) => (end === "" ? NaN : Number(end)));
  const [low, high] = ends;
  if (ends.length !== 2 || low === undefined || high === undefined) return null;
  return Number.isFinite(low) && Number.isFinite(high) && low < high ? [low, high] : null;
};

const readWhole = (text: string | null): number => {
  const value = Number(text ?? 0);
  return Number.isInteger(value) && value > 0 ? value : 0;
};

const clamp = (value: number, low: number, high: number): number =>
  Number.isFinite(value) ? Math.min(Math.max(value, low), high) : low;

/** Addresses are read and shared by people: signs that need no escape in a search stay as they are. */
const readable = (search: string): string =>
  search.replace(/%2F/g, "/").replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%40/g, "@");
