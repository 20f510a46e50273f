/** Completions go where the server means them. */
import { expect, test } from "vitest";

import { charactersBefore, insertCompletion, unitsOf } from "./completion";

test("a completion at the end is followed by a space", () => {
  expect(insertCompletion("conf", { text: "config.lr", from: 0, to: 4 })).toEqual({ query: "config.lr ", caret: 10 });
});

test("in the middle it replaces its part and leaves the rest", () => {
  const { query, caret } = insertCompletion("conf < 0.01", { text: "config.lr", from: 0, to: 4 });
  expect(query).toBe("config.lr < 0.01");
  expect(query.slice(0, caret)).toBe("config.lr");
});

test("an open quote or bracket is not followed by a space", () => {
  expect(insertCompletion("status in ", { text: "[", from: 10, to: 10 }).query).toBe("status in [");
});

test("a sign of two halves counts as one character", () => {
  const query = 'name ~ "🦦" and conf';
  const at = charactersBefore(query, query.length);
  expect(at).toBe(query.length - 1);
  expect(unitsOf(query, at)).toBe(query.length);
  expect(insertCompletion(query, { text: "config.lr", from: at - 4, to: at }).query).toBe('name ~ "🦦" and config.lr ');
});
