/** What is written with a capital and is no person: places, organisations, times, peoples, works. Data. Pure. */

/** Whole names (lower case) that are never a person. A name of one word counts only when it stands alone. */
const WHOLE = `
africa|alabama|alaska|america|amsterdam|antarctica|argentina|arizona|arkansas|asia|athens|atlanta|australia|austria|baltimore
bangalore|bangladesh|barcelona|beijing|belgium|berlin|boston|brazil|britain|brooklyn|brussels|budapest|california|cambodia
cambridge|canada|carolina|chicago|chile|china|cleveland|colombia|colorado|connecticut|copenhagen|cuba|dallas|delaware|delhi
denmark|denver|detroit|dubai|dublin|earth|egypt|england|ethiopia|europe|finland|florida|france|geneva|germany|ghana|greece
hamburg|harvard|hawaii|hollywood|hong kong|houston|hungary|iceland|idaho|illinois|india|indiana|indonesia|iowa|iran|iraq
ireland|israel|istanbul|italy|jakarta|jamaica|japan|jerusalem|jupiter|kansas|kentucky|kenya|korea|kyoto|las vegas|lebanon
lisbon|london|los angeles|louisiana|madrid|maine|malaysia|manhattan|mars|maryland|massachusetts|mecca|melbourne|mercury
mexico|miami|michigan|milan|minneapolis|minnesota|mississippi|missouri|montana|montreal|morocco|moscow|mumbai|munich|nebraska
nepal|netherlands|nevada|new hampshire|new jersey|new mexico|new orleans|new york|new york city|new zealand|nigeria
north america|north carolina|north dakota|norway|ohio|oklahoma|omaha|ontario|oregon|oxford|pakistan|paris|pennsylvania|peru
philadelphia|philippines|phoenix|pittsburgh|poland|portland|portugal|prague|princeton|quebec|rhode island|rio de janeiro|rome
russia|sacramento|salt lake city|san diego|san francisco|san jose|sao paulo|saudi arabia|scotland|seattle|seoul|shanghai
siberia|sicily|silicon valley|singapore|south africa|south america|south carolina|south dakota|south korea|spain|stanford
stockholm|sweden|switzerland|sydney|taiwan|tel aviv|tennessee|texas|thailand|tibet|tokyo|toronto|turkey|ukraine|united kingdom
united nations|united states|united states of america|utah|vancouver|venice|venus|vermont|vienna|vietnam|virginia|wales
wall street|warsaw|washington|west virginia|wisconsin|wyoming|yale|zurich
adobe|airbnb|alibaba|alphabet|amazon|american express|anthropic|apple|arxiv|barclays|bell labs|berkshire|berkshire hathaway
bitcoin|blackrock|bloomberg|boeing|cern|chrome|cisco|citigroup|coca-cola|coursera|credit suisse|deepmind|deutsche bank|disney
docker|ebay|enron|ethereum|excel|exxon|exxon mobil|facebook|fannie mae|ford motor|freddie mac|general electric|general motors
gillette|git|github|goldman|goldman sachs|google|gmail|hacker news|hewlett packard|hugging face|ibm|ikea|instagram|intel
iphone|ipad|java|javascript|johnson & johnson|jp morgan|jpmorgan|kickstarter|kubernetes|lehman|lehman brothers|linkedin|linux
lockheed martin|macintosh|mcdonalds|mckinsey|medium|merrill lynch|meta|microsoft|morgan stanley|mozilla|nasa|nasdaq|netflix
nike|nintendo|nokia|notion|nvidia|obsidian|openai|oracle|palantir|patreon|paypal|pepsi|pfizer|pixar|procter gamble|python
qualcomm|quora|reddit|rolls royce|roche|rust|salesforce|samsung|shell|shopify|siemens|slack|snapchat|sony|spacex|spotify
stack overflow|standard oil|starbucks|stripe|substack|target|tesla|tiktok|toyota|tumblr|twitter|typescript|uber|unicef|unix
visa|volkswagen|walmart|wells fargo|whatsapp|wikipedia|windows|wordpress|yahoo|youtube|zoom
bible|christ|christmas|cold war|easter|god|great depression|holocaust|internet|islam|koran|lord|middle ages|quran|ramadan
renaissance|thanksgiving|torah|web|world war|world war i|world war ii|world wide web|zen
`;

/** A name with one of these words (lower case) in it names an institution, a place or a thing. */
const THING_WORDS = `
academy act agency airlines airport almanac almanack amendment army association avenue award awards bank bay beach bias board
book boulevard brothers building bureau business capital cathedral center centre chapter church city class club coast college
commission committee community company conference congress consulting corp corporation council county court curve
department depression desert dilemma district division economics economy edition effect empire enterprises episode era
exchange fallacy federal fellowship festival figure finance financial force forest forum foundation fund gazette global
government group guide hall harbor heuristic high highway hill hills holdings hospital hotel house inc index industries
initiative institute international island islands journal kingdom lab laboratories laboratory labs lake law law league
lecture library limited llc ltd machine magazine management market media memorial method ministry model models motors mount
mountain mountains movement museum national navy network news ocean office olympics organization organisation page paradox
park part partners party peninsula pen platform plan point port post press prize principle problem program project
publishing radio railway razor reform reich republic research review revolution river road rule school schools science
sciences sea section security senate series services society software solutions square state states station store street
studies studio studios summit supreme syndrome system systems table team tech technologies technology temple territory test
theorem theory times tower trail treaty tribune trust union united university valley village volume war week weekly work
works world
`;

/** Months, days, peoples, languages, faiths, and words that head a sentence: never part of a person's name when alone. */
const TIMES_AND_PEOPLES = `
january february march april may june july august september october november december monday tuesday wednesday thursday
friday saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn winter am pm
african american americans arab arabic argentine asian australian austrian belgian brazilian british buddhist canadian
catholic chinese christian christians danish dutch egyptian english european europeans finnish french german germans greek
greeks hebrew hindu hispanic hungarian indian irish islamic israeli italian japanese jew jewish jews korean latin mexican
muslim muslims norwegian persian polish portuguese protestant roman romans russian russians scottish spanish swedish swiss
taoist thai turkish ukrainian vietnamese welsh western eastern northern southern stoic stoics stoicism buddhism christianity
ai api ceo cfo cto faq gdp gpu html ok okay pdf phd tv uk url us usa eu un hi hello hey yes no oh well so then now today
yesterday tomorrow thanks thank welcome dear please chapter figure table section part note notes speaker host guest
interviewer question answer mom dad mum mommy daddy grandma grandpa sir madam ladies gentlemen internet web
`;

export const NOT_PEOPLE: ReadonlySet<string> = new Set([
  ...WHOLE.trim().split(/[|\n]/),
  ...list(TIMES_AND_PEOPLES),
]);
export const THING_IN_NAME: ReadonlySet<string> = new Set(list(THING_WORDS));
export const TIME_OR_PEOPLE: ReadonlySet<string> = new Set(list(TIMES_AND_PEOPLES));

function list(text: string): string[] {
  return text.trim().split(/\s+/);
}
