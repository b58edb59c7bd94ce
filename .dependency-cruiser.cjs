// Who may import whom: docs/architecture.md draws it. Types count as imports.
const sdkOrder = [
  "values",
  "media",
  "tensor",
  "onnx",
  "autodiff",
  "compliance",
  "models",
  "metrics",
  "data",
  "lora",
  "diffusion",
  "training",
  "language",
  "video",
  "mesh",
  "speech",
  "experiments",
];

const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

/** An sdk room imports the rooms above it in the list, never one below. */
const sdkRooms = sdkOrder
  .slice(0, -1)
  .map((room, i) =>
    forbid(
      `sdk-${room}`,
      "an sdk room imports only the rooms above it",
      { path: `^kernel/sdk/${room}/` },
      { path: `^kernel/sdk/(${sdkOrder.slice(i + 1).join("|")}|index)` },
    ),
  );

module.exports = {
  forbidden: [
    forbid("no-cycles", "a cycle hides who depends on whom", {}, { circular: true }),
    forbid(
      "protocol-alone",
      "the contracts import nothing of ours",
      { path: "^kernel/protocol/" },
      { path: "^(kernel/(?!protocol/)|extension|renderers|models|samples)" },
    ),
    forbid(
      "store",
      "the store knows only the contracts",
      { path: "^kernel/store/" },
      { path: "^(kernel/(?!store/|protocol/)|extension|renderers)" },
    ),
    forbid(
      "sdk-outside",
      "the sdk stands on the contracts and the store",
      { path: "^kernel/sdk/" },
      { path: "^(kernel/(?!sdk/|store/|protocol/)|extension|renderers)" },
    ),
    forbid(
      "cells",
      "the cell process loads the sdk by its public face",
      { path: "^kernel/cells/" },
      {
        path: "^(kernel/(session|cli|jupyter|language)/|kernel/sdk/(?!index|host|errors|values/)|extension|renderers)",
      },
    ),
    forbid(
      "session",
      "of the sdk the session uses the rules of compliance, which are pure",
      { path: "^kernel/session/" },
      { path: "^(kernel/(cells|cli|jupyter)/|kernel/sdk/(?!models/hardware|compliance/)|extension|renderers)" },
    ),
    forbid(
      "language",
      "the language service knows only the contracts",
      { path: "^kernel/language/" },
      { path: "^(kernel/(?!language/|protocol/)|extension|renderers)" },
    ),
    forbid(
      "front-ends",
      "a front end reaches a cell only through the session",
      { path: "^kernel/(cli|jupyter|main)" },
      { path: "^(kernel/(cells|sdk/(?!index))|extension|renderers)" },
    ),
    forbid(
      "extension",
      "the extension knows the kernel by its contracts",
      { path: "^extension/" },
      { path: "^(kernel/(?!protocol/)|renderers|models|samples)" },
    ),
    forbid(
      "renderers",
      "a renderer knows the contracts and mount",
      { path: "^renderers/([^/]+)/" },
      { path: "^(kernel/(?!protocol/)|extension|renderers/(?!$1/|mount))" },
    ),
    forbid(
      "models-build",
      "the build of the models uses the public sdk",
      { path: "^models/build/" },
      { path: "^(kernel/(?!sdk/)|extension|renderers)" },
    ),
    forbid(
      "no-tests",
      "nothing depends on a test",
      { path: "^(kernel|extension|renderers|models|samples)/" },
      { path: "^test/" },
    ),
    ...sdkRooms,
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|generated|node_modules)/" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".mjs", ".cjs", ".json"] },
  },
};
