import { type ComplianceMode, modePhrase } from "../../protocol/classes.ts";
import { AssayError } from "../../protocol/problem.ts";

/** Problems with collections and data sets. */
export const dataProblems = {
  collectionMissing: (path: string) =>
    new AssayError({
      code: "data.missing",
      input: path,
      reason: "there is no such folder or manifest",
      remedy: "Give a folder of images, or a JSON manifest; a relative path starts at the notebook's folder",
    }),
  collectionEmpty: (path: string) =>
    new AssayError({
      code: "data.empty",
      input: path,
      reason: "there is no image in it",
      remedy: "Put PNG, JPEG, WebP, AVIF, GIF or TIFF files there, or check the path",
    }),
  manifestUnreadable: (file: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "data.manifest",
        input: file,
        reason: `the manifest cannot be read (${detail})`,
        remedy:
          'Give a JSON object with a list "results" whose members have a "path" and licence fields, as Openverse has them',
      },
      { cause },
    ),
  sidecarMissing: (file: string, expected: string) =>
    new AssayError({
      code: "sidecar.missing",
      input: file,
      reason: "there is no sidecar file, so its licence is unknown",
      remedy: `Add ${expected} with at least license and license_url`,
    }),
  sidecarUnreadable: (file: string, detail: string) =>
    new AssayError({
      code: "sidecar.unreadable",
      input: file,
      reason: `the sidecar cannot be read (${detail}), so the licence is unknown`,
      remedy: "Correct the file: it must hold one JSON object",
    }),
  licenceUnknown: (file: string, detail: string) =>
    new AssayError({
      code: "licence.unknown",
      input: file,
      reason: detail,
      remedy: "Name the licence by its address or SPDX id in the sidecar; until then only full_dataset admits it",
    }),
  fileOutside: (file: string) =>
    new AssayError({
      code: "data.outside",
      input: file,
      reason: "it leads out of the collection's folder, by a link or by its path",
      remedy: "Copy the file into the folder",
    }),
  remoteItem: (url: string) =>
    new AssayError({
      code: "data.remote",
      input: url,
      reason: "it lies on another machine, and collecting downloads nothing",
      remedy: 'Download it first and give its "path" beside the manifest',
    }),
  fileChanged: (file: string) =>
    new AssayError({
      code: "data.changed",
      input: file,
      reason: "its bytes are no longer those that were collected",
      remedy: "Collect again, so that licence and hash are read anew",
    }),
  datasetEmpty: (name: string, mode: ComplianceMode, total: number) =>
    new AssayError({
      code: "dataset.empty",
      input: `data set ${name}`,
      reason: `${modePhrase(mode)} admits none of its ${total} items`,
      remedy: "Look at the reasons in display.compliance(collection.compliance(mode)), or choose a wider mode",
    }),
} as const;
