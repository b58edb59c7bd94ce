import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { relevantVariables, takeSnapshot } from "../../../kernel/session/environment.ts";
import { isSecretFile, redact } from "../../../kernel/session/redaction.ts";
import { openArtifacts } from "../../../kernel/store/artifacts.ts";
import { contentHash, hashOf } from "../../../kernel/store/canonical.ts";
import { recordingSession, recordOne, startOf } from "../../support/records.ts";
import { temporaryFolder } from "../../support/temporary.ts";

// Made up here, in the forms of real ones; put together so that no scanner takes them for leaked ones.
const secrets = [
  `AKIA${"ABCDEFGHIJKLMNOP"}`,
  `ghp_${"a1B2".repeat(9)}`,
  `hf_${"AbCd".repeat(8)}`,
  `sk-${"proj-"}${"x9Y8".repeat(8)}`,
  `xoxb-${"1234567890-abcdefghij"}`,
];

test("secrets are replaced, what stands around them is kept", () => {
  for (const secret of secrets) assert.equal(redact(`const key = use("${secret}");`), `const key = use("[redacted]");`);
  assert.equal(redact(`+password = "hunter22!"`), `+password = "[redacted]"`);
  assert.equal(redact(`API_KEY=abcdef123456\nrank=4`), "API_KEY=[redacted]\nrank=4");
  assert.equal(redact(`{"client_secret": "abcdef123456", "seed": 1}`), `{"client_secret": "[redacted]", "seed": 1}`);
  assert.equal(redact("https://ada:lovelace@example.org/x"), "https://ada:[redacted]@example.org/x");
  assert.equal(redact(`-H "Authorization: Bearer abc.def-ghi"`), `-H "Authorization: Bearer [redacted]"`);
  const block = `-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----`;
  assert.equal(redact(`a\n${block}\nb`), "a\n[redacted]\nb");
  const innocent =
    "const tokenizer = load(); // 12 tokens\nimport { key } from './keys.ts';\nnext: sha256 9f86d081884c7d65";
  assert.equal(redact(innocent), innocent);
});

test("redaction stays quick on long lines", () => {
  const long = "a".repeat(2_000_000);
  assert.equal(redact(long), long);
});

test("files that hold secrets are known by name", () => {
  for (const path of [".env", "a/.env.local", "id_ed25519", "x/server.pem", "credentials.json", ".npmrc"])
    assert.ok(isSecretFile(path), path);
  for (const path of ["environment.ts", "a/pem.md", "keys.ts", "notes/secretary.txt"])
    assert.ok(!isSecretFile(path), path);
});

test("variables: those that change numbers, without secrets", () => {
  assert.deepEqual(
    relevantVariables({ OMP_NUM_THREADS: "2", ASSAY_HUB_TOKEN: "abc", HOME: "/root", NODE_OPTIONS: "--title=x" }),
    {
      ASSAY_HUB_TOKEN: "[redacted]",
      NODE_OPTIONS: "--title=x",
      OMP_NUM_THREADS: "2",
    },
  );
});

test("a snapshot holds commit, patch and untracked files, none of their secrets, and is the same when taken again", async (t) => {
  const folder = temporaryFolder(t);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
  git("init", "-q");
  mkdirSync(join(folder, "notebooks"));
  writeFileSync(join(folder, "tracked.ts"), "export const a = 1;\n");
  writeFileSync(join(folder, "server.pem"), "old\n");
  writeFileSync(join(folder, "package-lock.json"), "{}");
  git("add", ".");
  git("commit", "-q", "-m", "first");
  writeFileSync(join(folder, "tracked.ts"), `export const a = 2;\nconst token = "${secrets[1]}";\n`);
  writeFileSync(join(folder, "server.pem"), "new and very private\n");
  writeFileSync(join(folder, "untracked.ts"), `export const key = "${secrets[0]}";\n`);
  writeFileSync(join(folder, ".env"), "PLAIN=not-to-be-kept\n");
  writeFileSync(join(folder, "large.bin"), Buffer.alloc(300_000, 65));

  const artifacts = openArtifacts(join(folder, "store"));
  writeFileSync(join(folder, ".git", "info", "exclude"), "store\n");
  const take = () =>
    takeSnapshot({ folder: join(folder, "notebooks"), artifacts, signal: new AbortController().signal });
  const snapshot = await take();
  assert.equal(contentHash(await take()), contentHash(snapshot));

  assert.deepEqual(snapshot.lockFile, { name: "package-lock.json", sha256: hashOf("{}") });
  assert.equal(snapshot.git?.commit, git("rev-parse", "HEAD").trim());
  const patch = artifacts.get(snapshot.git?.patch?.sha256 ?? "").toString();
  assert.match(patch, /^-export const a = 1;\n\+export const a = 2;$/m);
  assert.doesNotMatch(patch, /very private/);
  const untracked = Object.fromEntries(
    snapshot.git.untracked.map(({ path, content }) => [path, content && artifacts.get(content.sha256).toString()]),
  );
  assert.deepEqual(untracked, {
    ".env": null,
    "large.bin": null,
    "untracked.ts": `export const key = "[redacted]";\n`,
  });
  for (const secret of secrets) assert.ok(!patch.includes(secret));
});

test("outside a repository a snapshot says so", async (t) => {
  const folder = temporaryFolder(t);
  const snapshot = await takeSnapshot({
    folder,
    artifacts: openArtifacts(folder),
    signal: new AbortController().signal,
  });
  assert.equal(snapshot.git, null);
  assert.equal(snapshot.node, process.version);
  assert.ok(snapshot.memory > 0 && snapshot.threads > 0);
});

test("executions that ended before the snapshot was ready share it too", async (t) => {
  const { recorder, read } = recordingSession(t, { snapshot: true });
  const first = recordOne(recorder, startOf("1"));
  assert.equal(read(first.id).environment, null);
  for (let waited = 0; read(first.id).environment === null && waited < 200; waited++) await sleep(50);
  const second = recordOne(recorder, startOf("2"));
  assert.match(read(first.id).environment ?? "", /^[0-9a-f]{64}$/);
  assert.equal(read(second.id).environment, read(first.id).environment);
});
