//! Names that need vouching for: words that are names only beside other names.
//!
//! `Samantha Power` and `Energy Policy` have the same form. A common given name before the odd word
//! tells them apart; where none stands there, the word is none of a name.

use std::sync::LazyLock;

use super::author::is_and;
use super::person::name_word;
use super::token::{Kind, Line};
use crate::fold::{Words, fold};

/// Given names common enough to vouch for the word behind them.
const GIVEN: &str = "abdul abdullah abigail adam adrian agata agnes agnieszka ahmed aisha akira alain alan albert \
     albertine alberto alejandro aleksandr aleksandra alessandra alessandro alex alexander alexandra \
     alexandre alexei alexis alfonso alfred alfredo ali alice alina aline alison alvaro amanda amelia \
     amina amir amit amos amy ana anastasia anatoly anders andre andrea andreas andreea andrej andrew \
     andrey andrii andrzej angela angelika angelo angus anita anja anjali anke ann anna anne anne- \
     marie annette annie annika ansel anthony antje antoine anton antonella antonello antonio anwar \
     arjun armin arne arnold artem arthur arvind asa asha ashley aslan astrid attila aurelie axel \
     ayse balazs barack barbara barbora barry bart bartosz bas bashir bastian beata beatrice ben \
     benjamin bernadette bernard bernd bernhard beth bettina bill birgit bjorn blaise blanca bob \
     bogdan boris brad brenda brendan brian brigitte britta bruce bruno burak camille camilo carina \
     carl carla carlo carlos carmen carole carolin caroline caspar catherine cecile cecilia cedric \
     celia celine cem chantal charles charlie charlotte chen cherif chiara chidi chloe chris christel \
     christian christina christine christoph christophe christopher ciaran cindy claire clara claudia \
     claudine claudio clemens clement colette colin conrad cornelia craig cristian cristiano cristina \
     cyril dagmar damian damien dan daniel daniela daniele danilo danny daria dariusz darko david \
     deborah debra delphine denis dennis derek diana diane didier diego dieter dietrich dimitri dina \
     dirk dmitri dmitry dmytro dominique donald dora doris dorothy douglas dragan duncan eberhard \
     edgar edith edmund eduard eduardo edward edwin eike eileen ekaterina elaine eleanor elena eleni \
     elias elif elio elisa elisabeth elise elizabeth ella ellen elliott elsa elvira emanuele emil \
     emile emilia emilio emily emma emmanuel emre enrico enrique eric erica erik erika erin ernesto \
     ernst esther ethan etienne ettore eugene eugenio eva evan evelyn evgeny fabian fabien fabio \
     fabrice fabrizio faisal farid fatima fatma federica federico felix ferdinand fernanda fernando \
     filip filippo fiona flavia florence florian franca frances francesca francesco francine francis \
     francisco francois frank franz fred frederic frederick frederik frida friedrich fritz gabriel \
     gabriele gabriella gail galina gareth gary gaspard gavin genevieve geoff geoffrey georg george \
     georges georgia georgios gerald gerard gerd gerhard giacomo giancarlo gianluca gianni gilbert \
     giles gilles gina ginevra giorgia giorgio giovanni giulia giuliano giuseppe glenn gloria goran \
     gordon grace graham greg gregory grzegorz guido guillaume guillermo gunter gustav gustavo guy \
     habib haider hakan halina hamid hanna hannah hannes hans hans-peter harald harold harriet harry \
     hartmut haruki hasan hassan heather heidi heiko heinrich heinz helen helena helene helga helmut \
     hendrik henri henrik henrique henry herbert hermann herve hilary hillary hiroshi holger horst \
     howard hubert hugh hugo humberto ian ibrahim ida ignacio igor ilaria ilya imran ines inga ingmar \
     ingo ingrid irene irina iris isaac isabel isabella isabelle ismail ivan ivana ivo iwona jacek \
     jack jackie jacob jacqueline jacques jaime jake jakob jakub jamal james jamie jan jana jane \
     janet janez janina janos jaroslaw jasmin jason javad javier jean jean-baptiste jean-claude jean- \
     francois jean-jacques jean-luc jean-marie jean-michel jean-paul jean-pierre jeanne jeff jeffrey \
     jennifer jens jeremy jeroen jerome jesper jessica jesus jill jim jiri joachim joakim joan joanna \
     joao jochen joe joel joelle johan johann johannes john jolanta jon jonas jonathan jordi jorg \
     jorge jose josef josefina joseph josephine joshua joyce juan jude judith julia julian juliane \
     julie julien juliette julio jurgen jussi justin justine kai kamal kamila karel karen karim karin \
     karina karl karsten kaspar katarina katarzyna kate katerina kateryna katherine kathleen kathrin \
     kathryn katja katrin kazimierz keiko keith kelly kenneth kerstin kevin khaled khalid kim \
     kimberly kirsten klaus kofi konrad konstantin kristian kristin kristina krzysztof kurt kwame \
     kyle lara larry lars laszlo laura laurence laurent lawrence lea leila lena lennart leo leon \
     leonard leonardo leonid leopold leslie liam lidia lina linda lionel lisa liz loic lorenzo lothar \
     louis louis-philippe louise lubomir luca lucas lucia lucie lucien lucio lucy ludovic ludwig \
     luigi luis luisa lukas lukasz lydia lynn maciej madeleine magdalena maja malcolm malte manfred \
     manuel manuela mara marc marcel marcela marcello marcin marco marcus mareike margaret margarita \
     margherita margot maria mariam mariana marianna marianne mariano marie marie-laure marina mario \
     mariusz mark marko markus marta martha martin martina martine mary marzia massimiliano massimo \
     mateusz mathias mathieu mathilde matilda matteo matthew matthias maurice maurizio max megan \
     mehdi mehmet melanie melissa mercedes meredith michael michaela michal michel michele michelle \
     miguel mikael mike mikhail mikko mila milan milena mirko miroslav mohamed mohammad mohammed \
     monica monika moritz morten muhammad murat mustafa nadezhda nadia nadine nancy naomi natalia \
     natalie natalya natasha natasza nathalie nathan neil nele nelson ngozi nicholas nick nico nicola \
     nicolai nicolas nicole niels nigel nikita nikola nikolai nikolaus nils nina noah nora norman \
     nuno octavio odile olaf oleg oleksandr oleksandra olena olga oliver olivier omar ondrej orlando \
     oscar oskar osman othmar otto pablo pamela paola paolina paolo pascal pascale patrice patricia \
     patrick patrizia patryk paul paula paulina pauline paulo pavel pawel pedro pekka penelope perry \
     peter petra phil philip philippe pia pierre pietro pilar piotr prakash priya rachel rachid radek \
     radoslaw rafael rafal raffaele rahul raimund rainer raj rajesh ralf ralph ramon raphael raul \
     ravi raymond rebecca regina reiner reinhard reinhold renate renato rene renee rhys ricardo \
     riccarda riccardo richard rick rita ritu robert roberta roberto robin rodrigo roger roland rolf \
     romain roman ron ronald rosa rosalind rose rosemary ross roxana ruben rudolf rupert ruth ryan \
     sabina sabine sally salvatore sam samantha samuel sandra sanjay santiago sara sarah sascha \
     saskia satoshi scott sean sebastian sebastien selim serena serge sergei sergey sergii sergio \
     serhii shane shannon sharon sheila shirley siegfried sigrid silke silvia silvio simon simona \
     simone siobhan slavoj sofia solange sonia sonja sophie soren stanislaw stanley stefan stefania \
     stefano stella sten stephan stephane stephanie stephen steve steven stuart sunil susan susana \
     susanne suzanne svein sven svetlana sylvain sylvia sylvie szymon tadeusz tamara taras tariq \
     tatiana tatjana ted teodoro terence teresa terry thabo theo theodore theresa thierry thomas \
     thorsten tilman tim timothy tina tiziana tobias todd tom tomas tomasz tommaso tony torsten tracy \
     ugo ulrich ulrike umberto urs ursula uta ute uwe vaclav valentin valentina valeria valerie \
     valerio vanessa vera veronica vicente victor victoria vikram viktor vilma vincent vincenzo vinod \
     violeta virginia vitaly vito vittorio vivian vlad vladimir volker volodymyr waldemar walter \
     wanda warren wayne wei wendy werner wieslaw wilfried wilhelm william wim winfried wojciech \
     wolfgang xavier xiaoming yael yann yasmin yuki yulia yuri yusuf yuval yves yvette yvonne zahra \
     zbigniew zdenek zoe zofia zoltan zsofia";

