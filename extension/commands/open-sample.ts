import * as vscode from "vscode";
import { listSamples, openCopy } from "./samples.ts";

/** Lets the person open one of the samples that come with Assay. */
export async function openSample(extensionUri: vscode.Uri): Promise<void> {
  const samples = await listSamples(extensionUri);
  if (samples.length === 0) {
    void vscode.window.showInformationMessage("This build of Assay comes without samples.");
    return;
  }
  const choice = await vscode.window.showQuickPick(
    samples.map((sample) => ({
      label: `$(notebook) ${sample.title}`,
      description: sample.name,
      detail: sample.summary,
      sample,
    })),
    { title: "Open a sample" },
  );
  if (choice) await openCopy(extensionUri, choice.sample);
}
