/** Makes a sentence safe inside a Markdown note: it shall read as it was said, and make no link, tag or heading. Pure. */

/** Escapes what Markdown and Obsidian would take for markup. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*<>[\]|~]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/(^|\s)#(?=[\p{L}\p{N}_/-])/gu, "$1\\#")
    .replace(/==/g, "\\=\\=")
    .replace(/%%/g, "\\%\\%")
    .replace(/\$\$/g, "\\$\\$");
}

/** The same for text that begins a line or list item, where a number or dash would begin a list. */
export function escapeLine(text: string): string {
  return escapeMarkdown(text)
    .replace(/^(\d{1,9})([.)])(?=\s)/, "$1\\$2")
    .replace(/^([-+#])(?=\s)/, "\\$1");
}
