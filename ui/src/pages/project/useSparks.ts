/** The sparklines of the rows in view. */
import { useEffect, useState, useSyncExternalStore } from "react";

import { postSeries } from "../../api/client";
import { SparkBoard, type Sparks } from "../../api/sparks";
import type { LiveView } from "../../api/useLive";

export const useSparks = (key: string | null, runs: readonly string[], live: LiveView): Sparks => {
  const [kept, setKept] = useState(() => ({ key, board: new SparkBoard(key ?? "", postSeries) }));
  if (kept.key !== key) setKept({ key, board: new SparkBoard(key ?? "", postSeries) });
  const { board } = kept;
  const sparks = useSyncExternalStore(board.subscribe, board.snapshot);
  const { listen } = live;
  useEffect(() => {
    if (key !== null && runs.length > 0) board.want(runs);
  }, [board, key, runs]);
  useEffect(() => (key === null ? undefined : listen((change) => board.apply(change))), [board, key, listen]);
  return sparks;
};
