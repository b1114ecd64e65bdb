/** The whisper models that can be had by name: address, size and hash of each. Shared, pure. */

/** The revision all addresses name, so that a file can never change under its hash. */
const REVISION = "5359861c739e955e79d9a303bcbc70fb988958b1";
/** Where the authors of whisper.cpp publish them; `--mirror` puts another address in its place. */
const PUBLISHED_AT = `https://huggingface.co/ggerganov/whisper.cpp/resolve/${REVISION}`;

export interface WhisperModel {
  /** What people call it, e.g. `base` or `small.en-q5_1`. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** From the smallest to the biggest of each kind; the order decides what is the next bigger one. */
export const whisperModels: readonly WhisperModel[] = [
  model("tiny", 77_691_713, "be07e048e1e599ad46341c8d2a135645097a538221678b7acdd1b1919c6e1b21"),
  model(
    "tiny-q5_1",
    32_152_673,
    "818710568da3ca15689e31a743197b520007872ff9576237bda97bd1b469c3d7",
  ),
  model("tiny.en", 77_704_715, "921e4cf8686fdd993dcd081a5da5b6c365bfde1162e72b08d75ac75289920b1f"),
  model(
    "tiny.en-q5_1",
    32_166_155,
    "c77c5766f1cef09b6b7d47f21b546cbddd4157886b3b5d6d4f709e91e66c7c2b",
  ),
  model("base", 147_951_465, "60ed5bc3dd14eea856493d334349b405782ddcaf0028d4b5df4088345fba2efe"),
  model(
    "base-q5_1",
    59_707_625,
    "422f1ae452ade6f30a004d7e5c6a43195e4433bc370bf23fac9cc591f01a8898",
  ),
  model("base.en", 147_964_211, "a03779c86df3323075f5e796cb2ce5029f00ec8869eee3fdfb897afe36c6d002"),
  model(
    "base.en-q5_1",
    59_721_011,
    "4baf70dd0d7c4247ba2b81fafd9c01005ac77c2f9ef064e00dcf195d0e2fdd2f",
  ),
  model("small", 487_601_967, "1be3a9b2063867b937e64e2ec7483364a79917e157fa98c5d94b5c1fffea987b"),
  model(
    "small-q5_1",
    190_085_487,
    "ae85e4a935d7a567bd102fe55afc16bb595bdb618e11b2fc7591bc08120411bb",
  ),
  model(
    "small.en",
    487_614_201,
    "c6138d6d58ecc8322097e0f987c32f1be8bb0a18532a3f88f734d1bbf9c41e5d",
  ),
  model(
    "small.en-q5_1",
    190_098_681,
    "bfdff4894dcb76bbf647d56263ea2a96645423f1669176f4844a1bf8e478ad30",
  ),
  model(
    "medium",
    1_533_763_059,
    "6c14d5adee5f86394037b4e4e8b59f1673b6cee10e3cf0b11bbdbee79c156208",
  ),
  model(
    "medium-q5_0",
    539_212_467,
    "19fea4b380c3a618ec4723c3eef2eb785ffba0d0538cf43f8f235e7b3b34220f",
  ),
  model(
    "medium.en",
    1_533_774_781,
    "cc37e93478338ec7700281a7ac30a10128929eb8f427dda2e865faa8f6da4356",
  ),
  model(
    "medium.en-q5_0",
    539_225_533,
    "76733e26ad8fe1c7a5bf7531a9d41917b2adc0f20f2e4f5531688a8c6cd88eb0",
  ),
  model(
    "large-v2",
    3_094_623_691,
    "9a423fe4d40c82774b6af34115b8b935f34152246eb19e80e376071d3f999487",
  ),
  model(
    "large-v2-q5_0",
    1_080_732_091,
    "3a214837221e4530dbc1fe8d734f302af393eb30bd0ed046042ebf4baf70f6f2",
  ),
  model(
    "large-v3-turbo",
    1_624_555_275,
    "1fc70f774d38eb169993ac391eea357ef47c88757ef72ee5943879b7e8e2bc69",
  ),
  model(
    "large-v3-turbo-q5_0",
    574_041_195,
    "394221709cd5ad1f40c46e6031ca61bce88931e6e088c188294c6d5a55ffa7e2",
  ),
  model(
    "large-v3",
    3_095_033_483,
    "64d182b440b98d5203c4f9bd541544d84c605196c4f7b845dfa11fb23594d1e2",
  ),
  model(
    "large-v3-q5_0",
    1_081_140_203,
    "d75795ecff3f83b5faa89d1900604ad8c780abd5739fae406de19f23ecd98ad1",
  ),
];

export function findModel(name: string): WhisperModel | undefined {
  return whisperModels.find((each) => each.name === name);
}

/** Name of its file, here and where it is published. */
export function fileNameOf(name: string): string {
  return `ggml-${name}.bin`;
}

export function addressOf(model: WhisperModel, mirror = PUBLISHED_AT): string {
  return `${mirror.replace(/\/+$/, "")}/${fileNameOf(model.name)}`;
}

const SIZES = ["tiny", "base", "small", "medium", "large-v2", "large-v3-turbo", "large-v3"];

/** How good a model is by its name, a higher number being better; -1 for a name that says nothing. */
export function rankOf(name: string): number {
  const size = SIZES.indexOf(sizeOf(name));
  if (size === -1) return -1;
  return size * 2 + (/-q\d/.test(name) ? 0 : 1);
}

/** Whether one has more parameters than the other; shrinking a model makes none of another size. */
export function isBigger(one: string, other: string): boolean {
  return SIZES.indexOf(sizeOf(one)) > SIZES.indexOf(sizeOf(other));
}

export function isEnglishOnly(name: string): boolean {
  return /\.en(-|$)/.test(name);
}

function sizeOf(name: string): string {
  return name.replace(/-q\d_\d$/, "").replace(/\.en$/, "");
}

function model(name: string, bytes: number, sha256: string): WhisperModel {
  return { name, bytes, sha256 };
}
