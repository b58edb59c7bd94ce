import type { Output } from "../protocol/outputs.ts";
import type { Broadcast } from "./broadcast.ts";

/** Tells all clients what a cell put out. `parent` is the header of the request that ran the cell, `count` its number. */
export function publishOutput(broadcast: Broadcast, output: Output, parent: string, count: number): void {
  switch (output.type) {
    case "stream":
      return broadcast.stream(output.name, output.text, parent);
    case "display": {
      const { data, metadata = {}, displayId, update } = output;
      const transient = displayId === undefined ? {} : { display_id: displayId };
      return broadcast.publish(update ? "update_display_data" : "display_data", { data, metadata, transient }, parent);
    }
    case "result": {
      const { data, metadata = {} } = output;
      return broadcast.publish("execute_result", { execution_count: count, data, metadata }, parent);
    }
    case "error": {
      const { ename, evalue, traceback } = output;
      return broadcast.publish("error", { ename, evalue, traceback }, parent);
    }
    case "clear":
      return broadcast.publish("clear_output", { wait: output.wait }, parent);
  }
}
