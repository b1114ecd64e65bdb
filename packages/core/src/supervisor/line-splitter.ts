/** Cuts a stream of bytes into lines of bounded length, as a terminal would have shown them. Pure. */

/** Longer lines are cut; the rest of such a line is counted, not kept. */
const MAX_LINE = 20_000;
const NEWLINE = 10;
const RETURN = 13;

export interface LineSplitter {
  push(bytes: Uint8Array): void;
  /** The line that is coming in is longer than what is kept of it. */
  readonly isCut: boolean;
  /** Hands out what is left as a last line. */
  end(): void;
}

/** @param onLine gets each line without its end, and how many characters of it were dropped */
export function lineSplitter(onLine: (line: string, dropped: number) => void): LineSplitter {
  const decoder = new TextDecoder();
  let line = "";
  let dropped = 0;
  let returned = false;

  const finish = () => {
    if (line !== "" || dropped > 0) onLine(line, dropped);
    line = "";
    dropped = 0;
    returned = false;
  };
  // A carriage return starts the line over: of a progress bar only its last state is kept.
  const add = (text: string) => {
    if (text === "") return;
    const ended = text.endsWith("\r");
    const body = ended ? text.slice(0, -1) : text;
    const restart = body.lastIndexOf("\r");
    if (returned || restart !== -1) {
      line = "";
      dropped = 0;
    }
    returned = ended;
    const rest = body.slice(restart + 1);
    const room = MAX_LINE - line.length;
    line += rest.slice(0, room);
    dropped += Math.max(0, rest.length - room);
  };
  const take = (text: string) => {
    let from = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
      add(text.slice(from, end));
      finish();
      from = end + 1;
    }
    add(text.slice(from));
  };

  return {
    push: (bytes) => {
      // More of a line that is cut already: not even made into text.
      const isRest = line.length >= MAX_LINE && !bytes.includes(NEWLINE) && !bytes.includes(RETURN);
      if (isRest) dropped += bytes.length;
      else take(decoder.decode(bytes, { stream: true }));
    },
    get isCut() {
      return line.length >= MAX_LINE;
    },
    end: () => {
      take(decoder.decode());
      finish();
    },
  };
}
