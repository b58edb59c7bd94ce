import { ensureJupyterClients } from "./jupyter/python.ts";
import { ensureWorkbench } from "./workbench/install.ts";

/**
 * Makes the programs of others available that the tests drive: Jupyter's clients, and for the journeys a browser and a workbench. One after
 * the other, before tests run side by side and would wait for each other's installations.
 */
export async function prepareTests(withWorkbench: boolean): Promise<void> {
  for (const prepare of withWorkbench ? [ensureJupyterClients, ensureWorkbench] : [ensureJupyterClients]) {
    try {
      await prepare();
    } catch (error) {
      // The tests that need it fail, and say so; the others can run.
      console.error(error instanceof Error ? error.message : error);
    }
  }
}
