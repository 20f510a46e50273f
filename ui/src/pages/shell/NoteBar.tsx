/** A short note at the foot of the page: what was done, with the way back. */
import { dismiss, undo, useNote } from "../../state/undo";
import classes from "./NoteBar.module.css";

export const NoteBar = () => {
  const note = useNote();
  return (
    <div className={classes.place} role="status" aria-live="polite">
      {note !== null && (
        <div className={classes.note} data-tone={note.tone}>
          <span>{note.text}</span>
          {note.done !== null && (
            <button type="button" className={classes.action} onClick={() => undo(note.done!)}>
              Undo
            </button>
          )}
          <button type="button" className={classes.action} aria-label="Close this note" onClick={dismiss}>
            ×
          </button>
        </div>
      )}
    </div>
  );
};
