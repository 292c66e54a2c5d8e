//! The words that tell the parts of a citation apart, in the languages notes are written in.
//!
//! All lists hold folded words (see [`crate::fold`]). They are generic on purpose: there is no list
//! of newspapers or publishers, only of what such names are made of.

use std::collections::HashMap;
use std::sync::LazyLock;

pub(super) use crate::fold::one_of;
use crate::fold::{ByFnv, Words};

/// Phrases of folded words, found by their first word.
pub(super) struct Phrases(HashMap<&'static str, Vec<&'static str>, ByFnv>);

impl Phrases {
    fn new(phrases: &'static str) -> Self {
        let mut map: HashMap<_, Vec<_>, ByFnv> = HashMap::default();
        for phrase in phrases.split('|').map(str::trim) {
            map.entry(phrase.split(' ').next().unwrap_or_default()).or_default().push(phrase);
        }
        Phrases(map)
    }

    /// The phrases that begin with this word.
    pub(super) fn beginning_with(&self, word: &str) -> &[&'static str] {
        self.0.get(word).map_or(&[], Vec::as_slice)
    }
}

/// What may open a citation: *see also*, *cf.*, *vgl. auch*, *si veda*.
pub(super) static SIGNALS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(SIGNALS_LIST));
const SIGNALS_LIST: &str = "see | see also | see e g | see eg | see for example | see for instance | see in particular | \
     see especially | see further | see also for example | see generally | see inter alia | \
     see among others | but see | but see also | but cf | cf | cf also | cfr | cfr anche | cp | \
     compare | compare also | contra | also | also see | e g | eg | i a | inter alia | for example | \
     for instance | accord | per | quoted in | cited in | reported in | reprinted in | as quoted in | \
     as cited in | as reported in | quoted by | cited by | cited after | source | sources | and | \
     and also | as well as | or | on this | on this point | in this regard | among others | \
     most recently | more recently | notably | in particular | especially | in | from | by | \
     following | based on | adapted from | according to | vgl | vgl auch | vgl dazu | vgl etwa | \
     vgl z b | kritisch | kritisch dazu | kritisch hierzu | eingehend dazu | grundlegend dazu | siehe | siehe auch | siehe dazu | siehe etwa | siehe hierzu | siehe z b | s | s a | \
     s auch | so | so auch | so etwa | etwa | dazu | dazu auch | dazu etwa | dazu naher | \
     dazu naher etwa | naher | naher dazu | naheres bei | ausfuhrlich | ausfuhrlicher bei | \
     ausfuhrlich dazu | hierzu | ebenso | anders | zitiert nach | zit nach | z b | beispielsweise | \
     auch | si veda | si vedano | si veda anche | si veda ad esempio | vedi | vedi anche | v | \
     v anche | vd | cosi | ad esempio | ad es | per esempio | citato in | cit in | cit en | cit dans | cit por | tra gli altri | \
     sul punto | in proposito | voir | voir aussi | voir notamment | voir par exemple | \
     voir egalement | v aussi | v notamment | cite par | cite dans | ainsi | par exemple | \
     sur ce point | vease | vease tambien | vease por ejemplo | veanse | ver | ver tambien | vid | \
     por ejemplo | citado en | citado por | veja | veja-se | ver por exemplo | zie | zie ook | se | \
     se aven | por | zob | por exemplo";

/// Signals that open a new citation even in the middle of a sentence.
pub(super) static STRONG_SIGNALS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(STRONG_SIGNALS_LIST));
const STRONG_SIGNALS_LIST: &str = "see | see also | but see | see e g | see for example | cf | cf also | cfr | cfr anche | compare | \
     vgl | vgl auch | siehe | siehe auch | si veda | si veda anche | vedi | vedi anche | voir | \
     voir aussi | vease | vease tambien | zie | zie ook | ver tambien";

