/** Given names common in English texts, from many languages. Evidence, never proof. Data, used in the worker. Pure. */

const NAMES = `
aaron abdul abigail abraham ada adam adele adrian agnes ahmed aidan aisha akira alan albert alberto alejandro alec alex
alexander alexandra alexei alexis alfred ali alice alicia alison allan allen allison alvin amanda amar amartya amber
amelia amina amir amit amos amy ana anand anastasia anders andre andrea andreas andrei andrew andy angela angelo angus
anil anita anjali ann anna anne annie anthony antoine anton antonio anwar april archie ariana ariel arjun arnold arthur
arun arvind asha ashley astrid audrey august aung austin ava avery ayn barack barbara barry bart beatrice becky ben
benedict benjamin benoit bernard bernhard bernie bert beth betty bill billy bjorn blaise bob bobby boris brad bradley
brandon brenda brendan brene brent brett brian bridget britney bruce bruno bryan byron caleb calvin cameron camille
carl carla carlo carlos carmen carol caroline carolyn carter casey catherine cathy cecilia cesar chad charles charlie
charlotte chen cheryl chiara chloe chris christian christina christine christoph christopher chuck cindy claire clara
clarence claude claudia clayton clifford clint clive clyde cody colin connor conrad constance corey cornelius craig
cristina curtis cynthia cyrus daisy dale damian damien dan dana daniel daniela danielle danny dario darius darren dave
david dawn dean deb deborah debra deepak dennis derek desmond diana diane diego dieter dimitri dirk dmitri dolores
dominic don donald donna doris dorothy doug douglas duncan dustin dwight dylan earl ed eddie edgar edith edmund eduardo
edward edwin eileen elaine eleanor elena eli elias elijah elinor elisabeth elizabeth ella ellen elliot elliott elon
elsa emil emily emma emmanuel enrico enrique eric erica erich erik erin ernest ernst erwin esther ethan eugene eva
evan eve evelyn fabian fatima federico felix ferdinand fernando fiona flora florence frances francesca francesco
francis francisco franco francois frank franklin franz fred freddie frederic frederick friedrich gabriel gabriela gail
garrett gary gavin gene geoffrey george georgia gerald gerard gerd gertrude giles gillian gina giovanni giuseppe glen
glenn gloria gordon grace graham grant greg gregory greta guido guillaume gunther gus gustav guy hal hank hanna hannah
hans harold harriet harrison harry harvey hassan hector heidi helen helena helga henri henry herbert herman hermann hillary
hiroshi holly homer hope howard hugh hugo humphrey hussein ian ibrahim ida ignacio igor ike imran indira ingrid ira
irene iris irving isaac isabel isabella isaiah ivan ivy jack jackie jackson jacob jacqueline jacques jade jaime jake
jamal james jamie jan jane janet janice jared jasmine jason javier jay jean jeanne jeff jeffrey jennifer jenny jens
jeremy jerome jerry jesse jessica jill jim jimmy jo joachim joan joanna joao joe joel johan johann johanna johannes
john johnny jon jonas jonathan jordan jorge jose josef joseph josh joshua joy joyce juan juanita judith judy julia
julian juliana julie juliet julio julius jun june jurgen justin kaitlyn kamala karen karim karin karl kate katherine
kathleen kathryn kathy katie kay keith kelly ken kenneth kenji kevin khalid kim kimberly kiran klaus kofi konrad kris
kristen kristin kumar kurt kyle lana lance larry lars laszlo laura lauren laurence laurent lawrence leah lee leila len
lena leo leon leonard leonardo leonid leroy leslie lev lewis li liam lily linda lindsay linus lionel lisa liu liz lloyd
logan lois lorenzo loretta lori lorraine louis louisa louise luc lucas lucia lucian luciano lucy ludwig luigi luis luiz
luke lydia lynn mackenzie madeleine madison maggie mahmoud malala malcolm manuel marc marcel marcia marco marcus
margaret maria mariana marianne marie marilyn mario marion marissa marjorie mark markus marlene marsha marshall martha
martin martina marvin mary masha mathew mathias matt matteo matthew matthias maureen maurice mauricio max maxim maxine
maya mehmet mei mel melanie melinda melissa melvin meredith michael michel michele michelle miguel mihaly mikael mike
mikhail miles milton ming miranda miriam mitch mitchell mohamed mohammad mohammed moira molly mona monica morgan
moritz morris moses muhammad murray myron nadia nancy naomi narendra nassim natalia natalie natasha nate nathan
nathaniel neil nell nelson niall nicholas nick nicolas nicole niels nigel nikita nikola nina noah noam noel nora norbert
norma norman octavia odette olaf oleg olga oliver olivia omar orlando oscar oskar otto owen pablo paige pamela paolo
pascal pat patricia patrick paul paula pauline pavel pedro peggy penelope percy perry pete peter petra phil philip
philippe phillip phoebe phyllis pierre pieter piotr polly prakash pranav priya quentin quincy rachel rafael raghuram
rahul raj rajesh rajiv ralph ramesh ramon randall randy raphael rashid ravi ray raymond rebecca reed regina reid rene
renee reza ricardo richard rick ricky rita rob robert roberta roberto robin rochelle rod rodney rodrigo roger rohan
roland rolf roman ron ronald rory rosa rosalind rose rosemary ross roxanne roy ruben rudolf rudy rufus rupert russ
russell ruth ryan sabrina sachin sadie sal sally salman sam samantha samir samuel sanders sandra sandy sanjay santiago
sara sarah satya saul scott sean sebastian sergei sergey sergio seth seymour shane shannon sharon shaun shawn sheila
shelby sheldon sherry sheryl shirley sidney siegfried sigmund simon simone sofia sol solomon sonia sophia sophie soren
srinivas stacy stan stanislav stanley stefan stella stephan stephanie stephen steve steven stewart stuart sue sumit
sunil sundar suresh susan susanna suzanne svetlana sven sylvia tamar tamara tanya tara tariq tatiana ted terence teresa
terrence terry thelma theo theodor theodore theresa thomas tiffany tim timothy tina tobias todd tom tomas tommy toni
tony tracy travis trevor tristan tyler umberto ursula valentina valerie vanessa vera vernon veronica vicki victor
victoria vijay vikram vincent viola violet virginia vivian vladimir walt walter wanda warren wayne wei wendell wendy
werner wes wesley wilbur wilfred wilhelm will willa william willie winston wolfgang woodrow xavier yann yasmin yitzhak
yoko yolanda yoshua yuri yusuf yves yvette yvonne zach zachary zadie zainab zhang zoe zoltan
`;

