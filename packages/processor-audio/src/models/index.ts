/** What the command line needs of models: the `./models` entry of this package. */
export { addressOf, fileNameOf, findModel, whisperModels, type WhisperModel } from "./catalogue.ts";
export { findInstalled, installedModels, type InstalledModel } from "./installed-models.ts";
export { ModelError, sizeText } from "./model-error.ts";
export { pullModel } from "./pull-model.ts";
export { verifyModel, type Verdict } from "./verify-model.ts";
