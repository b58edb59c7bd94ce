import type { LicenceClass } from "../../kernel/protocol/classes.ts";

/** Theme colours that go with the classes, as in the outputs. */
export const licenceClassColours: Readonly<Record<LicenceClass, string>> = {
  public_domain: "charts.green",
  creative_commons: "charts.blue",
  fair_use_research: "charts.yellow",
  copyrighted: "charts.red",
  unknown: "disabledForeground",
};
