//! Names of persons taken apart, so that two spellings of one name can be told from two names.

use super::given;
use crate::fold::{fold, words};

/// Words of bodies that bear the name of a person: `Robert Koch Institute`.
const BODIES: &[&str] = &[
    "academy",
    "agency",
    "archive",
    "archives",
    "association",
    "authority",
    "award",
    "bank",
    "blog",
    "bureau",
    "center",
    "centre",
    "club",
    "college",
    "commission",
    "committee",
    "community",
    "company",
    "consulting",
    "corporation",
    "council",
    "court",
    "department",
    "desk",
    "editors",
    "editorial",
    "faculty",
    "fondation",
    "fondazione",
    "forum",
    "foundation",
    "fund",
    "fundacion",
    "gmbh",
    "government",
    "group",
    "hospital",
    "inc",
    "initiative",
    "institut",
    "institute",
    "institution",
    "instituto",
    "international",
    "istituto",
    "journal",
    "laboratory",
    "library",
    "limited",
    "llc",
    "ltd",
    "magazine",
    "media",
    "ministry",
    "museum",
    "network",
    "news",
    "office",
    "online",
    "organization",
    "partners",
    "party",
    "press",
    "project",
    "publishing",
    "redaktion",
    "research",
    "review",
    "school",
    "services",
    "society",
    "staff",
    "stiftung",
    "studio",
    "team",
    "times",
    "trust",
    "union",
    "universitat",
    "university",
    "verlag",
    "watch",
];

/// What stands behind a name and is none.
const SUFFIXES: &[&str] = &["jr", "sr", "ii", "iii", "iv", "phd", "md", "dr", "prof", "et", "al"];

/// Is this plainly the name of a person: a common given name or initials, and a family name?
pub(crate) fn is_person(name: &str) -> bool {
    let (given, family) = parts(name);
    let initials = |word: &String| word.chars().count() == 1;
    let known = |word: &String| word.split('-').next().is_some_and(given::is_given);
    let body = given.iter().chain(&family).any(|word| BODIES.contains(&word.as_str()));
    let plain = !name.contains(['@', '/']) && !name.contains(|c: char| c.is_ascii_digit());
    plain
        && !body
        && given.first().is_some_and(|first| initials(first) || known(first))
        && family_word(&family)
}

fn family_word(family: &[String]) -> bool {
    matches!(family, [word] if word.chars().count() > 2) || (2..=3).contains(&family.len())
}

/// The words of the family name, folded; of `Ursula von der Leyen` the last.
pub(crate) fn family(name: &str) -> Vec<String> {
    parts(name).1
}

/// Given names and family name, folded.
fn parts(name: &str) -> (Vec<String>, Vec<String>) {
    let named = |text: &str| -> Vec<String> {
        words(text).into_iter().filter(|word| !SUFFIXES.contains(&word.as_str())).collect()
    };
    if let Some((family, given)) = name.split_once(',') {
        let given = named(given);
        if !given.is_empty() {
            return (given, named(family));
        }
    }
    let mut given = named(name);
    let family = given.pop();
    (given, family.into_iter().collect())
}

/// Can the two words be spellings of one name? Vowels, doubled letters and what other alphabets have in their
/// place differ from one spelling to the other: `Zelensky` and `Selenskyj`.
pub(crate) fn is_spelling(a: &str, b: &str) -> bool {
    const FEWEST: usize = 3;
    let (a, b) = (fold(a), fold(b));
    let near = a.chars().count().min(b.chars().count()) >= 5 && strsim::osa_distance(&a, &b) <= 1;
    a == b || near || share_bones(&a, &b, FEWEST)
}

/// Can two names of persons be spellings of one? As [`is_spelling`] of the family names, of which less must
/// remain where the given names begin alike.
pub(crate) fn is_one_spelling(a: &str, b: &str) -> bool {
    const FEWEST: usize = 2;
    let initial = |given: &[String]| given.first().and_then(|word| word.chars().next());
    let ((given, family), (others, other)) = (parts(a), parts(b));
    let one = initial(&given).is_some() && initial(&given) == initial(&others);
    one && family.iter().any(|a| other.iter().any(|b| is_spelling(a, b) || share_bones(a, b, FEWEST)))
}

/// Have two words, folded, one skeleton of at least so many bones?
fn share_bones(a: &str, b: &str, fewest: usize) -> bool {
    // `ch` is the beginning of Chekhov in one alphabet's spelling and the middle of him in another.
    const READINGS: [&str; 2] = ["s", "k"];
    let alike = |a: String, b: String| a.chars().count() >= fewest && a == b;
    alike(skeleton(a), skeleton(b))
        || READINGS.iter().any(|one| READINGS.iter().any(|two| alike(hissing(a, one), hissing(b, two))))
}

/// The skeleton of a word in which whatever hisses is one letter: `Elcin` and `Yeltsin`, `Schultz` and `Szulc`.
fn hissing(word: &str, ch: &str) -> String {
    const HISSES: &[&str] = &["tsch", "sch", "tch", "dzh", "dsch", "cz", "sz", "ts", "tz", "dj", "zh", "sh"];
    let word = HISSES.iter().fold(word.to_owned(), |word, hiss| word.replace(hiss, "s"));
    skeleton(&word.replace("kh", "k").replace("ch", ch).replace('c', "s"))
}

fn skeleton(word: &str) -> String {
    let mut bones = String::new();
    for c in word.chars() {
        let bone = match c {
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'j' | 'h' | '\'' | '’' => continue,
            'w' | 'f' => 'v',
            'k' | 'q' => 'c',
            'z' | 'x' | 'ß' => 's',
            c => c,
        };
        if !bones.ends_with(bone) {
            bones.push(bone);
        }
    }
    bones
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_and_bodies() {
        for name in
            ["Anna Lind", "Lind, Anna", "M. J. Wolfe", "Roth, A.", "Jean-Pierre Petit", "Anna van der Lind"]
        {
            assert!(is_person(name), "{name}");
        }
        for name in
            ["Lindby Port", "Robert Koch Institute", "Energy Policy", "@lindby", "Reuters", "Anna", "Team 21"]
        {
            assert!(!is_person(name), "{name}");
        }
    }

    #[test]
    fn spellings_of_one_name() {
        for (a, b) in [
            ("Zelensky", "Selenskyj"),
            ("Müller", "Mueller"),
            ("Qaddafi", "Kadafi"),
            ("Johnsen", "Johnson"),
            ("Solženicyn", "Solzhenitsyn"),
            ("Elcin", "Yeltsin"),
            ("Čechov", "Chekhov"),
            ("Tchernychova", "Chernyshova"),
            ("Schultz", "Szulc"),
            ("Djugashvili", "Dzhugashvili"),
            ("Gorbatschow", "Gorbachev"),
            ("Chodorkovskij", "Khodorkovsky"),
        ] {
            assert!(is_spelling(a, b), "{a} {b}");
        }
        for (a, b) in [("Lind", "Sala"), ("Roth", "Ruta"), ("Wolfe", "Weiss")] {
            assert!(!is_spelling(a, b), "{a} {b}");
        }
        assert!(is_one_spelling("Sergej Šojgu", "Sergey Shoigu"));
        assert!(is_one_spelling("Anna Żyto", "Zito, Anna"));
        assert!(!is_one_spelling("Bo Żyto", "Zito, Anna"));
        assert!(!is_one_spelling("Anna Lind", "Anna Sala"));
        assert_eq!(family("Lind, Anna"), ["lind"]);
        assert_eq!(family("Anna Lind Jr."), ["lind"]);
    }
}
