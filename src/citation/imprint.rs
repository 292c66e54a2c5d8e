//! What a bracket behind the title says: who published the work, or which newspaper printed it.

use super::container::Rest;
use super::cue;
use super::parts;
use super::token::Line;

/// `(Oxford: Oxford University Press, 2003)`, `(The Gazette, 4 May 2021)`
pub(super) fn in_brackets(line: &Line, at: usize, quoted: bool) -> Rest {
    let inside = line.inside(at);
    let Some(date) = line.dates_in(at).next().map(|d| line.dates[d].clone()) else { return Rest::default() };
    let start = inside.as_ptr() as usize - line.text.as_ptr() as usize;
    if date.range.start < start + 3 {
        return Rest::default();
    }
    let before = line.text[start..date.range.start].trim_end_matches([',', ' ', ';', '.']);
    let span = |text: &str| {
        let from = text.as_ptr() as usize - line.text.as_ptr() as usize;
        Some(from..from + text.len())
    };
    if let Some((place, name)) = before.rsplit_once(": ") {
        // `(RAND Corporation: London, May 2021)`
        let is_place = |text: &str| {
            let line = Line::of(text);
            parts::is_place_piece(&line, 0, line.len())
        };
        let name = if is_place(name) && !is_place(place) { place } else { name };
        let plain =
            place.starts_with(char::is_uppercase) && place.len() < 60 && name.starts_with(char::is_uppercase);
        return Rest { publisher: plain.then(|| span(name.trim())).flatten(), ..Rest::default() };
    }
    // `(2nd edn, Harbour Press 2017)`
    let before = match before.split_once(", ") {
        Some((edition, name)) if is_edition_words(edition) => name,
        _ => before,
    };
    // `(Harbour Press 2017)` behind the title of a book
    let published = !quoted
        && date.date.month.is_none()
        && before.starts_with(char::is_uppercase)
        && (crate::fold::words(before).iter().any(|word| cue::is_publishing(word)) || is_short_name(before));
    if published {
        // `(Cambridge University Press, Cambridge, 1999)`
        let before = before.rsplit_once(", ").map_or(before, |(name, place)| {
            let line = Line::of(place);
            if parts::is_place_piece(&line, 0, line.len()) { name } else { before }
        });
        return Rest { publisher: span(before), ..Rest::default() };
    }
    // A day, and a name before it.
    let comma = line.text[start..date.range.start].trim_end().ends_with(',');
    let starts = before.starts_with(char::is_uppercase) || comma && before.split(' ').count() <= 4;
    let named = quoted && date.date.day.is_some() && starts && !before.contains(". ");
    Rest { container: named.then(|| span(before)).flatten(), tokens: at..at, ..Rest::default() }
}

fn is_edition_words(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && crate::fold::words(text).iter().any(|word| cue::one_of(word, "ed edn edition aufl auflage"))
}

/// `Polity`, `Hamish Hamilton`: capital letters and no place.
fn is_short_name(text: &str) -> bool {
    let line = Line::of(text);
    line.len() <= 3
        && (0..line.len()).all(|t| line.capital(t) || line.is_mark(t, &['&']))
        && !parts::is_place_piece(&line, 0, line.len())
}
