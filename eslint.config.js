// The rules for the JavaScript of the views: small functions, nothing unused, nothing shadowed.
import globals from "globals";

// Globals of the browser that a forgotten import would silently call.
const AMBIGUOUS = [
  "close",
  "event",
  "find",
  "focus",
  "length",
  "name",
  "open",
  "parent",
  "print",
].concat(["scroll", "self", "status", "stop", "top"]);

export default [
  {
    files: ["cnnlab/**/*.js", "tests/web/**/*.js"],
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      "no-undef": "error",
      "no-unused-vars": ["error", { args: "after-used" }],
      "no-redeclare": "error",
      "no-const-assign": "error",
      "no-dupe-keys": "error",
      "no-self-assign": "error",
      "no-unreachable": "error",
      "prefer-const": "error",
      "no-var": "error",
      eqeqeq: ["error", "smart"],
    },
  },
  {
    files: ["cnnlab/**/*.js"],
    rules: {
      "no-shadow": "error",
      "no-restricted-globals": ["error", ...AMBIGUOUS],
      complexity: ["error", 12],
      "max-lines-per-function": ["error", { max: 40, skipComments: true, skipBlankLines: true }],
      "max-lines": ["error", { max: 300 }],
    },
  },
];
