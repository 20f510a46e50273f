/** Every edit has its way back. */
import { expect, test } from "vitest";

import type { RunReply } from "../../api/shapes";
import { edited, inverse } from "./useEdit";

const run = { name: "amber-heron", notes: "first try", colour: null, tags: { best: true, kind: "mlp" } } as unknown as RunReply;

test.each([
  [{ name: "new name" }],
  [{ notes: "" }],
  [{ colour: "3" }],
  [{ tags: { best: null } }],
  [{ tags: { fresh: 3, kind: "cnn" } }],
])("%j and its inverse leave the run as it was", (edit) => {
  const after = edited(run, edit);
  expect(after).not.toEqual(run);
  expect(edited(after, inverse(run, edit))).toEqual(run);
});
