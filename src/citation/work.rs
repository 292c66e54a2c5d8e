//! How far the name of a work or of a publisher goes.

use super::author;
use super::cue;
use super::parts;
use super::tail::{self, Tail};
use super::title;
use super::token::{Kind, Line};
use super::web::Web;

/// How far a name of a work or of a publisher goes from `at`.
pub(super) fn run(line: &Line, from: usize, at: usize, to: usize, web: &Web) -> usize {
    let mut end = at;
    while end < to && !web.has(end - from) && !ends_name(line, from, at, end, to, web) {
        end += 1;
    }
    if end > at && line.is_mark(end, &['?', '!']) && end < to {
        end += 1;
    }
    // `Süddeutsche Zeitung vom 24.2.2023`: the word leads to the date.
    if end > at + 1
        && matches!(line.kind(end), Some(Kind::Date(_)))
        && line.small(end - 1)
        && cue::one_of(line.word(end - 1), "vom of du del dal den dated")
    {
        end -= 1;
    }
    while end > at && line.is_mark(end - 1, &[',', ';', ':', '-', '–', '—']) {
        end -= 1;
    }
    end
}

/// Does a name that began at `at` end before the token `end`?
fn ends_name(line: &Line, from: usize, at: usize, end: usize, to: usize, web: &Web) -> bool {
    let next = end + 1;
    let goes_on = next < to && line.capital(next) && !cue::is_tail(line.word(next));
    match line.kind(end) {
        // `Proceedings of the 1987 International Conference`
        Some(Kind::Date(_) | Kind::Number)
            if line.is_mark(end - 1, &[',']) && tail::is_span_of_years(line, end, to) =>
        {
            false
        }
        Some(Kind::Date(_))
            if end > at + 2
                && line.is_mark(end - 1, &['-', '–', '—'])
                && line.is_mark(end - 3, &[','])
                && tail::is_span_of_years(line, end - 2, to) =>
        {
            false
        }
        Some(Kind::Date(date)) => !(parts::is_bare_year(line, date) && goes_on),
        // `Página 12, 13 November 2022`
        Some(Kind::Number)
            if end == at + 1
                && line.is_mark(next, &[','])
                && next + 1 < to
                && parts::is_day(line, next + 1) =>
        {
            false
        }
        // `Página 12. Recuperado de …`
        Some(Kind::Number)
            if end == at + 1
                && line.is_mark(next, &['.'])
                && !cue::is_periodical(line.word(at))
                && (web.has(next + 1 - from)
                    || matches!(line.kind(next + 1), Some(Kind::Date(_)))
                    || line.any_phrase(next + 1, &cue::LEAD_INS).is_some()) =>
        {
            false
        }
        Some(Kind::Number) => !goes_on || crate::date::month(line.token(next)).is_some(),
        Some(Kind::Group) => !is_inner_group(line, at, end, to),
        Some(Kind::Mark(',')) => !continues(line, from, at, end, to, web),
        Some(Kind::Mark(':')) => !(next < to && line.is_word(next) && line.spaced(next)),
        Some(Kind::Mark('.')) => {
            parts::is_unknown(line, next)
                || cue::one_of(line.word(next), "archived retrieved accessed")
                // `Theories of Harbours. Ed. A. C. Roth`
                || cue::one_of(line.token(next), "Ed Eds")
                    && line.is_mark(next + 1, &['.'])
                    && line.capital(next + 2)
                    && line.ends_sentence(end)
                || line.ends_sentence(end)
                    && !title::is_cut_word(line, end)
                    && !abbreviates(line, at, end, to)
                    && !subtitle_follows(line, end, to)
        }
        // `What Are Harbours For? New York: Harbour Press`
        Some(Kind::Mark('?' | '!')) => line.ends_sentence(end) && parts::is_publishing_place(line, next, to),
        Some(Kind::Link(_) | Kind::Quoted | Kind::Mark(';' | '(' | '[' | '<' | '|')) => true,
        Some(Kind::Word) if end > at && (tail::is_volume_letter(line, end) || is_numeral(line, end)) => true,
        Some(Kind::Word) if end > at => {
            let word = line.word(end);
            let marked =
                line.is_mark(next, &['.']) || matches!(line.kind(next), Some(Kind::Number | Kind::Date(_)));
            line.is_mark(next, &['°', 'º'])
                || marked
                    && (cue::one_of(word, "vol volume pp pages bd no nr num issue jg band heft p pg")
                        || line.is_mark(end - 1, &[',']) && cue::is_tail(word))
        }
        _ => false,
    }
}

