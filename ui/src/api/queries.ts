/** Questions with one answer that many places share: kept, refreshed quietly, never blanked. */
import { keepPreviousData, QueryClient, useQueries, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useEffect } from "react";

import { ApiError, getColumns, getKeys, getProjects, getRun, getStore, getTexts } from "./client";
import type { Change } from "./coalesce";
import type { KeyRow, RunReply } from "./shapes";

export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        // The stream says what changed; nothing is asked again by the clock.
        staleTime: Infinity,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      },
    },
  });

export const useStore = () => useQuery({ queryKey: ["store"], queryFn: ({ signal }) => getStore(signal) });

export const useProjects = () =>
  useQuery({ queryKey: ["projects"], queryFn: ({ signal }) => getProjects(signal), staleTime: 2000, refetchOnWindowFocus: true });

const NO_KEYS: KeyRow[] = [];

export const useKeys = (project: string) => {
  const query = useQuery({
    queryKey: ["keys", project],
    queryFn: ({ signal }) => getKeys(project, signal),
    enabled: project !== "",
    placeholderData: keepPreviousData,
  });
  return { keys: query.data?.keys ?? NO_KEYS, known: query.data !== undefined, error: query.error };
};

const MOST_COLUMNS = 2000;

export const useColumns = (project: string, search = "") =>
  useQuery({
    queryKey: ["columns", project, search],
    queryFn: ({ signal }) => getColumns(project, search, MOST_COLUMNS, signal),
    enabled: project !== "",
    placeholderData: keepPreviousData,
  });

export const useRun = (run: string) => useQuery({ queryKey: ["run", run], queryFn: ({ signal }) => getRun(run, signal) });

const NO_RUNS: RunReply[] = [];

/** Several runs at once, in the order asked for; those that are known come before the rest is here. */
export const useRuns = (ids: readonly string[]) =>
  useQueries({
    queries: ids.map((run) => ({ queryKey: ["run", run], queryFn: ({ signal }: { signal: AbortSignal }) => getRun(run, signal) })),
    combine: gatherRuns,
  });

const gatherRuns = (results: readonly UseQueryResult<RunReply>[]) => {
  const runs = results.flatMap((result) => (result.data === undefined ? [] : [result.data]));
  return {
    runs: runs.length === 0 ? NO_RUNS : runs,
    error: results.find((result) => result.error !== null)?.error ?? null,
    isWaiting: results.some((result) => result.isPending),
  };
};

export const useTexts = (run: string, key: string, offset: number, limit: number) =>
  useQuery({
    queryKey: ["texts", run, key, offset, limit],
    queryFn: ({ signal }) => getTexts(run, key, offset, limit, signal),
    placeholderData: keepPreviousData,
  });

const CATALOGUE_PAUSE = 3000;

/** Refreshes keys and columns when runs come, or when a key is seen for the first time. */
export const useFreshCatalogue = (project: string, listen: (listener: (change: Change) => void) => () => void): void => {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = listen((change) => {
      const known = client.getQueryData<{ keys: KeyRow[] }>(["keys", project])?.keys;
      const names = new Set(known?.map((row) => row.key));
      const isNew = [...change.keys.values()].some((keys) => [...keys].some((key) => !names.has(key)));
      if (!isNew && change.added.size === 0 && change.removed.size === 0) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: ["keys", project] });
        void client.invalidateQueries({ queryKey: ["columns", project] });
      }, known === undefined || known.length === 0 ? 100 : CATALOGUE_PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client, listen, project]);
};

const RUN_PAUSE = 1000;

/** Refreshes one run's facts when the stream names it. */
export const useFreshRun = (run: string, listen: (listener: (change: Change) => void) => () => void): void => {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = listen((change) => {
      if (!change.runs.has(run)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: ["run", run] });
        void client.invalidateQueries({ queryKey: ["texts", run] });
      }, RUN_PAUSE);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client, listen, run]);
};