/// Given names that are also words of the tail of a citation, of law or of sentences.
const ODD_GIVEN: &str = "tom ed bill art august april june may will an do so chap";

/// Family names that are also words which names do not hold.
const ODD_FAMILY: &str = "law power page may march april june august case price press state church house court bank \
     council history world war new young will an do so no who she he un modern book peace report art \
     chapman";

/// A common given name.
pub(super) fn is_given(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| Words::of(GIVEN));
    WORDS.has(word)
}

/// A given name that is another word as well.
pub(super) fn is_odd_given(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| Words::of(ODD_GIVEN));
    WORDS.has(word)
}

/// A family name that is another word as well.
pub(super) fn is_odd_family(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| Words::of(ODD_FAMILY));
    WORDS.has(word)
}

/// `Tom Balmforth`: a given name that is another word as well, with a family name behind it.
pub(super) fn odd_given(line: &Line, at: usize, to: usize) -> bool {
    line.capital(at)
        && is_odd_given(line.word(at))
        && (name_word(line, at + 1, to) && !line.is_initial(at + 1) && ends_here(line, at + 2, to)
            || line.is_initial(at + 1) && line.is_mark(at + 2, &['.']) && name_word(line, at + 3, to))
}

/// `Samantha Power`, `J. Law`: a family name that is another word as well, as the last word of a
/// name whose first word vouches for it.
pub(super) fn odd_family(line: &Line, start: usize, at: usize, to: usize) -> bool {
    at > start
        && at < to
        && line.capital(at)
        && line.token(at).contains(char::is_lowercase)
        && is_odd_family(line.word(at))
        && (is_given(line.word(start)) || line.is_mark(at - 1, &['.']) && line.is_initial(at - 2))
        && ends_here(line, at + 1, to)
}

/// A name may end before the token `at`.
pub(super) fn ends_here(line: &Line, at: usize, to: usize) -> bool {
    at >= to
        || matches!(line.kind(at), Some(Kind::Mark(',' | ':' | ';' | '.' | '&') | Kind::Quoted | Kind::Group))
        || is_and(line, at)
}

pub(super) fn is_in_brackets(inside: &str) -> bool {
    let short =
        |word: &str| word.chars().count() <= 3 && word.ends_with('.') && word.starts_with(char::is_uppercase);
    let mut words = inside.split([' ', '-']).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some()
        && words.all(|word| short(word) || is_given(&fold(word)) && word.starts_with(char::is_uppercase))
}
