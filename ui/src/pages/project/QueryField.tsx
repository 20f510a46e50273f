/** The query: typed with completion, applied as it becomes true, and its mistake shown under the very character. */
import { useCallback, useEffect, useId, useRef, useState } from "react";

import { ApiError, getCompletions } from "../../api/client";
import type { CompletionRow } from "../../api/shapes";
import { charactersBefore, insertCompletion, unitsOf } from "../../lib/completion";
import { type Command, useCommands } from "../../state/commands";
import classes from "./QueryField.module.css";

const APPLY_AFTER = 300;
const COMPLETE_AFTER = 60;

interface QueryFieldProps {
  readonly project: string;
  readonly query: string;
  readonly error: Error | null;
  readonly onQuery: (query: string, how: "push" | "replace") => void;
}

export const QueryField = ({ project, query, error, onQuery }: QueryFieldProps) => {
  const [text, setText] = useState(query);
  const [before, setBefore] = useState(query);
  const field = useRef<HTMLInputElement>(null);
  const listId = useId();
  // The address changed by other hands: back, a link, "filter by this".
  if (before !== query) {
    setBefore(query);
    if (text.trim() !== query) setText(query);
  }
  const completion = useCompletions(project, text, field);
  const commit = useSession(onQuery);
  useApply(text, query, commit.typed);
  useFocusKey(field);

  const accept = (chosen: CompletionRow): void => {
    if (completion.isFresh) insert(chosen);
    // The list is of what was typed before; the same word is asked for where it belongs now.
    else void completion.now().then((rows) => {
      const row = rows.find((one) => one.label === chosen.label) ?? rows[0];
      if (row !== undefined) insert(row);
    }, () => undefined);
  };

  const insert = (row: CompletionRow): void => {
    const inserted = insertCompletion(field.current?.value ?? text, row);
    setText(inserted.query);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(inserted.caret, inserted.caret);
      completion.ask();
    });
  };

  const pressed = (event: React.KeyboardEvent<HTMLInputElement>): void => {
    const { rows, active, move, close } = completion;
    const isOpen = rows.length > 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (isOpen) move(event.key === "ArrowDown" ? 1 : -1);
      else completion.ask();
    } else if (isOpen && active !== null && (event.key === "Tab" || event.key === "Enter")) {
      event.preventDefault();
      accept(rows[active]!);
    } else if (isOpen && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      accept(rows[0]!);
    } else if (event.key === "Enter") {
      close();
      commit.typed(text.trim());
      commit.end();
    } else if (event.key === "Escape") {
      if (isOpen) close();
      else field.current?.blur();
    }
  };

  const problem = text.trim() === query || error === null ? error : null;
  return (
    <div className={classes.field}>
      <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" className={classes.sign}>
        <path d="M2 3.5h12L9.5 9v4.5l-3-1.5V9Z" />
      </svg>
      <input
        ref={field}
        type="text"
        role="combobox"
        className={classes.input}
        value={text}
        spellCheck={false}
        autoComplete="off"
        placeholder="config.lr < 0.01 and val/acc.max > 0.9"
        aria-label="Filter runs by a query"
        aria-expanded={completion.rows.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-invalid={problem !== null}
        aria-activedescendant={completion.active === null ? undefined : `${listId}-${completion.active}`}
        onChange={(event) => {
          setText(event.target.value);
          completion.ask();
        }}
        onKeyDown={pressed}
        onBlur={() => {
          completion.close();
          commit.end();
        }}
      />
      {text !== "" && (
        <button
          type="button"
          className={classes.clear}
          aria-label="Clear the query"
          onClick={() => {
            setText("");
            onQuery("", "push");
          }}
        >
          ×
        </button>
      )}
      {problem !== null && completion.rows.length === 0 && <Problem error={problem} text={text} />}
      {completion.rows.length > 0 && (
        <ul id={listId} role="listbox" className={classes.list} style={{ left: `calc(28px + ${completion.column}ch)` }}>
          {completion.rows.map((row, at) => (
            <li
              key={row.label}
              id={`${listId}-${at}`}
              role="option"
              aria-selected={at === completion.active}
              className={classes.option}
              onPointerDown={(event) => {
                event.preventDefault();
                accept(row);
              }}
            >
              <span className={classes.label}>{row.label}</span>
              <span className={classes.detail}>{row.detail}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
};

/** What is typed in one go is one step to go back on. */
const useSession = (onQuery: QueryFieldProps["onQuery"]): { typed: (query: string) => void; end: () => void } => {
  const isUnderWay = useRef(false);
  const typed = useCallback(
    (query: string) => {
      onQuery(query, isUnderWay.current ? "replace" : "push");
      isUnderWay.current = true;
    },
    [onQuery],
  );
  const end = useCallback(() => {
    isUnderWay.current = false;
  }, []);
  return { typed, end };
};

/** Applies what was typed when typing rests; the table itself keeps its rows while a query is wrong. */
const useApply = (text: string, query: string, apply: (query: string) => void): void => {
  useEffect(() => {
    if (text.trim() === query) return undefined;
    const timer = setTimeout(() => apply(text.trim()), APPLY_AFTER);
    return () => clearTimeout(timer);
  }, [text, query, apply]);
};

const useFocusKey = (field: React.RefObject<HTMLInputElement | null>): void => {
  const [commands] = useState<Command[]>(() => [
    {
      id: "query",
      label: "Filter runs by a query",
      keys: ["/"],
      group: "Runs",
      run: () => {
        field.current?.focus();
        field.current?.select();
      },
    },
  ]);
  useCommands(commands);
};

interface Completions {
  rows: CompletionRow[];
  active: number | null;
  /** False while the list is of what was typed before. */
  isFresh: boolean;
  /** Completions of what the field says this moment. */
  now: () => Promise<CompletionRow[]>;
  /** Where, in characters from the left, the list stands. */
  column: number;
  ask: () => void;
  move: (by: 1 | -1) => void;
  close: () => void;
}

const MOST_SHOWN = 12;

const useCompletions = (project: string, text: string, field: React.RefObject<HTMLInputElement | null>): Completions => {
  const [turn, setTurn] = useState(0);
  const [{ rows, of }, setRows] = useState<{ rows: CompletionRow[]; of: string }>({ rows: [], of: "" });
  const [active, setActive] = useState<number | null>(null);
  useEffect(() => {
    if (turn === 0) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      const at = charactersBefore(text, field.current?.selectionStart ?? text.length);
      getCompletions(project, text, at, abort.signal).then(
        (reply) => {
          setRows({ rows: reply.completions.slice(0, MOST_SHOWN), of: text });
          setActive(null);
        },
        () => undefined, // Completion is help; without it typing goes on.
      );
    }, COMPLETE_AFTER);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [turn, text, project, field]);
  return {
    rows,
    active,
    isFresh: of === text,
    now: async () => {
      const value = field.current?.value ?? "";
      const at = charactersBefore(value, field.current?.selectionStart ?? value.length);
      return (await getCompletions(project, value, at)).completions;
    },
    column: rows[0]?.from ?? 0,
    ask: useCallback(() => setTurn((now) => now + 1), []),
    move: (by) => setActive((now) => (now === null ? (by > 0 ? 0 : rows.length - 1) : (now + by + rows.length) % rows.length)),
    close: useCallback(() => {
      setTurn(0);
      setRows({ rows: [], of: "" });
      setActive(null);
    }, []),
  };
};

const Problem = ({ error, text }: { error: Error; text: string }) => {
  const column = error instanceof ApiError ? error.column : null;
  const expected = error instanceof ApiError ? error.expected : null;
  return (
    <div role="alert" className={classes.problem}>
      {column !== null && (
        <span className={classes.caret} style={{ marginLeft: `${unitsOf(text, column)}ch` }} aria-hidden="true">
          ^
        </span>
      )}
      <span className={classes.words}>
        {error.message}
        {expected === null || expected === "" ? null : <span className={classes.expected}> expected: {expected}</span>}
      </span>
    </div>
  );
};
