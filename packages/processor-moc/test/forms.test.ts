/** Forms in which notes explain terms and name people, and forms that only look like it. */
import { expect, test } from "bun:test";
import { headings, mapsOf, withNotes } from "./maps.ts";

test.each([
  ["A stock is the memory of flows in a system.", "Stock"],
  ["Qvevri are clay vessels that are buried in the ground.", "Qvevri"],
  [
    "A central bank reserve (CBR) is money that banks hold at the bank.",
    "Central bank reserve (CBR)",
  ],
  ["REM sleep (rapid eye movement sleep) comes in the morning.", "Rapid eye movement (REM)"],
  ["Room pressure is what the gauge shows at rest.", "Room pressure"],
])("%p explains %p", async (source, term) => {
  await withNotes([{ name: "n.md", source: `# N\n\n${source}\n` }], async (items) => {
    expect(headings((await mapsOf(items))["Jargon.md"], 3)).toEqual([term]);
  });
});

test.each([
  "The garden is a place that everybody likes.",
  "My dog is a friend of the family.",
  "It is a thing that happens.",
  "Speed is a thing that matters here.",
  "This talk is the best of the day.",
])("%p explains nothing", async (source) => {
  await withNotes([{ name: "n.md", source: `# N\n\n${source}\n` }], async (items) => {
    expect(headings((await mapsOf(items))["Jargon.md"], 3)).toEqual([]);
  });
});

test.each([
  ["We read it in Charles Goodhart's own words.", ["Charles Goodhart"]],
  ["At the museum the guide, Wubbo Ockelsz, answered us.", ["Wubbo Ockelsz"]],
  ["Lunch with Giorgi Kapanadze at noon.", ["Giorgi Kapanadze"]],
  ["Lunch at Fushimi Inari, then to Kansai Tokkaido.", []],
])("people in %p: %p", async (source, people) => {
  await withNotes([{ name: "n.md", source: `# N\n\n${source}\n` }], async (items) => {
    expect(headings((await mapsOf(items))["People.md"], 3)).toEqual(people);
  });
});
