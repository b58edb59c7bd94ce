import { registerHooks } from "node:module";

/** From here on `import … from "vscode"` gives the stand-in. To be imported before the code under test. */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "vscode"
      ? { url: new URL("./vscode.ts", import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});
