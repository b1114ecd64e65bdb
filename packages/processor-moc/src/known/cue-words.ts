/** Words that tell a person's name from other names by what stands beside it. Data, used in the worker. Pure. */

/** Before a name; dropped from the name itself. */
export const TITLES = words(`
dr dr. mr mr. mrs mrs. ms ms. prof prof. professor doctor sir dame lord lady president senator judge justice king queen
prince princess pope saint rabbi reverend captain colonel general chancellor governor minister secretary mister miss madame
monsieur herr frau uncle aunt
`);

/** What a person is; in front of the name, or after it behind a comma. */
export const ROLES = words(`
activist actor actress advisor analyst anthropologist archaeologist architect artist astronaut astronomer author
banker biographer biologist boss botanist brother businessman businesswoman captain ceo cfo chairman chairwoman chef
chemist chief co-author co-founder coach coauthor cofounder colleague columnist comedian commander composer critic cto
curator dancer daughter designer developer diplomat director doctor economist editor engineer entrepreneur executive
expert explorer farmer father founder friend gardener geneticist governor guest heir historian host husband
immunologist inventor investor journalist laureate lawyer leader lecturer linguist manager master mathematician member
mentor monk mother musician neurologist neuropsychologist neuroscientist novelist nurse nutritionist officer
oncologist organizer owner painter paleontologist partner pediatrician philosopher photographer physician physicist
pilot pioneer playwright poet politician president priest prisoner producer professor programmer psychiatrist
psychologist psychotherapist publisher rabbi reporter researcher ruler sailor scholar scientist sculptor senator
singer sister sociologist soldier son statistician strategist student surgeon teacher theologian theorist trader
trainer virologist volunteer wife winner writer zoologist assistant blogger butcher carpenter clerk composer dentist detective driver electrician guide hero hunter
janitor judge landlord mayor mechanic midwife minister narrator neighbour neighbor nephew niece plumber policeman pope potter
prince princess queen king reader referee sergeant shopkeeper tailor therapist tutor uncle aunt vet waiter weaver witness
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
arrive become begin borrow bring build call co-found come create decide dedicate demonstrate design develop devise die
discover document dream drive earn eat escape feel fight find forget found give go graduate grow hate hear help hire
hope introduce invent invest invite join know laugh lead learn lend like listen live lose love marry measure meet mind
move name need notice paint persuade plan play practice practise prefer present promise publish quit raise realise
realize refuse reject retire return ride rise run save see sell send serve set show sign sit sleep smile start
struggle study suffer survey swear take train translate travel trust try turn understand visit wake walk want watch
win wish work worry
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
