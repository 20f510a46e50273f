/** The only fetch: asks the server, and turns what it refuses into errors that say what, where and why. */
import { decodeSeries, type KeySeries } from "./columns";
import type {
  ColumnsReply,
  CompleteReply,
  EditBody,
  ErrorReply,
  KeysReply,
  ProjectsReply,
  RunReply,
  RunsReply,
  SeriesBody,
  StoreReply,
  TextsReply,
} from "./shapes";

/** What the server refused, in its own words; `column` is where in the query, counted in characters. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly column: number | null = null,
    readonly expected: string | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

type Params = Record<string, string | number | readonly string[] | undefined>;

/** `/api/...` with its parameters; lists are repeated, missing ones left out. */
export const address = (path: string, params: Params = {}): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    if (typeof value === "string" || typeof value === "number") search.append(name, String(value));
    else for (const item of value) search.append(name, item);
  }
  const text = search.toString();
  return `/api${path}${text === "" ? "" : `?${text}`}`;
};

/** A name as one step of a path. */
export const segment = (name: string): string => encodeURIComponent(name);

const send = async (url: string, init: RequestInit): Promise<Response> => {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ApiError("the server does not answer; is `kymograph ui` still running?", 0);
  }
  if (!response.ok) throw await refusal(response);
  return response;
};

const refusal = async (response: Response): Promise<ApiError> => {
  try {
    const { error } = (await response.json()) as ErrorReply;
    return new ApiError(error.message, response.status, error.column, error.expected);
  } catch {
    return new ApiError(`the server answered ${response.status} ${response.statusText}`, response.status);
  }
};

const get = async <T>(url: string, signal?: AbortSignal): Promise<T> => {
  const response = await send(url, { signal: signal ?? null });
  return (await response.json()) as T;
};

const token = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="kymograph-token"]')?.content ?? "";

const write = async (url: string, method: "PATCH" | "POST", body: unknown): Promise<void> => {
  await send(url, {
    method,
    headers: { "Content-Type": "application/json", "X-Kymograph-Token": token() },
    body: JSON.stringify(body),
  });
};

export interface RunsAsk {
  project: string;
  query: string;
  sort: readonly string[];
  columns: readonly string[];
  offset: number;
  limit: number;
}

export const getStore = (signal?: AbortSignal): Promise<StoreReply> => get("/api/store", signal);

export const getProjects = (signal?: AbortSignal): Promise<ProjectsReply> => get("/api/projects", signal);

export const getKeys = (project: string, signal?: AbortSignal): Promise<KeysReply> =>
  get(`/api/projects/${segment(project)}/keys`, signal);

export const getColumns = (project: string, prefix: string, limit: number, signal?: AbortSignal): Promise<ColumnsReply> =>
  get(address(`/projects/${segment(project)}/columns`, { prefix, limit }), signal);

export const getCompletions = (project: string, query: string, at: number, signal?: AbortSignal): Promise<CompleteReply> =>
  get(address(`/projects/${segment(project)}/complete`, { query, at }), signal);

export const getRuns = ({ project, ...params }: RunsAsk, signal?: AbortSignal): Promise<RunsReply> =>
  get(address(`/projects/${segment(project)}/runs`, params), signal);

export const getRun = (run: string, signal?: AbortSignal): Promise<RunReply> => get(`/api/runs/${segment(run)}`, signal);

export const getTexts = (run: string, key: string, offset: number, limit: number, signal?: AbortSignal): Promise<TextsReply> =>
  get(address(`/runs/${segment(run)}/texts`, { key, offset, limit }), signal);

export const editRun = (run: string, edit: EditBody): Promise<void> => write(`/api/runs/${segment(run)}`, "PATCH", edit);

export const trashRun = (run: string): Promise<void> => write(`/api/runs/${segment(run)}/trash`, "POST", {});

export const restoreRun = (run: string): Promise<void> => write(`/api/runs/${segment(run)}/restore`, "POST", {});

/** Points of many runs and keys in one request. */
export const postSeries = async (body: SeriesBody, signal?: AbortSignal): Promise<KeySeries[]> => {
  const response = await send("/api/series", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Kymograph-Token": token() },
    body: JSON.stringify(body),
    signal: signal ?? null,
  });
  return decodeSeries(await response.arrayBuffer());
};
