/** What a second reader takes a name for: the lexicon and rules of compromise. Loads some 40 MB on first use; worker side, pure after that. */

/** Whether a name is a person's, as far as it can tell from the name alone. */
export type Vote = (name: string) => boolean;

let loading: Promise<Vote> | undefined;

/** The voter, loaded once in a process. */
export function openVotes(): Promise<Vote> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Vote> {
  const { default: compromise } = await import("compromise/two");
  return (name) => {
    const doc = compromise(name);
    if (doc.has("#Place") || doc.has("#Organization")) return false;
    // A first name of any country, or a whole name that it knows; a surname alone may be a firm's.
    return doc.has("#FirstName") || doc.match("#Person").terms().length === doc.terms().length;
  };
}
