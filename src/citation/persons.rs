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
    let (a, b) = (fold(a), fold(b));
    let near = a.chars().count().min(b.chars().count()) >= 5 && strsim::osa_distance(&a, &b) <= 1;
    let (bones, others) = (skeleton(&a), skeleton(&b));
    a == b || near || bones.len() > 2 && bones == others
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
        for (a, b) in
            [("Zelensky", "Selenskyj"), ("Müller", "Mueller"), ("Qaddafi", "Kadafi"), ("Johnsen", "Johnson")]
        {
            assert!(is_spelling(a, b), "{a} {b}");
        }
        for (a, b) in [("Lind", "Sala"), ("Roth", "Ruta"), ("Wolfe", "Weiss")] {
            assert!(!is_spelling(a, b), "{a} {b}");
        }
        assert_eq!(family("Lind, Anna"), ["lind"]);
        assert_eq!(family("Anna Lind Jr."), ["lind"]);
    }
}
