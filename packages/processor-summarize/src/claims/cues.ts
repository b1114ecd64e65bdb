/** The phrases by which English sentences give away what kind of claim they make, as one table. Pure. */

/** What a claim does. */
export type ClaimType =
  | "definition"
  | "finding"
  | "prediction"
  | "recommendation"
  | "causal"
  | "statement";

/** A phrase, what it makes a sentence, and how sure that is (0 to 1). */
export interface Cue {
  readonly type: ClaimType;
  readonly confidence: number;
  readonly pattern: RegExp;
}

/** Of cues of the same confidence the first decides. */
const CUES: readonly Cue[] = [
  cue("definition", 0.8, [
    /\b(?:is|are) (?:usually |often |best )?defined as\b/i,
    /\bthe term .{2,40} (?:refers to|means|describes)\b/i,
  ]),
  cue("definition", 0.75, [
    /^(?:(?:an?|the) )?[\w' -]{3,50}(?:\([^)]{2,30}\) ?)? (?:refers to|denotes|means (?:an?|the|that|how|what|when|to))\b/i,
    /^(?:an?|the) [\w' -]{3,50} describes (?:an?|the|how|what|when)\b/i,
  ]),
  cue("definition", 0.7, [
    /\b(?:is|are) (?:called|known as|termed|referred to as)\b/i,
    /\bwe call (?:this|it|that)\b/i,
  ]),
  cue("definition", 0.6, [
    /^(?:an? )?(?!(?:this|that|it|he|she|they|there|we|you|what|here|nothing|everything|which|my|our|one|another)\b)[\w'-]+(?: [\w'-]+){0,3}(?: \([^)]{2,30}\))? is (?:an?|the) (?!(?:good|great|bad|better|best|real|big|small|long|little|only|same|right|first)\b)[\w' -]{3,60}\b(?:that|which|who|where|in which|whose|of|between|by|for)\b/i,
  ]),
  cue("finding", 0.8, [
    /\b(?:study|studies|research|experiments?|trials?|survey|data|results?|evidence|analysis|measurements?|figures?) (?:\w+ ){0,4}?(?:show|shows|showed|shown|suggests?|suggested|indicates?|indicated|reveals?|revealed|confirms?|confirmed|found|finds)\b/i,
  ]),
  cue("finding", 0.7, [
    /\b(?:found|discovered|observed|measured|showed|demonstrated|learned|concluded|noticed) (?:that|how|no|an?)\b/i,
  ]),
  cue("finding", 0.65, [
    /\b(?:rose|fell|grew|dropped|increased|decreased|declined|doubled|halved|tripled|improved|climbed|shrank)\b.{0,60}\b(?:\d|percent|per cent|half|quarter|twice|threefold)/i,
  ]),
  cue("prediction", 0.75, [
    /\b(?:is|are) (?:likely|expected|projected|predicted|forecast) to\b/i,
    /\b(?:we|i|they|analysts|experts|economists) (?:expect|predict|forecast|anticipate)\b/i,
  ]),
  cue("prediction", 0.65, [
    /\bby (?:the end of )?(?:20[3-9]\d|the end of (?:the|this) (?:year|decade|century|month|quarter))\b/i,
    /\bin the (?:coming|next) (?:\w+ )?(?:weeks|months|years|decades)\b/i,
  ]),
  // In the main clause: "it decides how hard the next answer will be" predicts nothing.
  cue("prediction", 0.5, [
    /^(?:(?!\b(?:that|how|what|when|if|who|whom|which|where|whether|because|since|as|you)\b).){1,80}\b(?:will|won't|shall|(?:is|are) going to) (?!have been\b)\w/i,
    /^(?:if|when|once|unless|as soon as)\b.{5,120}, .{1,60}\b(?:will|won't)\b/i,
  ]),
  cue("recommendation", 0.75, [
    /\b(?:recommends?|recommended|advises?|advised|suggest that you|best practice)\b/i,
    /\bit is (?:best|better|wise|important|essential) to\b/i,
  ]),
  cue("recommendation", 0.7, [/\b(?:should|must|ought to|needs? to|had better)\b(?! have\b)/i]),
  cue("recommendation", 0.6, [
    /^(?:always|never|avoid|do not|don't|try to|consider|make sure|remember|ask|write|keep|read|review|start|stop|choose|test|check|measure|look for)\s+(?!the (?:rest|less)\b)[\w']+/i,
  ]),
  cue("causal", 0.75, [
    /\b(?:causes?|caused|leads? to|led to|results? in|resulted in|gives? rise to|brings? about)\b/i,
    /\b(?:is|are) (?:the result|a consequence|driven by)\b/i,
  ]),
  cue("causal", 0.65, [
    /\bbecause\b|\bdue to\b|\bas a (?:result|consequence)\b|\b(?:that|which) is why\b/i,
    /\bthe reason (?:\w+ ){0,5}(?:is|was)\b/i,
  ]),
  cue("causal", 0.5, [/\b(?:therefore|thus|hence|consequently|so that)\b/i]),
];

/** Words that take certainty away. */
export const HEDGES =
  /\b(?:may|might|could|perhaps|possibly|probably|seems?|appears? to|arguably|roughly|tends? to|in some cases|supposedly)\b/i;
/** What the writer believes. */
export const BELIEFS =
  /\b(?:(?:I|we) (?:think|believe|feel|guess|suspect|hope)|in my (?:view|opinion))\b/i;
/** What others believe, often refuted in the next sentence: no claim of this text. */
export const HEARSAY =
  /\b(?:(?:most|many|some) people (?:believe|think|say|assume)|the usual (?:story|answer|view)|it is (?:often|commonly|widely) (?:said|believed|thought|assumed))\b/i;

/** The most telling cue in an English sentence, or null. */
export function strongestCue(text: string): Cue | null {
  let strongest: Cue | null = null;
  for (const each of CUES) {
    if (each.confidence > (strongest?.confidence ?? 0) && each.pattern.test(text)) strongest = each;
  }
  return strongest;
}

function cue(type: ClaimType, confidence: number, patterns: readonly RegExp[]): Cue {
  const pattern = new RegExp(patterns.map((each) => each.source).join("|"), "i");
  return { type, confidence, pattern };
}
