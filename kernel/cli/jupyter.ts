import { Command } from "commander";
import { type DataFolderChoice, here, jupyterDataFolder, searchedFolders } from "../jupyter/data-folders.ts";
import { installedKernels, installKernel, uninstallKernel } from "../jupyter/kernelspec.ts";

interface PlaceOptions extends DataFolderChoice {
  readonly name: string;
}

/** `assay jupyter install | uninstall | list`. */
export function jupyterCommand(): Command {
  const jupyter = new Command("jupyter").description("run TypeScript notebooks in Jupyter, with Assay's kernel");
  jupyter.addCommand(installCommand());
  jupyter.addCommand(uninstallCommand());
  jupyter.addCommand(listCommand());
  return jupyter;
}

function installCommand(): Command {
  return withPlace(new Command("install"))
    .description("make Assay known to Jupyter: write its kernelspec")
    .option("--display-name <text>", "what launchers show", "TypeScript (Assay)")
    .action(({ name, displayName, ...choice }: PlaceOptions & { readonly displayName: string }) => {
      const folder = installKernel({ dataFolder: jupyterDataFolder(choice, here()), name, displayName });
      print(`${displayName} is installed in ${folder}`);
      print(`Try it: jupyter console --kernel ${name.toLowerCase()}`);
    });
}

function uninstallCommand(): Command {
  return withPlace(new Command("uninstall"))
    .description("remove the kernelspec again")
    .action(({ name, ...choice }: PlaceOptions) => {
      print(`Removed ${uninstallKernel({ dataFolder: jupyterDataFolder(choice, here()), name })}`);
    });
}

function listCommand(): Command {
  return new Command("list")
    .description("list Assay's kernelspecs where Jupyter looks for them")
    .option("--json", "print them as JSON")
    .action(({ json }: { readonly json?: boolean }) => {
      const found = installedKernels(searchedFolders(here()));
      if (json) return print(JSON.stringify(found, undefined, 2));
      if (found.length === 0) return print("Assay is not installed in Jupyter. Install it: assay jupyter install");
      for (const { name, displayName, folder, broken } of found)
        print(`${name}  ${displayName}  ${folder}${broken === null ? "" : `  (broken: ${broken})`}`);
    });
}

function withPlace(command: Command): Command {
  return command
    .option("--user", "for this user (the default)")
    .option("--prefix <folder>", "into <folder>/share/jupyter")
    .option("--sys-prefix", "into the Python environment that is active")
    .option("--name <name>", "name of the kernel", "assay");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
