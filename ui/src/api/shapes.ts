/** The server's shapes by the names the page uses; types.gen.ts is generated from the server's own. */
import type { components } from "./types.gen";

type Schemas = components["schemas"];

export type StoreReply = Schemas["StoreReply"];
export type ProjectsReply = Schemas["ProjectsReply"];
export type ProjectRow = Schemas["ProjectRow"];
export type KeysReply = Schemas["KeysReply"];
export type KeyRow = Schemas["KeyRow"];
export type ColumnsReply = Schemas["ColumnsReply"];
export type ColumnRow = Schemas["ColumnRow"];
export type CompleteReply = Schemas["CompleteReply"];
export type CompletionRow = Schemas["CompletionRow"];
export type RunsReply = Schemas["RunsReply"];
export type RunRow = Schemas["RunRow"];
export type TableColumn = Schemas["TableColumn"];
export type RunReply = Schemas["RunReply"];
export type KeyStats = Schemas["KeyStats"];
export type TextsReply = Schemas["TextsReply"];
export type EditBody = Schemas["EditBody"];
export type SeriesBody = Schemas["SeriesBody"];
export type SeriesHeader = Schemas["SeriesHeader"];
export type SeriesPart = Schemas["Series"];
export type Ref = Schemas["Ref"];
export type ChangeEvent = Schemas["ChangeEvent"];
export type ErrorReply = Schemas["ErrorReply"];

/** JSON has no words for three numbers; the server sends them as strings. */
export type WireNumber = number | "NaN" | "Infinity" | "-Infinity";

export const fromWire = (value: WireNumber | null): number | null =>
  value === null ? null : typeof value === "number" ? value : Number(value);
