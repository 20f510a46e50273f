/** The page's lint rules; the rooms of ARCHITECTURE.md are the restricted imports below. */
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import ts from "typescript-eslint";

const closed = (rooms, message) => ({
  "no-restricted-imports": ["error", { patterns: [{ group: rooms.map((room) => `**/${room}/**`), message }] }],
});

export default defineConfig(
  { ignores: ["node_modules", "src/api/types.gen.ts"] },
  js.configs.recommended,
  { files: ["**/*.mjs", "*.js"], languageOptions: { globals: globals.node } },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked, hooks.configs.flat["recommended-latest"]],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      // Numbers in template strings are what a page is made of.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `onClick={() => setOpen(true)}` is clearer on one line than in a block.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // Types are chosen for what they say; both forms are read easily.
      "@typescript-eslint/consistent-type-definitions": "off",
      // With noUncheckedIndexedAccess on, `!` on an index that was just bounded is the plain way in hot loops.
      "@typescript-eslint/no-non-null-assertion": "off",
      // Virtual rows hand out functions that the compiler's memo cannot follow; we do not use that compiler.
      "react-hooks/incompatible-library": "off",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Names, not defaults: grep finds every use." },
      ],
      eqeqeq: "error",
    },
  },
  { files: ["*.config.ts", "*.config.js"], rules: { "no-restricted-syntax": "off" } },
  { files: ["src/lib/**"], rules: closed(["api", "state", "charts", "panels", "pages"], "lib knows nobody.") },
  { files: ["src/api/**"], rules: closed(["state", "charts", "panels", "pages"], "api knows HTTP only.") },
  { files: ["src/state/**"], rules: closed(["charts", "panels", "pages"], "state is over api.") },
  { files: ["src/charts/**"], rules: closed(["api", "state", "panels", "pages"], "charts: data in, pixels out.") },
  { files: ["src/panels/**"], rules: closed(["pages"], "panels know charts, not pages.") },
);
