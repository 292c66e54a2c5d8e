//! The cited title against the words of the address.
//!
//! Many addresses are made from the headline. Where that is plainly so, a slip in the title can be
//! seen without opening the page. Editors change headlines and addresses drop words, so only two
//! kinds of difference are reported: a word misspelt, and a short word doubled where the address
//! has it once or not at all.

use url::Url;

use super::{Case, Check, Example, FEW, Findings, Severity};
use crate::citation::Citation;
use crate::{fold, parallel};

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "title-slug-mismatch",
    severity: Severity::Warning,
    summary: "The cited title has a slip that the address, made from the same title, does not have.",
    explanation: "\
Many addresses are made from the headline: “…/harbour-tolls-would-be-included”. Where that is plainly so,
a slip in the cited title shows without opening the page: a word misspelt by one letter, or a short word
doubled.

Editors change headlines, addresses drop words, and British and American spelling differ; none of that is
reported. Nor is a word that the address leaves out.",
    examples: &[
        Example::markdown(
            "One.[^1]\n\n[^1]: Ada Lind, “Harbour Tolls Rise Despite Govermnent Pledge to Fishermen”, in The Ledger, 3 May 2021, https://ledger.example/harbour-tolls-rise-despite-government-pledge-fishermen.\n",
            &["“Govermnent”"],
        ),
        Example::markdown(
            "One.[^1]\n\n[^1]: Ada Lind, “Harbour Tolls Rise Despite Government’s Defence Programme”, in The Ledger, 3 May 2021, https://ledger.example/harbour-tolls-rise-despite-governments-defense-program.\n",
            &[],
        ),
    ],
    run,
}];

fn run(case: &Case, out: &mut Findings) {
    let cited: Vec<_> = case.citations().collect();
    let slips = parallel::map(cited.len(), FEW, |nth| slipped(&cited[nth].1.citation));
    for ((note, _), slip) in cited.into_iter().zip(slips) {
        let Some((url, in_title, in_slug)) = slip else { continue };
        out.in_note(
            note,
            Some(url),
            format!("the title reads “{in_title}”, its address “{in_slug}”"),
            "compare with the headline of the source".to_owned(),
        );
    }
}

/// The first address of a citation that has another spelling than its title, and both spellings.
fn slipped(citation: &Citation) -> Option<(&String, String, String)> {
    let title = citation.title.as_ref()?;
    citation.urls.iter().find_map(|url| {
        let slug = Url::parse(url).ok().as_ref().and_then(slug)?;
        let (in_title, in_slug) = slip(title, &slug)?;
        Some((url, in_title, in_slug))
    })
}

/// The words of the longest hyphenated segment of the path, if they are many enough to be a title.
fn slug(url: &Url) -> Option<Vec<String>> {
    let segment = url.path_segments()?.max_by_key(|s| s.matches(['-', '_']).count())?;
    let segment =
        segment.rsplit_once('.').map_or(segment, |(stem, ext)| if ext.len() <= 5 { stem } else { segment });
    let words: Vec<String> = segment.split(['-', '_']).filter(|w| !w.is_empty()).map(fold::fold).collect();
    (words.iter().filter(|w| w.chars().all(char::is_alphabetic)).count() >= 4).then_some(words)
}

/// Fewer words in common show nothing.
const FEWEST: usize = 4;

/// A slip of the title: the words around it, and those that the address has in their place.
fn slip(title: &str, slug: &[String]) -> Option<(String, String)> {
    let shown: Vec<&str> = title.split_whitespace().filter(|w| w.contains(char::is_alphanumeric)).collect();
    let words: Vec<String> = shown.iter().map(|w| fold::words(w).concat()).collect();
    // No way to align them matches more words than occur in both.
    if words.iter().filter(|word| slug.contains(word)).count() < FEWEST {
        return None;
    }
    let pairs = align(&words, slug);
    // Made from the title: nearly all its longer words are in the address.
    let long = |w: &String| w.chars().count() > 3;
    let matched = pairs.iter().filter(|(t, s)| words[*t] == slug[*s]).count();
    let title_long = words.iter().filter(|w| long(w)).count();
    let matched_long = pairs.iter().filter(|(t, s)| words[*t] == slug[*s] && long(&words[*t])).count();
    if matched < FEWEST || matched_long * 4 < title_long * 3 {
        return None;
    }
    doubled(&shown, &words, slug, &pairs).or_else(|| misspelt(&shown, &words, slug, &pairs))
}

/// The longest common subsequence of title and slug, near misses counting half.
fn align(title: &[String], slug: &[String]) -> Vec<(usize, usize)> {
    let worth = |t: &str, s: &str| if t == s { 2 } else { u32::from(near(t, s)) };
    let mut table = vec![vec![0u32; slug.len() + 1]; title.len() + 1];
    for t in (0..title.len()).rev() {
        for s in (0..slug.len()).rev() {
            let both = worth(&title[t], &slug[s]);
            let paired = if both > 0 { both + table[t + 1][s + 1] } else { 0 };
            table[t][s] = paired.max(table[t + 1][s]).max(table[t][s + 1]);
        }
    }
    let (mut t, mut s) = (0, 0);
    let mut pairs = Vec::new();
    while t < title.len() && s < slug.len() {
        let both = worth(&title[t], &slug[s]);
        if both > 0 && table[t][s] == both + table[t + 1][s + 1] {
            pairs.push((t, s));
            (t, s) = (t + 1, s + 1);
        } else if table[t][s] == table[t + 1][s] {
            t += 1;
        } else {
            s += 1;
        }
    }
    pairs
}

