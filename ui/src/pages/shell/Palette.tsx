/** Every action by its name, and the list of keys. */
import { Modal } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";

import { type Command, useAllCommands, useCommands } from "../../state/commands";
import { go } from "../../state/history";
import { undo } from "../../state/undo";
import classes from "./Palette.module.css";

type Open = "actions" | "keys" | null;

export const Palette = () => {
  const [open, setOpen] = useState<Open>(null);
  const own = useMemo(
    (): Command[] => [
      { id: "palette", label: "All actions", keys: ["mod+k"], group: "Go", always: true, run: () => setOpen("actions") },
      { id: "keys", label: "List of keys", keys: ["?"], group: "Go", run: () => setOpen("keys") },
      { id: "home", label: "All projects", keys: [], group: "Go", run: () => go("/") },
      { id: "undo", label: "Undo the last edit", keys: ["mod+z"], group: "Edit", run: () => undo() },
    ],
    [],
  );
  useCommands(own);
  useEffect(() => {
    const show = (): void => setOpen("actions");
    window.addEventListener("kymograph-palette", show);
    return () => window.removeEventListener("kymograph-palette", show);
  }, []);
  const close = (): void => setOpen(null);
  return (
    <Modal.Root opened={open !== null} onClose={close} size={520} yOffset="12vh" transitionProps={{ duration: 0 }}>
      <Modal.Overlay className={classes.overlay} />
      <Modal.Content className={classes.box} aria-label={open === "keys" ? "List of keys" : "All actions"}>
        {open === "actions" && <Actions onClose={close} />}
        {open === "keys" && <Keys />}
      </Modal.Content>
    </Modal.Root>
  );
};

/** All letters in order: "tbo" finds "Table only". */
const fits = (label: string, search: string): boolean => {
  let at = 0;
  for (const letter of search.toLowerCase().replaceAll(" ", "")) {
    at = label.toLowerCase().indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
};

const Actions = ({ onClose }: { onClose: () => void }) => {
  const commands = useAllCommands();
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState(0);
  const found = commands.filter((command) => command.id !== "palette" && fits(command.label, search));
  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    onClose();
    // After the dialog has given the focus back.
    setTimeout(command.run);
  };
  return (
    <>
      <input
        type="text"
        className={classes.search}
        placeholder="What should be done?"
        aria-label="Search actions"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[chosen] === undefined ? undefined : `palette-${found[chosen].id}`}
        autoFocus
        data-autofocus
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            const by = event.key === "ArrowDown" ? 1 : -1;
            setChosen((now) => (now + by + found.length) % Math.max(found.length, 1));
          }
          if (event.key === "Enter") run(found[chosen]);
        }}
      />
      <ul id="palette-list" role="listbox" aria-label="Actions" className={classes.list}>
        {found.map((command, at) => (
          <li
            key={command.id}
            id={`palette-${command.id}`}
            role="option"
            aria-selected={at === chosen}
            className={classes.item}
            onPointerMove={() => setChosen(at)}
            onClick={() => run(command)}
          >
            <span className={classes.group}>{command.group}</span>
            <span className={classes.label}>{command.label}</span>
            <KeyWords keys={command.keys} />
          </li>
        ))}
        {found.length === 0 && <li className={classes.none}>No action is called “{search}”.</li>}
      </ul>
    </>
  );
};

const WORDS: Readonly<Record<string, string>> = { " ": "space", ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };

const KeyWords = ({ keys }: { keys: readonly string[] }) => (
  <span>
    {keys.map((key) => (
      <kbd key={key} className={classes.key}>
        {WORDS[key] ?? key.replace("mod+", "Ctrl ")}
      </kbd>
    ))}
  </span>
);

/** Keys that the charts listen to by themselves. */
const CHART_KEYS: readonly [string, string][] = [
  ["f", "Full screen of the chart under the pointer"],
  ["s", "Smoothing"],
  ["l", "Logarithmic axis, of the chart under the pointer or of all"],
];

const Keys = () => {
  const commands = useAllCommands().filter((command) => command.keys.length > 0);
  const rows = [
    ...commands.map((command) => ({ id: command.id, label: command.label, keys: command.keys })),
    ...CHART_KEYS.map(([key, label]) => ({ id: `chart-${key}`, label, keys: [key] })),
  ];
  return (
    <div className={classes.keys}>
      <h2 className={classes.title}>Keys</h2>
      <dl className={classes.table}>
        {rows.map((row) => (
          <div key={row.id} className={classes.line}>
            <dt>{row.label}</dt>
            <dd>
              <KeyWords keys={row.keys} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
};
