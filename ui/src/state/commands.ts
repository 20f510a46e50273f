/** What can be done here: the actions that keys, the palette and the list of keys share. */
import { useEffect, useSyncExternalStore } from "react";

export interface Command {
  readonly id: string;
  readonly label: string;
  /** As `event.key` says it; "mod+k" is Ctrl or Cmd. Empty when it has none. */
  readonly keys: readonly string[];
  readonly group: "Go" | "Runs" | "Charts" | "View" | "Edit";
  readonly run: () => void;
  /** Works while something is being typed. */
  readonly always?: boolean;
}

const sets = new Set<readonly Command[]>();
const listeners = new Set<() => void>();
let all: readonly Command[] = [];

const gather = (): void => {
  all = [...sets].flat();
  listeners.forEach((listener) => listener());
};

/** Offers commands for as long as the component lives; `commands` should be memoised. */
export const useCommands = (commands: readonly Command[]): void => {
  useEffect(() => {
    sets.add(commands);
    gather();
    return () => {
      sets.delete(commands);
      gather();
    };
  }, [commands]);
};

export const useAllCommands = (): readonly Command[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => all,
  );

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) || isTextInput(target));

const isTextInput = (target: HTMLElement): boolean =>
  target instanceof HTMLInputElement && !/^(checkbox|radio|range|button)$/.test(target.type);

/** " " and Enter mean something to a button that has the focus; the page must not take them. */
const isPressed = (event: KeyboardEvent): boolean =>
  (event.key === " " || event.key === "Enter") &&
  event.target instanceof HTMLElement &&
  event.target.closest("button, a, input, summary, [role=menuitem], [role=option], [role=tab]") !== null;

export const keyName = (event: KeyboardEvent): string => {
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `mod+${event.shiftKey ? "shift+" : ""}${name}` : name;
};

/** The page's one listener for keys. */
export const listenToKeys = (): (() => void) => {
  const pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const name = keyName(event);
    const typing = isTyping(event.target) || isPressed(event) || document.querySelector("[role=dialog]") !== null;
    const command = all.findLast((one) => one.keys.includes(name) && (!typing || one.always === true));
    if (command === undefined) return;
    event.preventDefault();
    command.run();
  };
  window.addEventListener("keydown", pressed);
  return () => window.removeEventListener("keydown", pressed);
};
