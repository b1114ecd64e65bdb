/** Well-known mental models: name, one line on what it says, other names it goes by. Data, used in the worker. Pure. */

/** One model of the seed list. Names are matched without case, apostrophes and hyphens. */
export interface KnownModel {
  readonly name: string;
  readonly description: string;
  readonly aliases: readonly string[];
}

/** A model a line: `name | description | alias, alias`. Names that are everyday words are left out on purpose. */
const TABLE = `
80/20 rule | A small share of causes brings about most of the results. | pareto principle, pareto rule, pareto distribution, eighty twenty rule, 80 20 principle
Abilene paradox | A group does what none of its members wanted, because nobody says so. |
Action bias | Preferring to do something over doing nothing, even where waiting is better. | bias for action, bias toward action, bias towards action
Activation energy | The push it takes to start; lower it and the rest follows. |
Affect heuristic | Judging risk and benefit by how one feels about the thing. |
Ambiguity effect | Avoiding choices whose odds are unknown. | ambiguity aversion
Anchoring | The first number or idea met pulls later estimates towards it. | anchoring bias, anchoring effect, anchoring heuristic
Antifragility | Some systems gain from disorder instead of merely surviving it. | antifragile
Arbitrage | Profiting from the same thing having two prices in two places. |
Authority bias | Giving too much weight to what someone in authority says. |
Availability heuristic | What comes to mind easily is taken to be common or likely. | availability bias, availability cascade
Barbell strategy | Combine the very safe with a little of the very risky and avoid the middle. |
Bayesian updating | Change a belief in proportion to the evidence, starting from what was likely before. | bayes theorem, bayes rule, bayesian reasoning, bayesian thinking, bayesian inference
Bikeshedding | Most time goes to what everybody understands, not to what matters. | law of triviality
Black swan | A rare event of great effect that seems predictable only afterwards. | black swan event, black swan events, black swans
Broken windows theory | Small visible signs of neglect invite more of it. |
Butterfly effect | In some systems a tiny change at the start makes a large one later. |
Bystander effect | The more people could help, the less each feels he must. |
Campbell's law | The more a figure decides, the more it is bent and bends what it measures. |
Chesterton's fence | Do not remove a thing before you know why it was put there. |
Choice overload | More options make choosing harder and less satisfying. | paradox of choice
Circle of competence | Know the edge of what you understand and stay within it. | circles of competence
Clustering illusion | Seeing a pattern in what chance put together. |
Cobra effect | A reward for solving a problem makes it worse. |
Cognitive dissonance | The discomfort of holding beliefs that conflict, often relieved by changing the easier one. |
Cognitive load | Working memory is small; what overfills it is not understood. | cognitive load theory
Commitment and consistency bias | Having taken a position, people act so as to stay true to it. | consistency bias, commitment bias, commitment and consistency
Comparative advantage | Everybody gains when each does what they give up least to do. |
Compound interest | Growth that is added to what grows, so that it speeds up with time. | compounding, compounding effect, power of compounding, compounding interest
Confirmation bias | Looking for and believing what supports the view one already has. |
Conway's law | A system's design mirrors the communication of the organisation that made it. |
Creative destruction | New ways of producing wear away the old ones that they replace. |
Critical mass | Beyond a threshold a process keeps itself going. |
Curse of knowledge | Who knows a thing can hardly imagine not knowing it. |
Decoy effect | A third, worse option makes one of two look better. |
Deliberate practice | Skill grows by focused work just beyond one's level, with feedback. |
Devil's advocate | Somebody argues the other side so that it is heard. | devils advocacy
Diminishing returns | Each further unit of effort brings less than the one before. | law of diminishing returns
Dunning-Kruger effect | The less skilled overrate themselves, because judging the skill takes the skill. |
Economies of scale | Making more makes each one cheaper. | economy of scale
Efficient market hypothesis | Prices already contain what is known, so they are hard to beat. | efficient markets hypothesis
Eisenhower matrix | Sort tasks by urgent and important, and mind the important ones that are not urgent. |
Emergence | A whole does what none of its parts does. | emergent behaviour, emergent behavior
Endowment effect | People value a thing more because it is theirs. |
Expected value | Weigh each outcome by its probability and add them up. | expected value thinking
Feedback loop | The result of a process acts back on it and strengthens or steadies it. | feedback loops, positive feedback loop, negative feedback loop
First-principles thinking | Reason up from what is certainly true instead of by analogy. | first principles, first principles reasoning, first principle thinking
Five whys | Ask why until the root of a problem shows. | 5 whys
Flywheel effect | Small pushes in one direction build momentum that keeps itself going. |
Forgetting curve | Memory fades fast at first and slowly later, unless it is renewed. | curve of forgetting
Framing effect | The same facts lead to other choices when they are put in other words. |
Free rider problem | Who cannot be left out has no reason to pay. | free riding
Fundamental attribution error | Explaining what others do by their character and too little by their situation. |
Galatea effect | People rise to what they expect of themselves. |
Gambler's fallacy | Believing that chance makes up for what it did before. | gamblers fallacy
Game theory | What is best for each depends on what the others do. |
Goodhart's law | When a measure becomes a target, it stops being a good measure. |
Groupthink | Wanting to agree makes a group stop thinking. |
Growth mindset | The belief that ability grows with effort and learning. | fixed mindset
Halo effect | One good trait makes everything else about a person or thing look good. | horn effect
Hanlon's razor | Do not put down to malice what carelessness explains. |
Hawthorne effect | People act differently when they know that they are watched. |
Hedonic treadmill | People return to their usual level of happiness after good and bad events. | hedonic adaptation
Herd behaviour | Doing what the many do because they do it. | herd mentality, herd behavior, herding behavior
Hick's law | The more choices, the longer the choosing takes. |
Hindsight bias | Once it has happened, it seems to have been obvious all along. |
Hofstadter's law | It takes longer than you expect, even when you take this law into account. |
Hyperbolic discounting | A smaller reward now beats a larger one later, more than is reasonable. | present bias
IKEA effect | People value more what they helped to make. |
Illusion of control | Believing that one influences what is left to chance. |
Incentives | People do what they are rewarded for. | incentive caused bias, perverse incentive, perverse incentives, incentive structure, incentive structures
Information asymmetry | One side of a deal knows more than the other. | asymmetric information, market for lemons
Inversion | Turn the problem round: ask what would bring failure, and avoid that. | invert always invert, always invert, principle of inversion, inversion thinking, mental model of inversion, thinking by inversion, inversion principle
Jevons paradox | Using a resource more efficiently can raise how much of it is used. |
Just-world hypothesis | Believing that people get what they deserve. | just world fallacy
Latticework of mental models | Ideas from many fields, held together so that each can check the others. | latticework of models, latticework
Law of large numbers | Averages of many trials come close to what is expected. | law of small numbers
Leverage points | Places in a system where a small push changes much. | leverage point
Lindy effect | What has lasted long is likely to last as long again. |
Local maximum | The best place nearby need not be the best there is. | local optimum, local maxima
Loss aversion | Losing hurts about twice as much as winning the same pleases. |
Lucas critique | People change what they do when policy changes, so old patterns do not hold. |
Man with a hammer syndrome | To one who has only a hammer, everything looks like a nail. | man with a hammer, law of the instrument, maslows hammer
Map is not the territory | A description is not the thing; it leaves things out. | map and territory, the map is not the territory
Margin of safety | Leave room for being wrong. | margins of safety
Matthew effect | Those who have get more. | accumulated advantage
Mere-exposure effect | What is familiar is liked better. | mere exposure
Metcalfe's law | A network's value grows with the square of its users. |
Moore's law | The number of transistors on a chip doubles about every two years. |
Moral hazard | Who does not bear the cost of a risk takes more of it. |
Mr. Market | Prices come from a moody partner whose offers one need not accept. | mister market
Murphy's law | What can go wrong will go wrong. |
Narrative fallacy | Making a story of events that had no plot. |
Negativity bias | Bad things weigh more than good ones. |
Network effect | A thing grows more useful with everyone who uses it. | network effects
Occam's razor | Of explanations that fit, prefer the one that assumes least. | ockhams razor, principle of parsimony
Opportunity cost | The price of a choice is the best thing given up for it. | opportunity costs
Optimism bias | Expecting things to go better than they do. |
Outcome bias | Judging a decision by how it turned out. |
Overconfidence bias | Being surer than one's accuracy allows. | overconfidence effect
Parkinson's law | Work fills the time there is for it. |
Path dependence | Where a system can go depends on how it came to be. | path dependency
Peak-end rule | An experience is remembered by its peak and its end. |
Peter principle | People are promoted until they reach what they cannot do. |
Placebo effect | Expecting help helps. |
Planning fallacy | Plans assume that things go well, so they take longer than planned. |
Precommitment | Bind yourself now so that you cannot give in later. | ulysses contract, ulysses pact, commitment device
Premortem | Imagine that the project failed, and ask why, before it starts. | pre mortem, project premortem
Principal-agent problem | Who acts for another has interests of his own. | agency problem
Prisoner's dilemma | Two who each do what is best for themselves both end up worse off. |
Prospect theory | People weigh gains and losses from a reference point, and losses weigh more. |
Pygmalion effect | People grow into what others expect of them. | rosenthal effect
Recency bias | What happened last weighs most. | recency effect
Reciprocity | A favour makes people want to return it. | reciprocation tendency, reciprocity principle, norm of reciprocity
Red Queen effect | One has to keep running to stay in the same place. | red queen hypothesis
Regression to the mean | After something extreme, the next is likely to be nearer to the average. | reversion to the mean, mean reversion
Scarcity principle | What is rare seems more valuable. | scarcity bias
Schelling point | What people choose without talking, because it stands out. | focal point
Second-order thinking | Ask what follows from what follows. | second order effects, second order effect, second order consequences, second level thinking
Self-fulfilling prophecy | A forecast that comes true because it was made. |
Signal and noise | Tell what carries information from what is chance. | signal to noise ratio, signal versus noise, signal from noise
Skin in the game | Who decides should share in what it costs. |
Social proof | Taking what others do as evidence of what is right. |
Spaced repetition | Reviewing just before forgetting keeps more with less work. | spacing effect, spaced practice
Status quo bias | Preferring things to stay as they are. |
Streetlight effect | Looking where it is easy to look. | drunkards search
Sunk cost fallacy | Going on because of what was already spent. | sunk cost, sunk costs, sunk cost bias, concorde fallacy
Survivorship bias | Learning only from those who came through, because the others are out of sight. |
Swiss cheese model | Harm happens where the holes of several defences line up. |
Systems thinking | See the parts of a whole by how they act on each other. |
Testing effect | Recalling a thing keeps it better than reading it again. | retrieval practice
Theory of constraints | A chain is as strong as its weakest link, so mend that one. |
Tipping point | The moment at which a slow change becomes a fast one. | tipping points
Tit for tat | Begin friendly, then do as the other did. |
Tragedy of the commons | What belongs to all is used up, because each gains and all pay. |
Tyranny of small decisions | Many small choices bring about what nobody would have chosen. |
Veil of ignorance | Judge a rule as if you did not know which place in it would be yours. |
Via negativa | Improve by taking away. |
Winner's curse | Who wins an auction tends to have overpaid. |
Zeigarnik effect | Unfinished tasks stay in mind. |
Zero-sum game | What one side wins the other loses. | zero sum games, zero sum thinking
`;

export const KNOWN_MODELS: readonly KnownModel[] = TABLE.trim().split("\n").map(parseLine);

function parseLine(line: string): KnownModel {
  const [name = "", description = "", aliases = ""] = line.split("|").map((part) => part.trim());
  return { name, description, aliases: aliases.split(", ").filter((alias) => alias !== "") };
}
