import { describe, expect, test } from "bun:test";
import { anyLanguageAnalyzer } from "../src/language/any-language.ts";
import { detectLanguage } from "../src/language/detect-language.ts";
import { englishAnalyzer } from "../src/language/english.ts";

const english = await englishAnalyzer();
const texts = (text: string) => english.analyze(text, false).map((sentence) => sentence.text);
const keywords = (text: string) =>
  english
    .analyze(text, false)
    .flatMap((sentence) => sentence.phrases.map((phrase) => phrase.label));

describe("the language of a text", () => {
  test.each([
    ["en", "The pressure in the pipe rises at night, and nobody knows why it does that."],
    ["de", "Der Druck in der Leitung steigt in der Nacht, und niemand weiß, warum das so ist."],
    [
      "fr",
      "La pression dans le tuyau monte pendant la nuit et personne ne sait pourquoi elle le fait.",
    ],
    [
      "es",
      "La presión en la tubería sube por la noche y nadie sabe por qué lo hace de esa manera.",
    ],
    ["it", "La pressione nel tubo sale di notte e nessuno sa perché lo fa, ma non è una sorpresa."],
    ["nl", "De druk in de leiding stijgt in de nacht en niemand weet waarom het zo is."],
    [
      "pt",
      "A pressão no cano sobe durante a noite e ninguém sabe por que isso acontece, mas não é uma surpresa.",
    ],
    [
      "sv",
      "Trycket i röret stiger på natten och ingen vet varför det är så, men det är inte en överraskning.",
    ],
    [
      "pl",
      "Ciśnienie w rurze rośnie w nocy i nikt nie wie, dlaczego tak się dzieje, ale to nie jest niespodzianka.",
    ],
    ["ru", "Давление в трубе растёт ночью, и никто не знает, почему это так, но это не новость."],
    ["ja", "配管の圧力は夜に上がるが、その理由は誰も知らない。"],
    ["zh", "管道中的压力在夜间上升，但没有人知道原因。"],
    ["ko", "배관의 압력은 밤에 올라가지만 아무도 그 이유를 모른다."],
    ["el", "Η πίεση στον σωλήνα ανεβαίνει τη νύχτα."],
    ["und", "12345 67890"],
    ["und", "Lorem ipsum dolor sit amet consectetur"],
  ])("is %p for %p", async (language, text) => {
    expect(await detectLanguage(text)).toBe(language);
  });
});

describe("English sentences", () => {
  test("end where a reader would end them", () => {
    expect(
      texts(
        'Dr. Smith met J. R. R. Tolkien on Jan. 5, 2024. It cost 3.5 million. "Really?" she said. Yes.',
      ),
    ).toEqual([
      "Dr. Smith met J. R. R. Tolkien on Jan. 5, 2024.",
      "It cost 3.5 million.",
      '"Really?" she said.',
      "Yes.",
    ]);
  });

  test("know where they stand in the text", () => {
    const text = "Don't  stop. The well-known 2,500-year-old rule — it's   fine! (Really.) End";
    for (const { start, text: sentence } of english.analyze(text, false)) {
      expect(text.slice(start, start + sentence.length)).toBe(sentence);
    }
  });

  test("of speech are one, if they are said to be", () => {
    expect(english.analyze("we tested it. it failed", true)).toHaveLength(1);
  });

  test("without a verb are no clauses", () => {
    const isClause = (text: string) => english.analyze(text, true)[0]?.isClause;
    expect(isClause("Notes of a talk given by Mara Ellison.")).toBe(false);
    expect(isClause("The valve keeps the pressure constant.")).toBe(true);
    expect(isClause("It is a loop.")).toBe(true);
  });

  test("offer names, compounds and nouns as keywords, but no vague words", () => {
    const found = keywords(
      "Yesterday Daniel Kahneman explained the opportunity cost of a pressure-reducing valve many times.",
    );
    expect(found).toEqual(
      expect.arrayContaining(["Daniel Kahneman", "opportunity cost", "pressure-reducing valve"]),
    );
    expect(found).not.toContain("times");
    expect(found).not.toContain("Yesterday Daniel Kahneman");
  });

  test("keep words with hyphens and apostrophes whole", () => {
    expect(
      keywords(
        "The pressure-reducing valve of Mulhouse’s museum belongs to Maureen O’Sullivan now.",
      ),
    ).toEqual(
      expect.arrayContaining(["pressure-reducing valve", "Mulhouse", "Maureen O’Sullivan"]),
    );
    expect(keywords("The new thread::spawn function runs in parallel.")).not.toContain("pawn");
  });

  test.each([200_000, 1_000_000])("of one word with %p letters do not hang", (length) => {
    const begun = performance.now();
    english.analyze("a".repeat(length), false);
    // Left in one piece, the shorter one takes 15 s and the longer one minutes.
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

test("the English model is loaded once, however many steps ask for it", async () => {
  for (let step = 0; step < 50; step++) await englishAnalyzer();
  expect(process.memoryUsage.rss()).toBeLessThan(600e6);
});

describe("sentences of other languages", () => {
  test("in German survive abbreviations and ordinals", async () => {
    const german = await anyLanguageAnalyzer("de");
    const text =
      "Am 3. Mai kam Dr. Weber nach Ulm. Sie prüfte z. B. den Regler. Das dauerte lange.";
    const sentences = german.analyze(text, false);
    expect(sentences.map((sentence) => sentence.text)).toEqual([
      "Am 3. Mai kam Dr. Weber nach Ulm.",
      "Sie prüfte z. B. den Regler.",
      "Das dauerte lange.",
    ]);
    for (const { start, text: sentence } of sentences) {
      expect(text.slice(start, start + sentence.length)).toBe(sentence);
    }
    expect(sentences[1]?.phrases.map((phrase) => phrase.label)).toEqual(["Regler"]);
  });

  test("in Japanese give compounds and whole foreign names", async () => {
    const japanese = await anyLanguageAnalyzer("ja");
    const [sentence] = japanese.analyze("ダニエル・カーネマンは機会費用を説明した。", false);
    const labels = sentence?.phrases.map((phrase) => phrase.label);
    expect(labels).toContain("機会費用");
    expect(labels).toContain("カーネマン");
  });
});
