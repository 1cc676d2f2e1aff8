import js from "@eslint/js";
import globals from "globals";
import tseslint from "typescript-eslint";
import vue from "eslint-plugin-vue";
import a11y from "eslint-plugin-vuejs-accessibility";
import vueParser from "vue-eslint-parser";

export default [
  { ignores: ["dist/", "node_modules/", "src/api/schema.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  ...vue.configs["flat/recommended"],
  ...a11y.configs["flat/recommended"],
  {
    files: ["**/*.{ts,vue}"],
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: tseslint.parser, ecmaVersion: "latest", sourceType: "module" },
      globals: { ...globals.browser },
    },
    rules: {
      // TypeScript already knows what is defined.
      "no-undef": "off",
      "vue/multi-word-component-names": "off",
      "vue/html-indent": "off",
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/html-self-closing": "off",
      "vue/attributes-order": "off",
      "vue/require-default-prop": "off",
      "vue/no-v-html": "error",
      "vuejs-accessibility/label-has-for": ["error", { required: { some: ["nesting", "id"] }, controlComponents: [] }],
      // A list without bullets is no longer read out as a list in Safari unless its role is said.
      "vuejs-accessibility/no-redundant-roles": ["error", { ul: ["list"], ol: ["list"] }],
      // Our Field ties its label to the control in its slot.
      "vuejs-accessibility/form-control-has-label": ["error", { labelComponents: ["Field"] }],
      "max-lines": ["error", { max: 500 }],
      "no-console": "error",
    },
  },
  { files: ["*.js", "vite.config.ts", "tests/**"], languageOptions: { globals: { ...globals.node } } },
];
