/** The colour variables that a renderer sees in VS Code's default themes: the few that Assay's renderers use. */
export const themes = {
  dark: {
    "--vscode-editor-foreground": "#cccccc",
    "--vscode-editor-background": "#1f1f1f",
    "--vscode-notebook-editorBackground": "#1f1f1f",
    "--vscode-textLink-foreground": "#4daafc",
    "--vscode-font-family": '"DejaVu Sans", sans-serif',
    "--vscode-editor-font-family": '"DejaVu Sans Mono", monospace',
  },
  light: {
    "--vscode-editor-foreground": "#3b3b3b",
    "--vscode-editor-background": "#ffffff",
    "--vscode-notebook-editorBackground": "#ffffff",
    "--vscode-textLink-foreground": "#005fb8",
    "--vscode-font-family": '"DejaVu Sans", sans-serif',
    "--vscode-editor-font-family": '"DejaVu Sans Mono", monospace',
  },
  "high-contrast": {
    "--vscode-editor-foreground": "#ffffff",
    "--vscode-editor-background": "#000000",
    "--vscode-notebook-editorBackground": "#000000",
    "--vscode-contrastBorder": "#6fc3df",
    "--vscode-textLink-foreground": "#21a6ff",
    "--vscode-font-family": '"DejaVu Sans", sans-serif',
    "--vscode-editor-font-family": '"DejaVu Sans Mono", monospace',
  },
} as const;

export type ThemeName = keyof typeof themes;