/// A bracket inside a name: an acronym, or words with the name going on behind them.
fn is_inner_group(line: &Line, at: usize, group: usize, to: usize) -> bool {
    if group == at || author::editor_mark(line, group, to).is_some() {
        return false;
    }
    let inside = line.inside(group);
    // `Harbour Notes (blog), 3 May 2021`
    if cue::one_of(&crate::fold::fold(inside), "blog podcast website newspaper magazine") {
        return false;
    }
    // `(Osaka, Japan)`, `(A. Roth, ed.)`
    let placed = inside.contains(", ")
        && inside.len() < 40
        && crate::fold::words(inside).iter().take(2).any(|word| cue::is_place(word));
    if placed || inside.ends_with(" ed.") || inside.ends_with(" eds.") || inside.ends_with(" Hrsg.") {
        return false;
    }
    let capitals = inside.chars().filter(|c| c.is_uppercase()).count();
    let acronym = inside.len() <= 14 && inside.starts_with(char::is_uppercase) && capitals >= 2;
    let next = group + 1;
    // `(ION GPS 2000), Salt Lake City`
    let meeting = inside.len() <= 20
        && line.is_mark(next, &[','])
        && line.capital(next + 1)
        && inside.starts_with(char::is_uppercase)
        && inside
            .split([' ', '-'])
            .all(|w| w.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '’' | '\'')))
        && inside.contains(' ');
    meeting
        || acronym && !inside.contains(' ')
        || next < to
            && !inside.contains(|c: char| c.is_ascii_digit())
            && (line.is_word(next) || line.is_mark(next, &[',']))
            && !parts::is_publishing_place(&Line::of(inside), 0, 40)
}

/// Is the full stop one of an abbreviated journal (`J. Biol. Chem. 1996`)?
pub(super) fn abbreviates(line: &Line, at: usize, dot: usize, to: usize) -> bool {
    let word = line.token(dot - 1);
    let next = dot + 1;
    let short = word.chars().count() <= 6 && line.capital(dot - 1);
    let next_short = next < to
        && line.is_word(next)
        && (line.is_mark(next + 1, &['.'])
            || matches!(line.kind(next + 1), Some(Kind::Number | Kind::Date(_))));
    let earlier = (at..dot).any(|t| line.is_mark(t, &['.']));
    short
        && (next_short
            || earlier && line.capital(next) && dot + 2 < to && !parts::is_publishing_place(line, next, to))
}

/// `The Economics of Islands. Debt and Distance, London, Routledge`: after the full stop one more
/// piece, and then the place.
fn subtitle_follows(line: &Line, dot: usize, to: usize) -> bool {
    let piece = |from: usize| {
        (from..to).find(|t| {
            line.is_mark(*t, &[',', ';', ':'])
                || line.ends_sentence(*t)
                || matches!(line.kind(*t), Some(Kind::Date(_) | Kind::Link(_) | Kind::Group | Kind::Number))
        })
    };
    let Some(end) = piece(dot + 1).filter(|end| line.is_mark(*end, &[','])) else { return false };
    let Some(place) = piece(end + 1) else { return false };
    let publisher = (dot + 1..end).any(|t| cue::is_publishing(line.word(t)));
    !publisher
        && !parts::is_place_piece(line, dot + 1, end)
        && parts::is_place_piece(line, end + 1, place)
        && line.is_mark(place, &[','])
}

