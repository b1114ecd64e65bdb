/** A report in the format that is asked for; what draws charts is loaded for them alone. Shared. */
import { reportAsMarkdown } from "./as-markdown.ts";
import { reportAsText } from "./as-text.ts";
import type { Report } from "./report.ts";

export const reportFormats = ["text", "json", "md", "html"] as const;
export type ReportFormat = (typeof reportFormats)[number];

export async function reportAs(format: ReportFormat, report: Report): Promise<string> {
  switch (format) {
    case "text":
      return `${reportAsText(report)}\n`;
    case "json":
      return `${JSON.stringify(report, null, 2)}\n`;
    case "md":
      return reportAsMarkdown(report);
    case "html": {
      const { reportAsHtml } = await import("./as-html.ts");
      return reportAsHtml(report);
    }
  }
}