/// What comes before the day on which somebody read a page.
pub(super) static ACCESS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(ACCESS_LIST));
const ACCESS_LIST: &str = "accessed | accessed on | accessed at | last accessed | last accessed on | date accessed | \
     date of access | access date | access | accessed date | viewed | viewed on | last viewed | \
     visited | visited on | last visited | last visit | last visited on | last checked | \
     last consulted | consulted | consulted on | retrieved | retrieved on | last retrieved | read | \
     checked | as of | cited | seen | accessibility verified | downloaded | downloaded on | \
     last download | available since | assessed | assessed on | acessed | accesed | abgerufen | \
     abgerufen am | zuletzt abgerufen | zuletzt abgerufen am | letzter abruf | letzter abruf am | \
     abruf | abruf am | abruf vom | aufgerufen am | zuletzt aufgerufen | zuletzt aufgerufen am | \
     zugriff | zugriff am | zugriff vom | letzter zugriff | letzter zugriff am | zugegriffen | \
     zugegriffen am | besucht am | zuletzt besucht | zuletzt besucht am | eingesehen am | \
     zuletzt eingesehen am | gesehen am | stand | stand vom | letzter aufruf | letzter aufruf am | \
     zuletzt gepruft am | heruntergeladen am | consultato | consultato il | consultata il | \
     consultati il | ultima consultazione | ultima consultazione il | ultimo accesso | \
     ultimo accesso il | accesso | accesso il | visitato il | visionato il | consultazione | \
     data di consultazione | ultima visita | verificato il | consultabile il | consulte | \
     consulte le | consultee le | consultes le | page consultee le | site consulte le | \
     derniere consultation | derniere consultation le | acces | acces le | dernier acces | \
     dernier acces le | visite le | vu le | lu le | consultado | consultado el | consultada el | \
     consultado a | consultado em | consulta | fecha de consulta | ultima consulta | acceso | \
     acceso el | ultimo acceso | ultimo acceso el | acesso | acesso em | acessado em | acedido em | \
     visitado el | recuperado el | consulta realizada el | fecha de acceso | revisado el | \
     geraadpleegd | geraadpleegd op | laatst geraadpleegd | hamtad | hamtad den | besokt | lest | \
     dostep | data dostepu | citovano | pristup | luettu | tilgaet | erisim | erisim tarihi | \
     data obrashcheniya | дата обращения";

/// What stands for the authors who are not named.
pub(super) static AND_OTHERS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(AND_OTHERS_LIST));
const AND_OTHERS_LIST: &str = "et al | and others | et alii | et alia | und andere | e altri | et autres | y otros | u a | \
     and al | and colleagues | en al";

/// The same work as cited somewhere before.
pub(super) static BACK: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(BACK_LIST));
const BACK_LIST: &str = "op cit | opcit | loc cit | loccit | art cit | a a o | aao | ob cit | o c | cit | citato | supra | \
     above | ante | oben | sopra | ci-dessus | infra | below | unten | vorige";

/// What introduces a URL and belongs to no field.
pub(super) static LEAD_INS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(LEAD_INS_LIST));
const LEAD_INS_LIST: &str = "available | available at | available from | available on | available online | \
     available online at | available here | availble at | retrieved from | url | at | at url | \
     online | online at | online edition | web | website | internet | link | from | via | \
     accessible at | accessible from | also available at | archived | archived at | archived from | \
     archived from the original | archived version | in | archive | archived copy | archived on | \
     permalink | perma | found at | can be found at | downloadable at | download | see | on line | \
     last modified | last updated | updated | modified | first published | published online | \
     verfugbar | verfugbar unter | abrufbar | abrufbar unter | online unter | unter | im internet | \
     online abrufbar unter | erhaltlich unter | archiviert | archiviert unter | \
     online verfugbar unter | disponibile | disponibile su | disponibile all'indirizzo | \
     disponibile in | consultabile su | consultabile | reperibile | reperibile su | in rete | \
     archiviato | disponible | disponible sur | disponible a l'adresse | disponible en | \
     disponible em | en ligne | en linea | em linha | disponivel em | disponivel | recuperado de | repere a | repere sur | recupere de | retirado de | obtenido de | tomado de | extraido de | \
     consultable sur | accessible sur | archive sur | archivado en | beschikbaar op | tillganglig | \
     doi | hdl | urn | < | e-source";

/// What stands between a title and the work that holds it.
pub(super) static IN: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(IN_LIST));
const IN_LIST: &str = "in | dans | en | em | nel | nella | nello";

