import type { OptOut } from "../../compliance/index.ts";
import { readPreferences } from "./content-usage.ts";
import { signal } from "./signal.ts";
import { matches } from "./tdmrep.ts";

/** User agents that gather for machine learning. A rule against one of them is read as a rule against training. */
export const aiAgents = [
  "img2dataset",
  "laiondownloader",
  "ccbot",
  "gptbot",
  "google-extended",
  "claudebot",
  "anthropic-ai",
  "applebot-extended",
  "bytespider",
  "meta-externalagent",
] as const;

interface Group {
  readonly agents: string[];
  readonly rules: { readonly allow: boolean; readonly path: string }[];
  readonly usage: { readonly path: string; readonly value: string }[];
  readonly signals: string[];
}

/**
 * Reads a robots.txt (RFC 9309) for one path: rules against AI agents, `Content-Usage` and `Content-Signal` lines. The most specific
 * rule wins, and of two equally long ones the one that allows.
 */
export function readRobots(text: string, path: string, source: string): OptOut[] {
  const groups = parseGroups(text.slice(0, 512_000));
  const found: OptOut[] = [];
  const blocked = aiAgents.find((agent) => {
    const own = groups.filter(({ agents }) => agents.includes(agent));
    return disallowed(
      (own.length > 0 ? own : groups.filter(({ agents }) => agents.includes("*"))).flatMap(({ rules }) => rules),
      path,
    );
  });
  if (blocked)
    found.push(
      signal(
        "robots",
        "prohibited",
        `the agent ${blocked} is kept out`,
        source,
        "robots.txt",
        `Disallow for ${blocked}: ${path}`,
      ),
    );
  for (const { usage, signals } of groups) {
    const here = usage.filter((line) => matches(line.path, path));
    const longest = Math.max(0, ...here.map((line) => line.path.length));
    const values = here.filter((line) => line.path.length === longest).map(({ value }) => value);
    found.push(...readPreferences("aipref", values, source, "robots.txt Content-Usage"));
    found.push(...readPreferences("content_signal", signals, source, "robots.txt Content-Signal"));
  }
  return found;
}

function disallowed(rules: Group["rules"], path: string): boolean {
  let best = { length: -1, allow: true };
  for (const { allow, path: pattern } of rules) {
    if (pattern === "" || !matches(pattern, path)) continue;
    if (pattern.length > best.length || (pattern.length === best.length && allow))
      best = { length: pattern.length, allow };
  }
  return !best.allow;
}

function parseGroups(text: string): Group[] {
  const groups: Group[] = [];
  let naming = false;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const match = /^\s*([A-Za-z-]+)\s*:\s*(.*)$/.exec(line.replace(/#.*$/, "").trimEnd());
    if (!match) continue;
    const [key, value] = [match[1]!.toLowerCase(), match[2]!.trim()];
    if (key === "user-agent") {
      if (!naming) groups.push({ agents: [], rules: [], usage: [], signals: [] });
      groups.at(-1)!.agents.push(value.toLowerCase());
      naming = true;
      continue;
    }
    const group = groups.at(-1);
    if (key === "content-signal") (group ?? wildcard(groups)).signals.push(value);
    else if (key === "content-usage") (group ?? wildcard(groups)).usage.push(usageLine(value));
    else if (key === "allow" || key === "disallow") group?.rules.push({ allow: key === "allow", path: value });
    else continue;
    naming = false;
  }
  return groups;
}

/** The group of all agents, for lines that stand before any. */
function wildcard(groups: Group[]): Group {
  const group = { agents: ["*"], rules: [], usage: [], signals: [] };
  groups.push(group);
  return group;
}

/** `Content-Usage: /images/ train-ai=n`: a path may stand before the preference. */
function usageLine(value: string): { path: string; value: string } {
  const match = /^(\/\S*)\s+(.*)$/.exec(value);
  return match ? { path: match[1]!, value: match[2]! } : { path: "/", value };
}
