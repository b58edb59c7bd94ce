import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../..");
const { contributes } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string;
}
interface Use {
  readonly command: string;
  readonly when?: string;
}

const commands: readonly Command[] = contributes.commands;
const known = new Set(commands.map(({ command }) => command));
const views: readonly string[] = contributes.views.assay.map(({ id }: { id: string }) => id);

test("every command has a title and a category, under one id", () => {
  assert.equal(known.size, commands.length, "no id stands twice");
  for (const { command, title, category, icon } of commands) {
    assert.match(command, /^assay\.[a-zA-Z]+$/);
    assert.match(title, /^[A-Z]/, command);
    assert.equal(category, "Assay", command);
    if (icon !== undefined) assert.match(icon, /^\$\(.+\)$/, command);
  }
});

test("menus, keys, welcome texts and the walkthrough lead to commands and views that there are", () => {
  const menus: readonly Use[] = Object.values<readonly Use[]>(contributes.menus).flat();
  for (const { command } of [...menus, ...contributes.keybindings]) assert.ok(known.has(command), command);
  const texts: readonly string[] = [
    ...contributes.viewsWelcome.map(({ contents }: { contents: string }) => contents),
    ...contributes.walkthroughs.flatMap(({ steps }: { steps: readonly { description: string }[] }) =>
      steps.map(({ description }) => description),
    ),
  ];
  const linked = texts.flatMap((text) => [...text.matchAll(/\(command:(assay\.[^)]+)\)/g)].map(([, id]) => id!));
  assert.ok(linked.length > 5);
  for (const id of linked) assert.ok(known.has(id), id);
  for (const { when = "" } of [...menus, ...contributes.keybindings] as readonly Use[]) {
    for (const [, view] of when.matchAll(/(?:view|focusedView) == (\S+)/g)) assert.ok(views.includes(view!), when);
  }
  for (const { view } of contributes.viewsWelcome) assert.ok(views.includes(view), view);
});

test("no key does two things in one place", () => {
  const keys: readonly string[] = contributes.keybindings.map(
    ({ key, when }: { key: string; when: string }) => `${key} when ${when}`,
  );
  assert.equal(new Set(keys).size, keys.length);
});

test("settings are described, and what the manifest names is there", () => {
  for (const [name, setting] of Object.entries<Record<string, unknown>>(contributes.configuration.properties)) {
    assert.match(String(setting.markdownDescription ?? ""), /\.$/, name);
  }
  const files = [
    ...contributes.viewsContainers.activitybar.map(({ icon }: { icon: string }) => icon),
    ...contributes.walkthroughs[0].steps.flatMap(
      ({ media }: { media: { image?: Record<string, string>; markdown?: string } }) =>
        media.image ? Object.values(media.image) : [media.markdown],
    ),
  ];
  for (const file of files) assert.ok(existsSync(join(root, file)), file);
});
