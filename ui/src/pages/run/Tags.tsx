/** The run's tags: words, or words with a value; added and taken away in place. */
import { useState } from "react";

import type { EditBody, RunReply } from "../../api/shapes";
import { formatValue } from "../../lib/format";
import classes from "./Details.module.css";
import { useEdit } from "./useEdit";

type TagValue = NonNullable<EditBody["tags"]>[string];

/** "best" is a tag without a value, "kind = mlp" one with text, "fold = 3" one with a number. */
export const readTag = (text: string): [string, TagValue] | null => {
  const cut = text.indexOf("=");
  const name = (cut < 0 ? text : text.slice(0, cut)).trim();
  if (name === "") return null;
  if (cut < 0) return [name, true];
  const value = text.slice(cut + 1).trim();
  if (value === "true" || value === "false") return [name, value === "true"];
  return [name, value !== "" && Number.isFinite(Number(value)) ? Number(value) : value];
};

export const Tags = ({ run, isFixed }: { run: RunReply; isFixed: boolean }) => {
  const edit = useEdit(run);
  const [draft, setDraft] = useState("");
  const tags = Object.entries(run.tags);
  if (isFixed && tags.length === 0) return null;
  return (
    <div className={classes.tags} role="group" aria-label="Tags">
      {tags.map(([name, value]) => (
        <span key={name} className={classes.tag}>
          {name}
          {value !== true && <b>&thinsp;= {formatValue(value)}</b>}
          {isFixed ? (
            <>&nbsp;</>
          ) : (
            <button type="button" className={classes.remove} aria-label={`Remove the tag ${name}`} onClick={() => edit({ tags: { [name]: null } }, `Removed the tag ${name}`)}>
              ×
            </button>
          )}
        </span>
      ))}
      {!isFixed && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const tag = readTag(draft);
            if (tag === null) return;
            edit({ tags: { [tag[0]]: tag[1] } }, `Added the tag ${tag[0]}`);
            setDraft("");
          }}
        >
          <input
            className={classes.add}
            placeholder="+ tag, or tag = value"
            aria-label="Add a tag"
            maxLength={250}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
          />
        </form>
      )}
    </div>
  );
};
