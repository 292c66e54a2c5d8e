//! Names that need vouching for: words that are names only beside other names.
//!
//! `Samantha Power` and `Energy Policy` have the same form. A common given name before the odd word
//! tells them apart; where none stands there, the word is none of a name.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Given names common enough to vouch for the word behind them.
const GIVEN: &str = "adam adrian ahmed alan alain albert alberto alejandro alessandro alex alexander alexandra \
     alexandre alfred ali alice alison amanda amy ana anders andre andrea andreas andrew andrzej \
     angela ann anna anne anne-marie annie anthony antoine anton antonio april arthur ashley astrid \
     august barack barbara beatrice ben benjamin bernard bernd beth bill bjorn bob boris brian bruce \
     bruno camille carl carla carlo carlos carmen caroline catherine cecilia charles charlotte chiara \
     chris christian christina christine christophe christopher claire clara claudia claudio colin \
     craig cristina dan daniel daniela daniele david deborah diana diane diego dimitri dmitry \
     dominique donald dorothy edward elena elisabeth elise elizabeth ellen emily emma emmanuel enrico \
     eric erik ernst ethan eugene eva fabio fatima federica federico fiona florian francesca \
     francesco francis francisco francois frank franz fred frederick friedrich gabriel gary george \
     georg georges gerald gerard gerhard giacomo gianluca gianni giorgio giovanni giulia giuliano \
     giuseppe gordon grace graham greg gregory guido gunter gustav guy hanna hannah hans harold harry \
     hassan heather heinrich helen helena helene helmut henri henry herbert hermann hillary hiroshi \
     howard hugh ian ibrahim igor ilaria ines ingrid irene isabel isabelle ivan jack jacob jacques \
     jaime jake james jan jana jane jason javier jean jean-claude jean-luc jean-marie jean-pierre \
     jeff jeffrey jennifer jens jeremy jerome jessica jim joan joanna joao joe joel johan johann \
     johannes john jon jonas jonathan jorge jose josef joseph joshua juan jude judith julia julian \
     julie julien jurgen kai karen karim karin karl kate katherine kathleen katja keith kenneth kevin \
     klaus kofi kristian laura laurent lars lawrence lea leila leo leon leonard leonardo linda lisa \
     lorenzo louis louise luca lucia lucas lucy luigi luis luisa lukas lynn magdalena manuel marc \
     marcel marco marcus margaret maria marianne marie marina mario mark markus marta martha martin \
     mary massimo mathias matteo matthew maurice max michael michel michele miguel mike mikhail \
     mohamed mohammed monica monika nadia nancy natalia natalie natasha nathalie nathan neil nicholas \
     nick nicola nicolas nigel nikolai nina noah nora norman olaf oleg olena olga oliver olivier omar \
     oscar otto pablo paola paolo pascal patricia patrick paul paula pauline pedro peter petra philip \
     philippe phil pierre pietro rachel rafael ralph raymond rebecca riccardo richard robert roberta \
     roberto robin roger roland ron ronald rosa rose ross ruth ryan sabine sally sam samantha samuel \
     sandra sara sarah scott sean sebastian serge sergei sergio sharon silvia simon simone sofia \
     sophie stefan stefania stefano stephan stephane stephanie stephen steve steven stuart susan \
     susanne sylvia tamara tatiana teresa thabo theo theodore theresa thomas tim timothy tina tobias \
     tom tommaso tony ulrich ursula uwe valentina valerie vera veronica victor victoria viktor \
     vincent vincenzo virginia vittorio vladimir volker walter wendy werner wilhelm will william \
     wolfgang xavier yann yves yuri zoe";

/// Given names that are also words of the tail of a citation, of law or of sentences.
const ODD_GIVEN: &str = "tom ed bill art august april june may will an do so chap";

/// Family names that are also words which names do not hold.
const ODD_FAMILY: &str = "law power page may march april june august case price press state church house court bank \
     council history world war new young will an do so no who she he un modern book peace report art \
     chapman";

/// A common given name.
pub(super) fn is_given(word: &str) -> bool {
    static SET: LazyLock<HashSet<&str>> = LazyLock::new(|| GIVEN.split_whitespace().collect());
    SET.contains(word)
}

/// A given name that is another word as well.
pub(super) fn is_odd_given(word: &str) -> bool {
    static SET: LazyLock<HashSet<&str>> = LazyLock::new(|| ODD_GIVEN.split_whitespace().collect());
    SET.contains(word)
}

/// A family name that is another word as well.
pub(super) fn is_odd_family(word: &str) -> bool {
    static SET: LazyLock<HashSet<&str>> = LazyLock::new(|| ODD_FAMILY.split_whitespace().collect());
    SET.contains(word)
}
