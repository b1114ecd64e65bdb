/** Words that tell a person's name from other names by what stands beside it. Data, used in the worker. Pure. */

/** Before a name; dropped from the name itself. */
export const TITLES = words(`
dr dr. mr mr. mrs mrs. ms ms. prof prof. professor doctor sir dame lord lady president senator judge justice king queen
prince princess pope saint rabbi reverend captain colonel general chancellor governor minister secretary mister miss madame
monsieur herr frau uncle aunt
`);

/** What a person is; in front of the name, or after it behind a comma. */
export const ROLES = words(`
activist actor actress advisor analyst anthropologist architect artist astronomer author banker biographer biologist
boss brother businessman businesswoman ceo cfo chairman chairwoman chemist coach co-author co-founder coauthor cofounder colleague
columnist comedian composer cto daughter designer developer director doctor economist editor engineer entrepreneur
executive expert father founder friend geneticist guest historian host husband inventor investor journalist laureate
lawyer leader lecturer linguist manager mathematician mentor mother musician neuroscientist neurologist novelist officer
owner painter partner pediatrician philosopher photographer physician physicist pioneer playwright poet politician
president producer professor programmer psychiatrist psychologist publisher researcher scholar scientist sister
sociologist son statistician strategist student teacher theorist trader wife winner writer
`);

/** Done with words, by people far more often than by firms. */
export const SPEECH_VERBS = words(`
add admit advise agree answer argue ask believe call claim coin comment complain conclude confess criticise criticize
declare describe discuss emphasise emphasize explain insist joke lecture mention note observe point popularise popularize
propose quip quote recall recommend remark remember remind reply say speak suggest summarise summarize talk teach tell
think urge warn write
`);

/** Done by people, though not only by them. */
export const HUMAN_VERBS = words(`
become begin build co-found create decide demonstrate design develop devise die discover document dream earn feel find found graduate grow hate
help hope introduce invent invest invite measure join know laugh lead learn like live lose love marry meet name notice play practise practice
present prefer publish realise realize refuse reject retire return run sell serve show sit start study survey train translate
travel understand visit walk want win wish work worry
`);

/** A name straight after one of these is likely to be a person's. */
export const LEAD_INS = words(
  `by with says said asks asked wrote writes argues hi hello hey thanks named`,
);

/** Places and things follow these; people seldom do. */
export const PLACE_PREPOSITIONS = words(`in at near across throughout outside inside around via`);

/** Small words inside a name. */
export const NAME_PARTICLES = words(
  `van von de da der den del della di du la le bin ibn al el ten ter`,
);

/** A noun that makes the name before it the name of an idea: "the Lindy effect". */
export const IDEA_NOUNS = words(`
bias curve dilemma effect fallacy fence heuristic hypothesis law laws matrix model paradox principle principles razor rule
syndrome theorem theory method
`);

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
