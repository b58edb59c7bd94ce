import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openArtifacts, sweepTemporary } from "../../../kernel/store/artifacts.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const source = new URL("../../../kernel/store/artifacts.ts", import.meta.url).href;

test("bytes go in and come out, from memory and from a stream, under the hash of their content", async (t) => {
  const store = join(temporaryFolder(t), "store");
  const artifacts = openArtifacts(store);
  assert.equal(existsSync(store), false);
  const bytes = Buffer.from("abc");
  const ref = artifacts.putSync(bytes, "text/plain");
  // The sample of FIPS 180-2.
  assert.deepEqual(ref, {
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    bytes: 3,
    mime: "text/plain",
  });
  assert.deepEqual(readFileSync(join(store, "artifacts", "ba", ref.sha256)), bytes);
  async function* pieces() {
    yield Buffer.from("a");
    yield Buffer.from("bc");
  }
  assert.deepEqual(await artifacts.put(pieces(), "text/plain"), ref);
  assert.deepEqual(artifacts.get(ref.sha256), bytes);
  const empty = await artifacts.put(new Uint8Array(), "text/plain");
  assert.equal(artifacts.get(empty.sha256).length, 0);
  assert.deepEqual(readdirSync(join(store, "artifacts", "tmp")), []);
});

test("what is missing, cut short or altered is told apart from what is sound", async (t) => {
  const store = temporaryFolder(t);
  const artifacts = openArtifacts(store);
  const bytes = Buffer.alloc(10_000, 7);
  const { sha256 } = artifacts.putSync(bytes, "application/octet-stream");
  assert.equal(await artifacts.verify(sha256), "sound");
  truncateSync(artifacts.path(sha256), 500);
  assert.throws(() => artifacts.get(sha256), { code: "artifact.corrupt", input: artifacts.path(sha256) });
  assert.equal(artifacts.get(sha256, { verify: false }).length, 500);
  assert.equal(await artifacts.verify(sha256), "corrupt");
  artifacts.putSync(bytes, "application/octet-stream");
  assert.equal(await artifacts.verify(sha256), "sound");
  const absent = "0".repeat(64);
  assert.throws(() => artifacts.get(absent), { code: "artifact.missing", input: absent });
  assert.equal(await artifacts.verify(absent), "missing");
});

test("a stream that fails leaves nothing behind", async (t) => {
  const store = temporaryFolder(t);
  const artifacts = openArtifacts(store);
  async function* broken() {
    yield Buffer.alloc(100_000);
    throw new Error("the line went dead");
  }
  await assert.rejects(artifacts.put(broken(), "video/mp4"), /line went dead/);
  assert.deepEqual(readdirSync(join(store, "artifacts", "tmp")), []);
});

test("processes that put the same bytes at once all succeed, and a reader never sees a part", async (t) => {
  const store = temporaryFolder(t);
  const program = `
    import { openArtifacts } from ${JSON.stringify(source)};
    const artifacts = openArtifacts(${JSON.stringify(store)});
    for (let round = 0; round < 30; round++) {
      const ref = artifacts.putSync(Buffer.alloc(200_000, round), "x/y", { durable: false });
      if (artifacts.get(ref.sha256).length !== 200_000) throw new Error("short");
    }`;
  const writers = [1, 2, 3, 4].map(() =>
    spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "inherit", "inherit"] }),
  );
  const codes = await Promise.all(writers.map(async (writer) => (await once(writer, "exit"))[0]));
  assert.deepEqual(codes, [0, 0, 0, 0]);
  const artifacts = openArtifacts(store);
  for (let round = 0; round < 30; round++) {
    const sha256 = createHash("sha256").update(Buffer.alloc(200_000, round)).digest("hex");
    assert.equal(await artifacts.verify(sha256), "sound");
  }
  assert.deepEqual(readdirSync(join(store, "artifacts", "tmp")), []);
});

test("a full disk is reported with a remedy, and nothing half-written stays", {
  skip: process.platform === "win32",
}, async (t) => {
  const store = temporaryFolder(t);
  // A limit on the size of files stands for the full disk: both stop a write in the middle.
  const program = `
    import { openArtifacts } from ${JSON.stringify(source)};
    const artifacts = openArtifacts(${JSON.stringify(store)});
    artifacts.putSync(Buffer.alloc(1000), "x/y");
    const report = (error) => console.log(error.code + "|" + error.remedy);
    try { artifacts.putSync(Buffer.alloc(1_000_000), "x/y"); } catch (error) { report(error); }
    async function* pieces() { for (let i = 0; i < 100; i++) yield Buffer.alloc(10_000, i); }
    await artifacts.put(pieces(), "x/y").catch(report);`;
  const limited = spawn(
    "sh",
    ["-c", `ulimit -f 128; exec "$0" --input-type=module -e "$1"`, process.execPath, program],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const [text] = await Promise.all([limited.stdout.setEncoding("utf8").toArray(), once(limited, "exit")]);
  const lines = text.join("").trim().split("\n");
  assert.equal(lines.length, 2);
  for (const line of lines) assert.match(line, /^store\.full\|Free some space/);
  const files = readdirSync(join(store, "artifacts"), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  assert.equal(files.length, 1);
});

test("leftovers of killed writers are swept, those of living ones are not", (t) => {
  const store = temporaryFolder(t);
  const shelf = join(store, "artifacts", "tmp");
  mkdirSync(shelf, { recursive: true });
  const old = new Date(Date.now() - 3_600_000);
  for (const name of ["4194304999-aa", `${process.pid}-bb`, "4194304999-cc"]) {
    writeFileSync(join(shelf, name), "part");
    if (!name.endsWith("cc")) utimesSync(join(shelf, name), old, old);
  }
  sweepTemporary(store);
  assert.deepEqual(readdirSync(shelf).sort(), ["4194304999-cc", `${process.pid}-bb`].sort());
});
