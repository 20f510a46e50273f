/** The run's colour and name, both changed in place. */
import { Menu } from "@mantine/core";
import { useState } from "react";

import type { RunReply } from "../../api/shapes";
import { COLOURS, runColour } from "../../lib/colour";
import classes from "./Details.module.css";
import { useEdit } from "./useEdit";

export const Headline = ({ run, isFixed }: { run: RunReply; isFixed: boolean }) => (
  <div className={classes.headline}>
    <Colour run={run} isFixed={isFixed} />
    <Name run={run} isFixed={isFixed} />
  </div>
);

const Colour = ({ run, isFixed }: { run: RunReply; isFixed: boolean }) => {
  const edit = useEdit(run);
  return (
    <Menu position="bottom-start" shadow="none" withinPortal disabled={isFixed}>
      <Menu.Target>
        <button type="button" className={classes.dot} style={{ color: runColour(run.id, run.colour) }} aria-label="Change the colour" title="Change the colour" />
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.swatches}>
          {Array.from({ length: COLOURS }, (_, index) => (
            <Menu.Item
              key={index}
              p={2}
              aria-label={`Colour ${index + 1}`}
              onClick={() => edit({ colour: String(index) }, `Changed the colour of ${run.name}`)}
            >
              <span className={classes.dot} style={{ color: `var(--run-${index + 1})` }} />
            </Menu.Item>
          ))}
        </div>
        <Menu.Item onClick={() => edit({ colour: null }, `Gave ${run.name} its own colour back`)}>Its own colour</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};

const Name = ({ run, isFixed }: { run: RunReply; isFixed: boolean }) => {
  const edit = useEdit(run);
  const [draft, setDraft] = useState<string | null>(null);
  if (draft === null) {
    return (
      <button type="button" className={classes.name} disabled={isFixed} title={`${run.name}\nclick to rename`} onClick={() => setDraft(run.name)}>
        {run.name}
      </button>
    );
  }
  const save = (): void => {
    const name = draft.trim();
    setDraft(null);
    if (name !== "" && name !== run.name) edit({ name }, `Renamed ${run.name} to ${name}`);
  };
  return (
    <input
      className={classes.name}
      aria-label="Name of the run"
      value={draft}
      maxLength={1000}
      autoFocus
      onFocus={(event) => event.target.select()}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") setDraft(null);
      }}
    />
  );
};
