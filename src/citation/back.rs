//! References back: *Ibid.*, *op. cit.*, `see note 3`.

use std::ops::Range;

use super::author::is_and;
use super::cue;
use super::token::{Kind, Line};
use crate::note::roman;

/// A reference back found in a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Back {
    /// The words themselves.
    pub(super) tokens: Range<usize>,
    /// The source of the note before, rather than one named by number or author.
    pub(super) ibid: bool,
    /// The number of the note it points at.
    pub(super) number: Option<String>,
    /// It names no author by itself: `see note 3`.
    pub(super) bare: bool,
}

/// The source of the note before.
const IBID: &[&str] = &["ibid", "ibidem", "ibidim", "ebd", "ebda", "ebenda", "ibíd", "ivi", "idem", "ib"];

/// Before the number of a note.
const NOTE: &[&str] = &[
    "n",
    "nn",
    "note",
    "notes",
    "fn",
    "fnn",
    "footnote",
    "footnotes",
    "fussnote",
    "fußnote",
    "anm",
    "nota",
    "note de bas de page",
    "notas",
    "nt",
];

/// Is there nothing but a reference back and pages (`Ibid., p. 4`)?
pub(super) fn is_all(line: &Line, from: usize, to: usize) -> bool {
    let Some(back) = one(line, from, from, to) else { return false };
    (back.tokens.end..to).filter(|t| line.is_word(*t)).count() <= 3
        && !(from..to).any(|t| matches!(line.kind(t), Some(Kind::Link(_) | Kind::Quoted)))
}

/// Every reference back in the tokens `from..to`, in order.
pub(super) fn find(line: &Line, from: usize, to: usize) -> Vec<Back> {
    let mut found = Vec::new();
    let mut at = from;
    while at < to {
        match one(line, at, from, to) {
            Some(back) => {
                let several = line.is_word(at) && cue::one_of(line.word(at), "notes footnotes nn fnn notas");
                at = back.tokens.end.max(at + 1);
                let numbered = several && back.number.is_some();
                found.push(back);
                // `See notes 6 and 9`
                while numbered
                    && at + 1 < to
                    && (is_and(line, at) || line.is_mark(at, &[',', '&']))
                    && line.kind(at + 1) == Some(Kind::Number)
                    && line.token(at + 1).len() <= 4
                {
                    let number = Some(line.token(at + 1).to_owned());
                    found.push(Back { tokens: at + 1..at + 2, ibid: false, number, bare: true });
                    at += 2;
                }
            }
            None => at += 1,
        }
    }
    found
}

fn one(line: &Line, at: usize, from: usize, to: usize) -> Option<Back> {
    if line.kind(at) == Some(Kind::Group) {
        return in_brackets(line, at);
    }
    if !line.is_word(at) {
        return None;
    }
    let signal = || line.any_phrase(at - 1, &cue::SIGNALS) == Some(at);
    let opens = at == from || !line.is_word(at - 1) || line.small(at - 1) || signal();
    let word = line.word(at);
    if opens
        && (IBID.contains(&word)
            && (word.len() > 4
                || word == "ibid"
                || line.kind(at + 1) == Some(Kind::Number)
                || line.is_mark(at + 1, &['.', ',', ';'])
                || at + 1 >= to)
            || is_id(line, at, from, to))
        && !(word == "idem" && line.is_word(at + 1))
    {
        let number = number_after(line, at + 1, to, false);
        let end = number.as_ref().map_or_else(|| dot(line, at + 1, to), |(_, end)| *end);
        return Some(Back {
            tokens: at..end,
            ibid: number.is_none(),
            number: number.map(|n| n.0),
            bare: false,
        });
    }
    // `vorige N.`
    if cue::one_of(word, "vorige voriger vorhergehende preceding previous precedente")
        && NOTE.contains(&line.word(at + 1))
        && line.kind(at + 2) != Some(Kind::Number)
    {
        return Some(Back { tokens: at..dot(line, at + 2, to), ibid: true, number: None, bare: false });
    }
    for words in cue::BACK.beginning_with(word) {
        let Some(end) = line.phrase(at, words) else { continue };
        let number =
            number_after(line, dot(line, end, to), to, true).or_else(|| number_after(line, end, to, true));
        let position = cue::one_of(words, "supra above ante oben sopra ci-dessus infra below unten vorige");
        if position && number.is_none() {
            continue;
        }
        // `cit.` needs its full stop or an end: *cit* is no word of its own in a title.
        if *words == "cit" && !line.is_mark(end, &['.', ',', ';']) && end < to {
            continue;
        }
        if *words == "cit" && line.any_phrase(at, &cue::SIGNALS).is_some_and(|e| e > at + 1) {
            continue;
        }
        let (number, end) = match number {
            Some((number, end)) => (Some(number), end),
            None => (None, dot(line, end, to)),
        };
        return Some(Back { tokens: at..end, ibid: false, number, bare: position });
    }
    // `see note 3`, `note 3 above`, `n. 18` after a name
    if NOTE.contains(&word) {
        let (number, end) = number_after(line, at, to, true)?;
        let before = at.checked_sub(1).filter(|b| *b >= from);
        let after_signal = (from..at).rev().take(4).any(|t| {
            line.any_phrase(t, &cue::SIGNALS)
                .is_some_and(|e| e == at || e + 1 == at && line.is_mark(e, &['.', ',']))
        });
        let positioned = cue::one_of(line.word(end), "above supra oben infra below sopra ci-dessus ante");
        let long = word.len() > 3 && !matches!(word, "notes");
        let alone = before.is_none()
            && (end >= to || line.is_mark(end, &['.', ',', ';']) && title_free(line, end, to));
        let end = if positioned { end + 1 } else { end };
        let names_it = positioned
            || after_signal
            || long && alone
            || word != "n"
                && long
                && before.is_some_and(|b| {
                    line.small(b) && cue::one_of(line.word(b), "in at also to from and cfr alla la a")
                });
        let is_issue = before.is_some_and(|b| line.is_mark(b, &[',']) && !after_signal) && !positioned;
        return (names_it && !is_issue).then_some(Back {
            tokens: at..end,
            ibid: false,
            number: Some(number),
            bare: true,
        });
    }
    None
}

