import { z } from "zod";
import { type ComplianceMode, complianceModes, type LicenceClass, licenceClasses } from "./classes.ts";

export { type ComplianceMode, complianceModes, type LicenceClass, licenceClasses };
export const licenceClass = z.enum(licenceClasses);
export const complianceMode = z.enum(complianceModes);
