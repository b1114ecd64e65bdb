/** The SQLite ledger keeps the port's promises. */
import { describe } from "bun:test";
import { checkpoints } from "./conformance/checkpoints.ts";
import { jobs } from "./conformance/jobs.ts";
import { planning } from "./conformance/planning.ts";
import { reading } from "./conformance/reading.ts";
import { steps } from "./conformance/steps.ts";
import { withLedger } from "./fixtures.ts";

describe("planning", () => planning(withLedger));
describe("the way of a step", () => steps(withLedger));
describe("jobs", () => jobs(withLedger));
describe("reading", () => reading(withLedger));
describe("checkpoints", () => checkpoints(withLedger));
