/** The time, told again every so often, and not while nobody looks. */
import { useEffect, useState } from "react";

/** Seconds since the epoch, fresh every `every` seconds; stands still at 0 pauses. */
export const useNow = (every: number): number => {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    if (every <= 0) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now() / 1000);
    }, every * 1000);
    return () => clearInterval(timer);
  }, [every]);
  return now;
};
