/** Writes the maps to their staged files. Worker side, I/O. */
import type { ProcessorContext } from "@knowledge-chipper/plugin-sdk";
import type { Maps } from "../join/join-notes.ts";
import { writesPages, type MocOptions } from "../options.ts";
import { claimsYaml } from "./claims-yaml.ts";
import { entityPages, MAX_PAGES, namePages, type PageOf } from "./entity-pages.ts";
import { jargonPage } from "./jargon-page.ts";
import { plural, type PageContext } from "./map-page.ts";
import { MENTAL_MODELS_FILE, mentalModelsPage } from "./mental-models-page.ts";
import { mocPage } from "./moc-page.ts";
import { peoplePage } from "./people-page.ts";
import { tagsPage } from "./tags-page.ts";

/** Stems beside which a page cannot lie. */
const MAP_STEMS = ["MOC", "People", "Tags", "Mental_Models", "Jargon", "claims"];

export async function writeMaps(maps: Maps, ctx: ProcessorContext<MocOptions>): Promise<void> {
  const date = ctx.jobTime.toISOString().slice(0, 10);
  const pageOf = writesPages(ctx.options) ? namePages(maps, MAP_STEMS) : undefined;
  const context: PageContext = {
    notes: maps.notes,
    date,
    ...(pageOf === undefined ? {} : { pageOf }),
  };
  const { topics, people, tags, models, jargon, claims, keywordsOf } = maps;
  const allTags = tags.set.length + tags.suggested.length;

  const moc = mocPage(
    {
      theme: ctx.options.theme,
      topics,
      claims,
      keywordsOf,
      maps: [
        { fileName: "People.md", name: "People", holds: plural(people.length, "person", "people") },
        { fileName: "Tags.md", name: "Tags", holds: plural(allTags, "tag") },
        {
          fileName: MENTAL_MODELS_FILE,
          name: "Mental models",
          holds: plural(models.length, "model"),
        },
        { fileName: "Jargon.md", name: "Jargon", holds: plural(jargon.length, "term") },
      ],
    },
    context,
  );
  const pages = [
    { role: "moc", fileName: "MOC.md", text: moc },
    { role: "people", fileName: "People.md", text: peoplePage(people, context) },
    { role: "tags", fileName: "Tags.md", text: tagsPage(tags, context) },
    {
      role: "mental-models",
      fileName: MENTAL_MODELS_FILE,
      text: mentalModelsPage(models, context),
    },
    { role: "jargon", fileName: "Jargon.md", text: jargonPage(jargon, context) },
  ];
  for (const { role, fileName, text } of pages) {
    ctx.signal.throwIfAborted();
    await Bun.write(ctx.output(role, fileName), text);
  }
  if (pageOf !== undefined) await writePages(maps, pageOf, context, ctx);
  if (ctx.options.include_claims)
    await writeClaims(ctx.output("claims-map", "claims.yaml"), maps, date);
}

async function writePages(
  maps: Maps,
  pageOf: PageOf,
  context: PageContext,
  ctx: ProcessorContext<MocOptions>,
): Promise<void> {
  const wanted = maps.people.length + maps.models.length + maps.jargon.length;
  if (wanted > MAX_PAGES) {
    ctx.log.warn(
      `${wanted} people, models and terms: the ${MAX_PAGES} mentioned most get a page, all are in the maps`,
    );
  }
  for (const { role, stem, text } of entityPages(maps, pageOf, context)) {
    ctx.signal.throwIfAborted();
    await Bun.write(ctx.output(role, `${stem}.md`), text);
  }
}

async function writeClaims(path: string, { claims, notes }: Maps, date: string): Promise<void> {
  const file = Bun.file(path).writer();
  for (const piece of claimsYaml(claims, notes, date)) {
    await file.write(piece);
    await file.flush();
  }
  await file.end();
}
