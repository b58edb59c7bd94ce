export { readC2pa } from "./c2pa.ts";
export { readNoAi, readPreferences } from "./content-usage.ts";
export { readPlus } from "./plus.ts";
export { readOptOuts, type SignalSources } from "./read-opt-outs.ts";
export { aiAgents, readRobots } from "./robots.ts";
export { readTdmRep } from "./tdmrep.ts";
export { readXmp } from "./xmp.ts";