/// What may only stand in the tail of a citation: volume, pages, edition, part.
const TAIL: &str = "vol vols volume volumes no nos nr num number numero num n° issue iss bd band heft h jg jahrg pp p pg pgs page pages pag pags s seite seiten ss \
     col cols fol ff sq sqq art arts ch chap chapter cap kap tome tom t fasc suppl supplement para paras \
     ed eds edn edition editions aufl auflage edited edition editor editors hrsg hg herausgegeben trans translated translation tr trad traduction traduzione ubers übers \
     isbn issn doi pmid arxiv forthcoming accepted submitted preprint available accessed retrieved phd ph thesis dissertation diss \
     report technical unpublished mimeo manuscript rev reprint repr reprinted printed compiled presented paper";

/// What persons' names never hold and bodies' names often do.
const BODY: &str = "abteilung academy administration advisory agence agency agenzia akademie alliance ambassade amt army assembly assemblee association associazione authority autorita \
     bank banca banco bbc board bureau bundesamt bundesregierung bundesministerium bundestag cabinet camera center centre centro chamber church coalition college comitato comite comision comissao commission commissione commissioner \
     committee community company conference confederation congress conseil consejo consiglio consortium consulate cooperation corporation corps council cour court coordination corte delegation dipartimento \
     department departement departamento direction directorate division ecb embassy enterprise ecosystem europarat executive facility federation federal federazione fondation fondazione forces forum foundation fund fundacion \
     gesellschaft gmbh gouvernement government governo gobierno governorate group groupe gruppe gruppo gov herald house inc industries industry inspectorate institut institute institution institutions instituto istituto instituut \
     initiative international joint kommission kremlin laboratory league library lab ltd llc llp maison media ministere ministerio ministerium ministero ministry mission monitor museum nato nation nations national network news newsroom \
     observatoire observatory observatorio office oecd ohchr organisation organization organizzazione osce osservatorio osw parliament parlament parlamento parlement partei partito partnership party police presidency \
     presidence presidencia presidenza press project programme program prime presidium rat regierung registry republic research school secretariat secretary senat senate senato service services society societe societa \
     staff stiftung statistics staff state states statistical statistik statistisches supreme team times treasury tribunal trust un undp unhcr unicef union unione united universita universitat universite universidad university usaid \
     verband verein wto who working world zentrum watch amnesty embassy minister ministers president's office's council's mfa ustr nsc eu eeas european ecfr iaea imf iom acled";

/// What law and other unsigned texts begin with or hold.
const LAW: &str = "act acts regulation regulations directive directives decreto-ley decreto-legge treaty convention protocol resolution decision decree law statute statutes constitution charter code ordinance order bill \
     agreement verordnung richtlinie gesetz vertrag beschluss urteil regolamento direttiva trattato decreto legge sentenza reglement directive traite decret loi arret reglamento directiva tratado ley decreto sentencia \
     judgment judgement opinion communique declaration recommendation proclamation memorandum";

/// Words that a person's name does not hold though they may begin with a capital letter.
const NOT_A_NAME: &str = "the a an on in of at by for from with to and or but nor as is are was were be been has have had do does did would can could should might must how why what when where who whom whose which \
     this that these those there it its they their we our you your he she his her i new toward towards under over after before between beyond against about into within without during not no yes more most less \
     all some any every each other another both such only also even still just if then than because while since until although though \
     der die das des dem den ein eine einer eines einem zur zum im vom am auf aus bei mit nach ueber uber unter vor zwischen gegen fur und oder nicht wie was wer warum ist sind wird werden zu als auch \
     il lo la gli le un uno una dei delle degli della dello del dal dalla nel nella tra fra su sul sulla come perche cosa che non e o \
     les une des du au aux dans sur sous avec sans pour entre vers comment pourquoi qui que quoi est sont et ou ce cette ces \
     el los las unos unas al en sin para por entre sobre como cuando donde porque que quien y o \
     het een van de \
     history introduction essay essays theory politics war peace law social political international economic cultural modern review journal report press book books handbook \
     state power policy policies democracy security europe european american africa asia russia ukraine china history world studies study analysis science research system systems methods method \
     january february july august september october november december monday tuesday wednesday thursday friday saturday sunday \
     fact sheet statement remarks resolution conclusions declaration speech address opening joint readout transcript briefing update outlook strategy strategic conference interview \
     see cf ibid idem id vgl siehe vedi voir source sources note notes table figure online available accessed retrieved department university";

