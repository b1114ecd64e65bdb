/** Words too general to be a keyword, a tag or a topic. Data, used in the worker. Pure. */

/** Nouns that may stand for anything. */
export const GENERAL_NOUNS: ReadonlySet<string> = new Set(
  `
ability account action activity addition advice age amount answer anybody anyone anything area argument aspect attempt
attention audience author back base basis beginning bit body book bottom boy bunch call case cause century chance change
chapter choice claim class clip close comment company conclusion condition content conversation couple course date day deal
decade decision definition degree detail difference difficulty direction discussion doubt effect effort end episode error
event everybody everyone everything evidence example exception experience explanation eye face fact feeling field figure
file first focus form friend front fun function future gentleman girl goal good great ground group guest guy hand head heart
help history home host hour house idea image impact importance information instance instead issue item job key kid kind lack
lady language least length lesson let level life limit line list look lot love make man manner material matter maximum maybe
mean means measure meeting member mention mess mind minimum minute mistake moment month morning move name nature need news
night nobody none note nothing notion number object office one opinion opportunity option order other others page pair
paper part past people percent percentage perfect period person perspective phrase picture piece place plan play point
position possibility practice presence present price problem process product program progress project question quote range
rate reader reason reference regard relation report research response rest result return right role room rule same saying
second section sense sentence series session set shape show side sign sir situation size some somebody someone something
sort source speaker speech stage start state statement stay step stop story stuff style subject suggestion summary
sure system table take talk task term text thank thanks theme thing thinking third thought thousand time title today tomorrow
tonight top topic total transcript transcription truth try turn type understanding unit use user usual value variety
version video view viewer voice way week welcome while whole woman word work world year yes yesterday
podcast subscribe subscriber channel hundred million billion half dozen minute hello dear host national global international
introduction overview appendix note-taking minutes oh yeah okay wow gonna wanna kinda lots
`
    .trim()
    .split(/\s+/),
);

/** Adjectives that judge, count or compare: they name no kind of thing. */
export const PLAIN_ADJECTIVES: ReadonlySet<string> = new Set(
  `able actual amazing available average bad basic beautiful best better big bigger biggest certain classic clear close common
complete complicated concrete constant current different difficult direct early easy effective enough entire equal essential
exact excellent extra extreme fair familiar famous fantastic fast favorite favourite few final fine following former free
frequent full fundamental further general genuine good great greater greatest half happy hard helpful high higher highest huge
ideal important impossible incredible individual inherent initial interesting key large larger largest last late later latest
least less likely little local long longer low lower lowest main major many massive mere minor modern more most natural nearby
necessary new next nice normal obvious odd old older ongoing only open opposite ordinary original other overall own particular
past perfect personal plain poor popular possible potential powerful practical present previous primary prime proper quick
quiet random rare ready real recent regular related relative relevant right rough same second secondary separate serious
several severe short similar simple single slight slow small smaller smart sole solid special specific standard strange strict
strong subtle successful such sudden sure terrible third tiny top total true typical ultimate underlying unique unusual useful
usual valuable various vast weak weird well whole wide wonderful wrong young`.split(/\s+/),
);
