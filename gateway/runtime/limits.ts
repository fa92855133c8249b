import { NARROW } from "../../schema/policy/questionLimits.ts";
import { RECIPIENT_CHECKING } from "../../schema/policy/words.ts";
import { CHOICES, ratesFor } from "../authenticate/rates.ts";
import { STANDARD_LIMITS } from "../plan/supergraph.ts";
import type { PublishedLimits } from "../types/rates.ts";
import type { GatewayConfig } from "./config.ts";

/** All limits of a gateway with these settings, as it tells them. */
export const publishedLimits = ({ rates, documents }: Pick<GatewayConfig, "rates" | "documents">): PublishedLimits => ({
  limits: STANDARD_LIMITS,
  rates,
  publicRates: ratesFor(RECIPIENT_CHECKING, rates),
  choices: CHOICES,
  subjectsByPurpose: NARROW,
  documents,
});