/// Small words inside a person's name.
const PARTICLES: &str = "de del della delle degli dei di da do dos das du d van von vom zu zur der den ter ten te la le les el al bin ibn abu af av y e und ben st san santa i";

/// Before a full stop these do not end a sentence.
const ABBREVIATIONS: &str = "vol vols ed eds edn trans hrsg hg et al st dr prof mr mrs ms jr sr vs v cf viz approx ca ser suppl univ dept inst assoc corp bros acad proc conf symp trans sci soc rev int natl intl am appl engl eng math phys chem biol med clin exp comm commun comput mech \
     technol stat theor lett ann bull arch res environ geophys geol opt electr electron nucl fig gen gov sen rep hon rev lt col capt sgt maj bd aufl jg jahrg ver ebd vgl bzw bspw ggf usw ua ders dies insb insbes verf aa ao anm op cit loc nn tit par lit lett ord \
     pub stat wash phila balt chi jan feb mar apr jun jul aug sep sept oct nov dec okt dez fevr janv juil avr gen febb mag giu lug ago sett ott dic ene mss ms dir coord pref intro introd c ch chap cap cc pt pts para paras sec secs sect ad es ecc etc esp inc ltd co llc u.s u.k e.g i.e z.b d.h nat zeitschr ztschr chr abt abs hist ges schr philol psychol sociol econ polit ling lit j jb jbb beitr trad ital amer brit can austr eur europ proceed transl diss tr n p pp s ss art arts nr no nos nn num sq sqq ff fol col f";

/// Before a number these do not end a sentence.
const NUMERIC: &str = "no nos nr num vol vols p pp pag pags s ss art arts ch chap cap bd band h heft jg t tome fig figs sec para n nn ser series pt part iss issue jan feb mar apr jun jul aug sep sept oct nov dec anm fn rn rz abs nota note tab table kap";

/// What journals, proceedings and newspapers have in their names.
const PERIODICAL: &str = "journal j journals review rev revue rivista revista rivue zeitschrift jahrbuch archiv archives archive annals annales annalen annual bulletin bull proceedings proc transactions trans letters lett quarterly \
     magazine times post guardian gazette herald tribune chronicle daily weekly monthly news newspaper newsletter blog conference conf symposium symp workshop congress meeting notes acta advances studies yearbook \
     monitor observer mercury mercure giornale quaderni cahiers studi studies zeitung blatt nachrichten magazin giornale corriere jornal diario correio gazeta folha le international computing physics chemistry biology nature science lancet ieee acm lncs";

/// What publishers have in their names.
const PUBLISHER: &str = "press pub publ publishers publisher publishing publications publication books verlag verl editions edition edizioni editore editrice editorial editora edicoes ediciones presses university universita universitat universite wiley springer elsevier routledge \
     macmillan palgrave penguin blackwell sage academic hall mcgraw-hill mcgraw norton harper prentice prentice-hall addison-wesley addison birkhauser kluwer reidel brill mouton gruyter oup cup mit gallimard seuil suhrkamp mulino einaudi laterza nomos mohr beck duncker \
     co sons inc ltd gmbh institute institution foundation association society college company house books imprint";

