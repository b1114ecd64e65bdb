/** What planning left out and what the machine lacks, as lines for stderr. Pure. */
import { printable, type Notice, type Submitted } from "@knowledge-chipper/core/reading";

export function noticeLines(notices: readonly Notice[], missing: Submitted["missing"]): string[] {
  return [
    ...notices.map(({ message }) => `kc: left out: ${printable(message)}`),
    ...missing.map(
      ({ stage, requirement }) =>
        `kc: ${stage} needs ${printable(requirement.name)} (${printable(requirement.detail)}): ${printable(requirement.howToGet)}`,
    ),
  ];
}
