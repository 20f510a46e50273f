/** Small things of comfort that stay on this machine and are not worth an address: widths, the divider's place. */
import { useCallback, useState } from "react";

const read = <T>(name: string, fallback: T): T => {
  try {
    const text = localStorage.getItem(name);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
};

/** Like useState, kept under `name`. A full or forbidden localStorage loses only the comfort. */
export const useRemembered = <T>(name: string, fallback: T): [T, (value: T) => void] => {
  const full = `kymograph.${name}`;
  const [kept, setKept] = useState<{ name: string; value: T }>(() => ({ name: full, value: read(full, fallback) }));
  const value = kept.name === full ? kept.value : read(full, fallback);
  const remember = useCallback(
    (next: T) => {
      setKept({ name: full, value: next });
      try {
        localStorage.setItem(full, JSON.stringify(next));
      } catch {
        // Nothing is lost but a width.
      }
    },
    [full],
  );
  return [value, remember];
};
