//! A citation without punctuation: what is left when the columns of a table are joined by spaces.
//!
//! `Harbour Users' Forum Draft Schedule of Dues Submission Ministry of Fisheries 6 March 2025
//! https://harbourusers.example/…`: nothing says where the author ends, but the address does, since
//! its host spells the author's name.

use url::Url;

use super::author::{Names, Trust};
use super::container::Rest;
use super::cue;
use super::read::Fields;
use super::token::{Kind, Line};
use super::web::Web;
use crate::fold::fold;

/// Kinds of text that a table names between the title and the one it is addressed to.
const GENRES: &str = "submission statement testimony speech report letter";

/// Reads the tokens `from..to`, if nothing but words, a date and a link stand there and the host of
/// the link spells the first words.
pub(super) fn fields(line: &Line, from: usize, to: usize, web: &Web) -> Option<Fields> {
    let end = web.first;
    let dated = end.checked_sub(1).filter(|last| *last > from)?;
    let Some(Kind::Date(date)) = line.kind(dated) else { return None };
    let plain = |t: usize| match line.kind(t) {
        Some(Kind::Word | Kind::Number | Kind::Date(_) | Kind::Group) => true,
        Some(Kind::Mark(c)) => matches!(c, '-' | '–' | '\'' | '’' | '&' | '/'),
        _ => false,
    };
    let comma = |t: usize| line.is_mark(t, &[',']) && line.small(t + 2);
    if !(from..dated).all(|t| plain(t) || comma(t)) {
        return None;
    }
    let link = line.links.iter().find(|link| link.range.start >= line.span(dated..end).end)?;
    let author_end = spelt_by_host(line, from, dated, &link.url)?;
    let genre = (author_end + 2..dated.saturating_sub(1))
        .rev()
        .find(|t| cue::one_of(line.word(*t), GENRES) && line.capital(*t) && line.capital(*t + 1));
    let title_end = genre.unwrap_or(dated);
    if title_end < author_end + 2 || to < end {
        return None;
    }
    let each = vec![line.span(from..author_end)];
    Some(Fields {
        names: Some(Names { each, next: author_end, editors: false, trust: Trust::Fair }),
        title: Some(line.span(author_end..title_end)),
        rest: Rest::default(),
        date: Some(line.dates[date].date),
        date_end: line.dates[date].end,
        accessed: web.accessed,
        start: from,
        dated: true,
        ..Fields::default()
    })
}

/// The end of the first words that together are a label of the host: `Refugee Council` in
/// `refugeecouncil.org.au`; `of Somewhere` behind them belongs to the name.
fn spelt_by_host(line: &Line, from: usize, to: usize, url: &str) -> Option<usize> {
    const LONGEST: usize = 8;
    const SHORTEST_LABEL: usize = 6;
    let url = Url::parse(url).ok()?;
    let labels: Vec<&str> =
        url.host_str()?.split('.').filter(|label| label.len() >= SHORTEST_LABEL).collect();
    let mut spelt = String::new();
    for end in from + 1..to.min(from + LONGEST) {
        if !line.is_word(end - 1) || !line.capital(end - 1) && end == from + 1 {
            return None;
        }
        let word = line.word(end - 1);
        spelt.extend(fold(word).chars().filter(|c| c.is_alphanumeric()));
        if labels.iter().any(|label| label.replace('-', "") == spelt) {
            let of = cue::one_of(line.word(end), "of for in") && line.capital(end + 1) && end + 2 < to;
            return Some(if of { end + 2 } else { end });
        }
    }
    None
}