/// One slip of the pen apart: a letter too many, too few, wrong, or two that changed places.
fn near(a: &str, b: &str) -> bool {
    // Most words are too short, which their bytes tell.
    a.len().min(b.len()) >= 6
        && a.chars().count() >= 6
        && b.chars().count() >= 6
        && a.chars().count().abs_diff(b.chars().count()) <= 1
        && a != b
        && strsim::osa_distance(a, b) == 1
        && !variants(a, b)
}

/// Spellings, plurals and endings that both exist are no slips.
fn variants(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.strip_prefix(short).is_some_and(|ending| {
        matches!(ending, "s" | "d" | "r" | "e" | "n" | "y" | "i" | "o" | "a" | "t" | "l")
    }) {
        return true;
    }
    // colour/color, defence/defense, organise/organize, centre/center, travelled/traveled, and the
    // endings by which words of one stem differ (Germany/Germans, Italian words in -o and -i).
    let common = short.bytes().zip(long.bytes()).take_while(|(x, y)| x == y).count();
    let (rest_short, rest_long) =
        (short.get(common..).unwrap_or_default(), long.get(common..).unwrap_or_default());
    let starts = |x: &str, y: &str| {
        rest_short.starts_with(x) && rest_long.starts_with(y)
            || rest_short.starts_with(y) && rest_long.starts_with(x)
    };
    starts("r", "ur")
        || starts("s", "c")
        || starts("s", "z")
        || starts("re", "er")
        || starts("ed", "led")
        || starts("ing", "ling")
        || rest_long.len() <= 2
}

fn misspelt(
    shown: &[&str],
    words: &[String],
    slug: &[String],
    pairs: &[(usize, usize)],
) -> Option<(String, String)> {
    pairs
        .iter()
        .enumerate()
        .find(|(at, (t, s))| {
            let steady = |other: Option<&(usize, usize)>| other.is_some_and(|(t, s)| words[*t] == slug[*s]);
            words[*t] != slug[*s]
                && steady(at.checked_sub(1).and_then(|before| pairs.get(before)))
                && steady(pairs.get(at + 1))
        })
        .map(|(_, (t, s))| {
            (shown[*t].trim_matches(|c: char| !c.is_alphanumeric()).to_owned(), slug[*s].clone())
        })
}

/// `be in Involved in`: a preposition before a participle and again behind it, where the address
/// goes straight from the auxiliary to the participle; or a word simply written twice.
fn doubled(
    shown: &[&str],
    words: &[String],
    slug: &[String],
    pairs: &[(usize, usize)],
) -> Option<(String, String)> {
    const AUXILIARIES: &[&str] =
        &["be", "is", "are", "was", "were", "been", "being", "has", "have", "had", "get", "gets", "got"];
    const PREPOSITIONS: &[&str] =
        &["in", "of", "to", "for", "on", "at", "by", "with", "from", "into", "about", "over"];
    let in_slug =
        |t: usize| pairs.iter().find(|(title, s)| *title == t && words[t] == slug[*s]).map(|(_, s)| *s);
    for at in 0..words.len() {
        let next = at + 1;
        // `Monero, Monero vs …`: a site and its title.
        let parted = shown[at].ends_with([',', '.', ':', ';', '!', '?']);
        if next < words.len() && words[at] == words[next] && words[at].len() > 1 && !parted {
            let (a, b) = (in_slug(at), in_slug(next));
            if a.is_some() != b.is_some() {
                let s = a.or(b).expect("one of them");
                let around = slug[s.saturating_sub(1)..(s + 2).min(slug.len())].join("-");
                return Some((shown[at..=next].join(" "), around));
            }
        }
        if at + 3 < words.len()
            && AUXILIARIES.contains(&words[at].as_str())
            && PREPOSITIONS.contains(&words[at + 1].as_str())
            && words[at + 1] == words[at + 3]
            && words[at + 2].ends_with("ed")
            && let (Some(auxiliary), Some(participle)) = (in_slug(at), in_slug(at + 2))
            && participle == auxiliary + 1
        {
            let from = at.saturating_sub(1);
            let slug_from = if from < at && in_slug(from) == auxiliary.checked_sub(1) {
                auxiliary.saturating_sub(1)
            } else {
                auxiliary
            };
            return Some((shown[from..at + 3].join(" "), slug[slug_from..=participle].join("-")));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(title: &str, slug_text: &str, want: Option<(&str, &str)>) {
        let url = Url::parse(&format!("https://a.example/{slug_text}")).unwrap();
        let got = slug(&url).and_then(|slug| slip(title, &slug));
        assert_eq!(got.as_ref().map(|(a, b)| (a.as_str(), b.as_str())), want);
    }

    #[test]
    fn a_doubled_preposition_is_a_slip() {
        check(
            "Minister Says Harbour Would Be in Included in New Toll Plan",
            "minister-says-harbour-would-be-included-new-toll-plan-2025-02-13",
            Some(("Would Be in Included", "would-be-included")),
        );
    }

    #[test]
    fn a_misspelt_word_is_a_slip() {
        check(
            "Harbour Tolls Rise Despite Govermnent Pledge to Fishermen",
            "harbour-tolls-rise-despite-government-pledge-fishermen",
            Some(("Govermnent", "government")),
        );
    }

    #[test]
    fn dropped_words_spellings_and_other_headlines_are_none() {
        check(
            "What Are Harbour Tolls and Why Does the City Want Them?",
            "what-are-harbour-tolls-why-does-the-city-want-them",
            None,
        );
        check(
            "Defence Ministers Discuss Harbour Programme in Oslo in March",
            "defense-ministers-discuss-harbour-program-oslo-march",
            None,
        );
        check("Harbour Tolls Alarm Fishermen", "harbour-tolls-city-council-reaction", None);
        check(
            "Talks in Europe in Spring Are Expected to Fail, Minister Says",
            "talks-europe-spring-are-expected-fail-minister-says",
            None,
        );
    }
}
