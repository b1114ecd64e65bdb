/** Entry of an inspector process, which loads a processor so that no other process has to. Worker side. */
import { serveInspector } from "./serve-inspector.ts";
import { takeChannel } from "./take-channel.ts";

serveInspector(takeChannel());