/// Does the name go on after this comma? Only where what follows is one more piece of it and then
/// volume or pages: `Knee Surgery, Sports Traumatology, Arthroscopy 25(2)`.
fn continues(line: &Line, from: usize, at: usize, comma: usize, to: usize, web: &Web) -> bool {
    let next = comma + 1;
    // `The Gazette, March 3`: the year stands in front.
    let day = next + 1 + usize::from(line.is_mark(next + 1, &['.']));
    if line.capital(next)
        && line.kind(day) == Some(Kind::Number)
        && crate::date::month(line.token(next)).is_some()
    {
        return false;
    }
    // `War and Peace, 1990–2020`
    if !line.is_mark(next - 2, &[',']) && tail::is_span_of_years(line, next, to) {
        return true;
    }
    if next >= to
        || web.has(next - from)
        || !line.is_word(next)
        || cue::is_tail(line.word(next)) && (line.small(next) || line.is_mark(next + 1, &['.']))
        || parts::is_in(line, next, to).is_some()
    {
        return false;
    }
    if author::editor_mark(line, next, to).is_some() || is_edition(line, next, to).is_some() {
        return false;
    }
    if is_and_word(line, next) && line.capital(next + 1) {
        return true;
    }
    // `Workshop on Cars, Climate and Energy`: the end of a list, not a place.
    if line.capital(next)
        && is_and_word(line, next + 1)
        && line.capital(next + 2)
        && line.capital(comma - 1)
        && !cue::is_place(line.word(next))
        && !cue::is_place(line.word(comma - 1))
        && line.is_mark(next + 3, &[','])
    {
        return true;
    }
    // `Hot Spots, Cultural Anthropology website, 28 June 2016`: a section and its site.
    let piece = (next..to.min(next + 8)).take_while(|t| line.is_word(*t)).last();
    if piece.is_some_and(|last| cue::one_of(line.word(last), "website site blog magazine podcast")) {
        return true;
    }
    // `Literary Criticism: Essays on Literature, American Writers (New York: …)`: inside a work that
    // *in* introduced, as long as a bracket or editors end it.
    let close = (next..to.min(next + 24)).find(|t| {
        matches!(
            line.kind(*t),
            Some(Kind::Group | Kind::Date(_) | Kind::Link(_) | Kind::Number | Kind::Quoted)
        ) || line.is_mark(*t, &['.', ';', ':'])
            || line.is_mark(*t, &[','])
                && (cue::is_tail(line.word(t + 1)) || line.any_phrase(t + 1, &cue::LEAD_INS).is_some())
    });
    let introduced = at > 0
        && (line.any_phrase(at - 1, &cue::IN).is_some()
            || line.is_mark(at - 1, &[':']) && at > 1 && line.any_phrase(at - 2, &cue::IN).is_some()
            || line.is_mark(at - 1, &[','])
            || line.kind(at - 1) == Some(Kind::Group));
    if let Some(close) = close.filter(|_| introduced)
        && (line.kind(close) == Some(Kind::Group)
            || line.is_mark(close, &[','])
                && (author::editor_mark(line, close, to).is_some()
                    || is_edition(line, close + 1, to).is_some()))
        && !(next..close).any(|t| {
            cue::is_publishing(line.word(t)) && line.capital(t)
                || cue::is_place(line.word(t)) && line.capital(t)
        })
    {
        return true;
    }
    let mut end = next;
    while end < to
        && !web.has(end - from)
        && (line.is_word(end) || line.is_mark(end, &['.', '&', '\'', '-']) && !line.ends_sentence(end))
        && !is_volume_mark(line, end)
    {
        end += 1;
    }
    let words = (next..end).filter(|t| line.is_word(*t)).count();
    if words == 0
        || words > 8
        || parts::is_place_piece(line, next, end)
        || (next..end)
            .any(|t| cue::is_publishing(line.word(t)) && line.capital(t) && !cue::is_periodical(line.word(t)))
        || (next..end).all(|t| line.token(t).len() <= 2)
    {
        return false;
    }
    if (at..comma).any(|t| cue::is_publishing(line.word(t)))
        && !(at..end).any(|t| cue::is_periodical(line.word(t)))
    {
        return false;
    }
    let then = parts::skip_marks(line, end, to);
    if line.is_mark(end, &[',']) && line.is_word(end + 1) && !is_volume_mark(line, end + 1) {
        return Tail::at(line, tail::tail_start(line, end + 1, to, web, from), to) == Tail::Article
            && continues(line, from, at, end, to, web)
            && then > end;
    }
    Tail::at(line, then, to) == Tail::Article
        || matches!(line.kind(then), Some(Kind::Date(_)))
            && (next..end).any(|t| cue::is_periodical(line.word(t)) && line.capital(t))
}

fn is_and_word(line: &Line, at: usize) -> bool {
    cue::one_of(line.word(at), "and und et e y") && line.small(at)
}

/// `Harvard Business Review, XLIII (1965)`, `Word & World XIV:4`, `Phys. Lett. B428 (1998)`: a volume
/// in letters.
fn is_numeral(line: &Line, at: usize) -> bool {
    let text = line.token(at);
    let roman = text.len() >= 2 && text.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'));
    let series = text.len() >= 3
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text[1..].bytes().all(|b| b.is_ascii_digit());
    let follows = line.kind(at + 1) == Some(Kind::Group) && line.dates_in(at + 1).next().is_some()
        || line.is_mark(at + 1, &[',', ':']) && line.kind(at + 2) == Some(Kind::Number)
        // `Siglo XXI, 2016` is a publisher.
        || line.is_mark(at + 1, &[','])
            && line.is_mark(at - 1, &[','])
            && matches!(line.kind(at + 2), Some(Kind::Date(_)))
        || line.is_mark(at + 1, &[',']) && cue::is_tail(line.word(at + 2));
    (roman || series) && follows
}

fn is_volume_mark(line: &Line, at: usize) -> bool {
    tail::is_volume_letter(line, at)
        || is_numeral(line, at)
        || cue::one_of(line.word(at), "vol volume no pp bd pages nr issue")
            && (line.is_mark(at + 1, &['.']) || line.kind(at + 1) == Some(Kind::Number))
}

/// `2nd ed.`, `trans. M. Gregor`, `ed. Michael Renov`: where it ends.
pub(super) fn is_edition(line: &Line, at: usize, to: usize) -> Option<usize> {
    if at >= to || !line.is_word(at) {
        return None;
    }
    let by = cue::one_of(line.word(at), "trans translated ed eds edited tr trad hrsg ubers")
        && !(line.capital(at) && line.is_mark(at + 1, &[',']));
    let edition = (at..to.min(at + 4))
        .find(|t| cue::one_of(line.word(*t), "ed edn edition aufl auflage"))
        .filter(|_| {
            line.token(at).starts_with(|c: char| c.is_ascii_digit())
                || cue::one_of(line.word(at), "second third revised rev first updated expanded")
        });
    if let Some(edition) = edition {
        return Some(edition + 1);
    }
    if !by {
        return None;
    }
    (at + 1..to.min(at + 16)).find(|t| {
        line.is_mark(*t, &[',', ';'])
            || line.ends_sentence(*t)
            || line.may_end_sentence(*t) && !line.is_initial(t - 1) && t - at > 1
            || matches!(line.kind(*t), Some(Kind::Group | Kind::Link(_) | Kind::Date(_)))
    })
}