/** Given names that are also everyday words: no evidence at all in a text without capitals. */
const ALSO_WORDS = `
april august carol chad chase christian cliff dale dawn dean drew earl faith frank gene grace grant guy hal hope iris ivy
jack jade jan jay joy june ken lance lee lily mark may max miles norm olive pat penny ray reed rich rob robin rod rose
ruby sage sal sandy skip sol sue summer tony van victor viola violet wade will
`;

/** Short forms and what they stand for, so that "Charlie Munger" and "Charles Munger" are one person. */
const SHORT_FORMS = `
al:albert alex:alexander andy:andrew ben:benjamin bernie:bernard bill:william bob:robert charlie:charles chris:christopher
chuck:charles dan:daniel danny:daniel dave:david dick:richard don:donald doug:douglas ed:edward fred:frederick
greg:gregory jeff:jeffrey jerry:gerald jim:james jimmy:james joe:joseph jon:jonathan josh:joshua kate:katherine ken:kenneth
larry:lawrence liz:elizabeth matt:matthew mike:michael nate:nathaniel nick:nicholas pat:patrick pete:peter phil:philip
ray:raymond rick:richard rob:robert ron:ronald sam:samuel steve:steven stephen:steven sue:susan ted:theodore tim:timothy
tom:thomas tony:anthony walt:walter will:william zach:zachary
`;

/** People known by one name. */
const ONE_NAME = `
archimedes aristotle avicenna beethoven buddha caesar cicero cleopatra confucius copernicus darwin descartes einstein
epictetus epicurus erasmus euclid euler feynman freud galileo gandhi goethe hegel heraclitus hippocrates homer jesus
kafka kant keynes kepler kierkegaard leibniz machiavelli marx michelangelo montaigne mozart muhammad napoleon newton
nietzsche pascal picasso plato plutarch popper pythagoras rousseau schopenhauer seneca shakespeare socrates spinoza
tocqueville tolstoy voltaire wittgenstein
`;

export const FIRST_NAMES: ReadonlySet<string> = words(NAMES);
export const FIRST_NAMES_ALSO_WORDS: ReadonlySet<string> = words(ALSO_WORDS);
export const ONE_NAME_PEOPLE: ReadonlySet<string> = words(ONE_NAME);
export const LONG_FORMS: ReadonlyMap<string, string> = new Map(
  [...words(SHORT_FORMS)].map((pair) => pair.split(":") as [string, string]),
);

function words(text: string): Set<string> {
  return new Set(text.trim().split(/\s+/));
}