/// Cities that publish or from which statements are dated. A place is no container.
const PLACES: &str = "aix albany amherst amiens ancona arles augsburg bamberg bergamo bremen brescia caen cagliari catania cardiff cordoba dijon evanston ferrara giessen granada graz halle hildesheim kassel klagenfurt lecce lille linz macerata malaga mannheim messina modena montpellier murcia nantes oviedo paderborn pamplona parma pavia perugia poitiers ravenna rende rennes rostock salamanca salerno sevilla siena soveria swansea treviso udine urbana verona vicenza weilerswist wuppertal zaragoza \
     abingdon aldershot bari cheltenham farnham hoboken lanham northampton abuja accra addis amman amsterdam ankara antwerp antwerpen athens austin baden-baden baghdad baku baltimore bangkok barcelona basel basingstoke beijing beirut belfast belgrade belmont berkeley berlin bern bielefeld bilbao bloomington bochum bogota bologna bonn bordeaux boston boulder \
     bratislava brighton brisbane bristol brussels bruxelles bruxelas brussel brussel brussels bucharest budapest buenos cairo cairns cambridge canberra caracas cham chicago chisinau cologne copenhagen cracow dakar dallas damascus darmstadt delhi denver detroit dhaka doha dordrecht dortmund dresden dublin durham dusseldorf \
     edinburgh erevan essen exeter firenze florence frankfurt freiburg geneva geneve genf genoa genova ghent glasgow goettingen gottingen grenoble hague hamburg hannover hanoi hanover harare harmondsworth havana heidelberg helsinki hillsdale hobart houston indianapolis innsbruck ipswich islamabad istanbul ithaca \
     jakarta jena jerusalem johannesburg kabul karlsruhe kathmandu khartoum kiel kiev koln konstanz koeln krakow kyiv kyoto lagos lausanne leeds leicester leiden leipzig leuven lexington lima lisbon lisboa liverpool ljubljana london londres londra louvain lugano luxembourg lyon madison madrid mahwah mainz malden manchester manila marburg marseille \
     melbourne mexico miami milan milano minneapolis minsk moscow moskva munchen munich munster nairobi nancy napoli naples nashville neuwied newark nicosia nijmegen norwood nottingham nurnberg oakland opladen oslo ottawa oxford padova padua palermo palo paris parigi pasadena philadelphia pisa pittsburgh podgorica porto potsdam prague praha praga \
     pretoria princeton pristina quito rabat regensburg reykjavik riga rio riyadh roma rome rotterdam saarbrucken salzburg santiago sarajevo seattle seoul seville shanghai sheffield singapore skopje sofia southampton stanford stockholm strasbourg strasburg stuttgart sydney taipei tallinn tbilisi tehran tirana tokyo toronto torino toulouse trento trier trieste tubingen tuebingen \
     tunis turin turku ulm uppsala utrecht valencia vancouver venezia venice vienna vilnius warsaw warszawa washington waterloo weinheim wellington wien wiesbaden wurzburg yerevan york zagreb zurich zuerich goiania brasilia englewood redwood mateo francisco diego angeles paulo aires haven";

/// What may stand beside a city's name.
const WITH_PLACE: &str = "mannelli m new the den la le los las san saint st city cliffs main am an der oder und and et e y u a d.c dc ma mass nj ny pa ct calif ca il va md uk usa u.s.a west east north south upper haag sur sull' di upon park river hills buenos aires sao rio de janeiro hong kong tel aviv kuala lumpur phnom penh addis ababa abu dhabi ulan bator ho chi minh cape town novi sad";

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident: $words:ident;)*) => {$(
        $(#[$doc])*
        pub(super) fn $name(word: &str) -> bool {
            static WORDS: LazyLock<Words> = LazyLock::new(|| Words::of($words));
            WORDS.has(word)
        }
    )*};
}

lists! {
    /// Volume, pages, edition: what follows title and container.
    is_tail: TAIL;
    /// A word of a body's name.
    is_body: BODY;
    /// A word of the title of a law, a treaty, a judgment.
    is_law: LAW;
    /// A capital letter does not make it a name.
    is_not_a_name: NOT_A_NAME;
    /// `van`, `de la`.
    is_particle: PARTICLES;
    /// A word of a journal's name.
    is_periodical: PERIODICAL;
    /// A word of a publisher's name.
    is_publisher: PUBLISHER;
    /// A city.
    is_place: PLACES;
    /// What stands beside a city's name: `New`, `am Main`, `DC`.
    goes_with_place: WITH_PLACE;
    is_plain_abbreviation: ABBREVIATIONS;
    is_numeric_abbreviation: NUMERIC;
}

/// A publisher's word, or a name joined of them: `Springer-Verlag`.
pub(super) fn is_publishing(word: &str) -> bool {
    is_publisher(word) || word.split(['-', '–']).any(|part| part.len() > 3 && is_publisher(part))
}

/// Does a full stop after this word belong to the word?
pub(super) fn is_abbreviation(word: &str, before_number: bool) -> bool {
    is_plain_abbreviation(word) || before_number && is_numeric_abbreviation(word)
}
