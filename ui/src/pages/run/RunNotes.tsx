/** The run's notes: plain text, saved when the field is left. */
import { useState } from "react";

import type { RunReply } from "../../api/shapes";
import classes from "./Details.module.css";
import { useEdit } from "./useEdit";

export const RunNotes = ({ run, isFixed }: { run: RunReply; isFixed: boolean }) => {
  const edit = useEdit(run);
  const [draft, setDraft] = useState<string | null>(null);
  if (isFixed && run.notes === "") return null;
  const save = (): void => {
    if (draft !== null && draft !== run.notes) edit({ notes: draft }, `Changed the notes of ${run.name}`);
    setDraft(null);
  };
  return (
    <textarea
      className={classes.notes}
      aria-label="Notes"
      placeholder="Notes"
      readOnly={isFixed}
      maxLength={200_000}
      value={draft ?? run.notes}
      onFocus={() => setDraft(run.notes)}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.blur();
        if (event.key === "Escape") {
          setDraft(run.notes);
          const field = event.currentTarget;
          // The draft is put back before the field is left, so that nothing is saved.
          requestAnimationFrame(() => field.blur());
        }
      }}
    />
  );
};
