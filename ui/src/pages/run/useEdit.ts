/** Changes a run: shown at once, sent, and taken back when the server refuses or the reader thinks again. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

import { editRun, restoreRun, trashRun } from "../../api/client";
import type { EditBody, RunReply } from "../../api/shapes";
import { go } from "../../state/history";
import { tableAddress } from "../../state/order";
import { runPath } from "../../state/route";
import { didIt, say } from "../../state/undo";

/** The edit that undoes `edit` on a run as it was before. */
export const inverse = (before: RunReply, edit: EditBody): EditBody => {
  const back: EditBody = {};
  if (edit.name !== undefined) back.name = before.name;
  if (edit.notes !== undefined) back.notes = before.notes;
  if (edit.colour !== undefined) back.colour = before.colour;
  if (edit.tags !== undefined) {
    back.tags = Object.fromEntries(Object.keys(edit.tags).map((tag) => [tag, before.tags[tag] ?? null]));
  }
  return back;
};

/** The run as it will be when the edit is done. */
export const edited = (run: RunReply, edit: EditBody): RunReply => {
  const tags = Object.fromEntries(Object.entries({ ...run.tags, ...edit.tags }).filter(([, value]) => value !== null));
  return {
    ...run,
    name: edit.name ?? run.name,
    notes: edit.notes ?? run.notes,
    colour: edit.colour === undefined ? run.colour : edit.colour,
    tags,
  };
};

export const useEdit = (run: RunReply): ((edit: EditBody, label: string) => void) => {
  const client = useQueryClient();
  return useCallback(
    (edit, label) => {
      const key = ["run", run.id];
      const apply = async (change: EditBody): Promise<void> => {
        await client.cancelQueries({ queryKey: key });
        const before = client.getQueryData<RunReply>(key);
        if (before !== undefined) client.setQueryData(key, edited(before, change));
        try {
          await editRun(run.id, change);
        } catch (error) {
          if (before !== undefined) client.setQueryData(key, before);
          throw error;
        } finally {
          void client.invalidateQueries({ queryKey: key });
        }
      };
      const back = inverse(run, edit);
      const refused = (error: unknown): void => say(`Not saved: ${error instanceof Error ? error.message : String(error)}`, "bad");
      apply(edit).then(() => didIt({ label, undo: () => apply(back).catch(refused) }), refused);
    },
    [client, run],
  );
};

/** Moves the run to the trash, and offers the way back. */
export const trash = (run: RunReply): void => {
  trashRun(run.id).then(
    () => {
      go(tableAddress(run.project));
      didIt({
        label: `Moved ${run.name} to the trash`,
        undo: async () => {
          await restoreRun(run.id);
          go(runPath(run.id));
        },
      });
    },
    (error: unknown) => say(`Not moved: ${error instanceof Error ? error.message : String(error)}`, "bad"),
  );
};
