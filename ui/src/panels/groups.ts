/** Sorts keys into groups by what stands before their last slash, and lays groups out in rows of charts. */
import type { KeyInfo, WallSettings } from "./types";

export interface Group {
  /** The prefix; PINNED and TOP are no prefix any key can have. */
  readonly name: string;
  readonly keys: readonly KeyInfo[];
}

/** Keys that the reader pinned. */
export const PINNED = "/pinned";
/** Keys without a slash. */
export const TOP = "/top";

/** What a group is called on the page. */
export const groupTitle = (name: string): string => (name === PINNED ? "pinned" : name === TOP ? "no prefix" : name);

const natural = new Intl.Collator("en", { numeric: true });

export const prefixOf = (key: string): string => {
  const slash = key.lastIndexOf("/");
  return slash <= 0 ? TOP : key.slice(0, slash);
};

/** The expression that a search means; null when it is not one. Capitals matter only where the reader types one. */
export const searchOf = (text: string): RegExp | null => {
  try {
    return new RegExp(text, /[A-Z]/.test(text.replace(/\\./g, "")) ? "" : "i");
  } catch {
    return null;
  }
};

/** Pinned first, then keys without prefix, then prefixes by name, what the machine measured last. */
export const groupsOf = (keys: readonly KeyInfo[], settings: Pick<WallSettings, "search" | "pinned" | "hidden">): Group[] => {
  const search = settings.search === "" ? null : searchOf(settings.search);
  const hidden = new Set(settings.hidden);
  const pinned = new Set(settings.pinned);
  const groups = new Map<string, KeyInfo[]>();
  for (const info of keys) {
    if (hidden.has(info.key) || search?.test(info.key) === false) continue;
    const name = pinned.has(info.key) ? PINNED : prefixOf(info.key);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [info]);
    else group.push(info);
  }
  const order = settings.pinned;
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b) || natural.compare(a, b))
    .map(([name, members]) => ({
      name,
      keys: members.sort((a, b) =>
        name === PINNED ? order.indexOf(a.key) - order.indexOf(b.key) : natural.compare(a.key, b.key),
      ),
    }));
};

const rank = (name: string): number => {
  if (name === PINNED) return 0;
  if (name === TOP) return 1;
  return name === "system" || name.startsWith("system/") ? 3 : 2;
};

/** One line of the wall: a group's head, or charts beside each other. */
export type Row =
  | { readonly kind: "head"; readonly group: Group; readonly isFolded: boolean }
  | { readonly kind: "charts"; readonly keys: readonly KeyInfo[] };

export const rowsOf = (groups: readonly Group[], folded: readonly string[], columns: number): Row[] => {
  const shut = new Set(folded);
  return groups.flatMap((group) => {
    const isFolded = shut.has(group.name);
    const rows: Row[] = [{ kind: "head", group, isFolded }];
    if (isFolded) return rows;
    for (let from = 0; from < group.keys.length; from += columns) {
      rows.push({ kind: "charts", keys: group.keys.slice(from, from + columns) });
    }
    return rows;
  });
};
