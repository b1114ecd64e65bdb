/** The version that the program speaks of itself by. Pure. */
import packageJson from "../package.json" with { type: "json" };

export const VERSION: string = packageJson.version;