fn title_free(line: &Line, from: usize, to: usize) -> bool {
    (from..to).filter(|t| line.is_word(*t)).count() <= 3
}

/// `(n 3)`, `(oben N. 4)`, `(supra note 12)`
fn in_brackets(line: &Line, at: usize) -> Option<Back> {
    let inside = line.inside(at);
    if inside.len() > 60 {
        return None;
    }
    let inner = Line::of(inside);
    let mut start = 0;
    while cue::one_of(
        inner.word(start),
        "oben supra above see siehe s o wie vgl infra cit op cf cited supra, in voir vedi v bei sopra vorige unten",
    ) {
        if matches!(inner.word(start), "vorige") && NOTE.contains(&inner.word(start + 1)) {
            return Some(Back { tokens: at..at + 1, ibid: true, number: None, bare: false });
        }
        start += 1;
        while inner.is_mark(start, &['.', ',']) {
            start += 1;
        }
    }
    if !NOTE.contains(&inner.word(start)) {
        return None;
    }
    let (number, end) = number_after(&inner, start, inner.len(), true)?;
    let rest_is_pages = inner.len() - end <= 6 && inner.links.is_empty();
    rest_is_pages.then_some(Back { tokens: at..at + 1, ibid: false, number: Some(number), bare: false })
}

/// `id.` alone, or before pages; not the *id* of something.
fn is_id(line: &Line, at: usize, from: usize, to: usize) -> bool {
    if line.word(at) != "id" {
        return false;
    }
    // `Group ID 594242`, `to ID .`: capitals name an identifier, unless they open the citation.
    if line.token(at) == "ID" && at != from {
        return false;
    }
    let dotted = line.is_mark(at + 1, &['.']);
    let alone = at == from && (at + 1 >= to || line.is_mark(at + 1, &[',', ';']));
    alone || dotted && (at == from || !line.capital(at + 2) || line.is_mark(at - 1, &[';', '.']))
}

fn dot(line: &Line, at: usize, to: usize) -> usize {
    if at < to && line.is_mark(at, &['.']) { at + 1 } else { at }
}

/// `n. 18`, `note 3`, `N. 7`, perhaps after a comma or *at*: the number and where it ends.
fn number_after(line: &Line, at: usize, to: usize, with_note: bool) -> Option<(String, usize)> {
    let mut at = at;
    let mut noted = false;
    for _ in 0..6 {
        if at >= to {
            return None;
        }
        match line.kind(at)? {
            Kind::Number if noted => {
                let number = line.token(at);
                return (number.len() <= 4).then(|| (number.to_owned(), at + 1));
            }
            // Endnotes are often numbered so.
            Kind::Word if noted && line.small(at) && roman::value(line.token(at)).is_some() => {
                return Some((line.token(at).to_owned(), at + 1));
            }
            Kind::Group if !noted && with_note => {
                // `op. cit. (1996), n. 4`
                if in_brackets(line, at).is_some_and(|b| b.number.is_some()) {
                    return in_brackets(line, at).and_then(|b| b.number).map(|n| (n, at + 1));
                }
                at += 1;
            }
            Kind::Mark('.' | ',') => at += 1,
            Kind::Word if NOTE.contains(&line.word(at)) && !noted => {
                noted = true;
                at += 1;
            }
            Kind::Word
                if !noted && cue::one_of(line.word(at), "supra above in at oben cit op sopra alla") =>
            {
                at += 1;
            }
            // `n4`, `fn12`
            Kind::Word if !noted => {
                let word = line.word(at);
                let digits = word.trim_start_matches(|c: char| c.is_alphabetic());
                let letters = &word[..word.len() - digits.len()];
                return (matches!(letters, "n" | "fn" | "nn")
                    && !digits.is_empty()
                    && digits.bytes().all(|b| b.is_ascii_digit()))
                .then(|| (digits.to_owned(), at + 1));
            }
            _ => return None,
        }
    }
    None
}
