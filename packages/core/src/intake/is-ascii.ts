/** Whether a name is plain ASCII, as most are: then it is in NFC, and nothing has to be made to find out. Shared, pure. */

export function isAscii(text: string): boolean {
  return !/[^ -~]/.test(text);
}
