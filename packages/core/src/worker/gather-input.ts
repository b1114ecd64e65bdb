/** The input of a gather stage, streamed line by line from the manifest file that the host wrote. Worker side. */
import type { GatherInput, GatherItem } from "@knowledge-chipper/plugin-sdk";
import { gatherItemSchema } from "../rpc/contract.ts";

/** @param manifest path of a JSON Lines file, one completed item a line, in item order */
export function gatherInput(manifest: string, count: number): GatherInput {
  return { count, items: () => readItems(manifest) };
}

async function* readItems(manifest: string): AsyncGenerator<GatherItem> {
  const decoder = new TextDecoder();
  let rest = "";
  let number = 0;
  for await (const chunk of Bun.file(manifest).stream()) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield parseItem(line, manifest, (number += 1));
  }
  rest += decoder.decode();
  if (rest !== "") yield parseItem(rest, manifest, number + 1);
}

function parseItem(line: string, manifest: string, number: number): GatherItem {
  try {
    return gatherItemSchema.parse(JSON.parse(line)) as GatherItem;
  } catch (error) {
    throw new Error(`line ${number} of the manifest ${manifest} cannot be read`, { cause: error });
  }
}
