//! Characters in the order in which they stand → the order in which they are read.

/// Reorders the cells of a line, which stand from left to right. A line that is mostly written from
/// right to left is read so, numbers and Latin words in it from left to right; in other lines only
/// the stretches that are written so are turned. On a page that is written `leftward`, a line is read
/// so if it has anything of it, or begins with what ends a sentence. This is what remains of the
/// Unicode bidirectional algorithm (UAX #9) where the levels are gone.
pub(super) fn logical<T>(cells: Vec<T>, of: impl Fn(&T) -> char, on_leftward: bool) -> Vec<T> {
    let (rightward, leftward) = directions(cells.iter().map(&of));
    let mut shown = cells.iter().map(&of).filter(|c| !c.is_whitespace());
    let (first, last) = (shown.next(), shown.next_back());
    let ends = |c: Option<char>| c.is_some_and(|c| matches!(c, '.' | ',' | ';' | '؛' | '،'));
    // `/p/ ,2013`: the comma stands on the left of what it follows.
    let parted = |three: &[T]| {
        of(&three[0]).is_whitespace() && ends(Some(of(&three[1]))) && !of(&three[2]).is_whitespace()
    };
    if leftward == 0 && !(on_leftward && (ends(first) || cells.windows(3).any(parted))) {
        return cells;
    }
    let rightward_line = first.is_some_and(|c| c.is_alphanumeric() && !is_leftward(c)) && ends(last);
    let whole = leftward > rightward || on_leftward && !rightward_line;
    let turned: Vec<bool> = strong(&cells, &of, whole);
    let mut out: Vec<T> = Vec::with_capacity(cells.len());
    let mut runs: Vec<Vec<T>> = Vec::new();
    let mut last = None;
    for (cell, leftward) in cells.into_iter().zip(turned) {
        if last != Some(leftward) {
            runs.push(Vec::new());
            last = Some(leftward);
        }
        if let Some(run) = runs.last_mut() {
            run.push(cell);
        }
    }
    if whole {
        runs.reverse();
    }
    for mut run in runs {
        if run.iter().any(|cell| is_leftward(of(cell)))
            || whole && !run.iter().any(|cell| of(cell).is_alphanumeric())
        {
            run.reverse();
        }
        out.extend(run);
    }
    out
}

/// How many letters are written from left to right, and how many from right to left.
pub(super) fn directions(text: impl Iterator<Item = char>) -> (usize, usize) {
    let (mut rightward, mut leftward) = (0, 0);
    for c in text {
        if is_leftward(c) {
            leftward += 1;
        } else if c.is_alphabetic() {
            rightward += 1;
        }
    }
    (rightward, leftward)
}

/// Which cells are written from right to left; what has no direction goes with its neighbours where
/// they agree, else with the line.
fn strong<T>(cells: &[T], of: &impl Fn(&T) -> char, whole: bool) -> Vec<bool> {
    let direction = |cell: &T| {
        let c = of(cell);
        if is_leftward(c) { Some(true) } else { c.is_alphanumeric().then_some(false) }
    };
    let known: Vec<Option<bool>> = cells.iter().map(direction).collect();
    let mut before = Vec::with_capacity(known.len());
    let mut last = None;
    for known in &known {
        last = known.or(last);
        before.push(last);
    }
    let mut next = None;
    let mut out = vec![whole; known.len()];
    for index in (0..known.len()).rev() {
        next = known[index].or(next);
        out[index] = match known[index] {
            Some(direction) => direction,
            None if before[index] == next => next.unwrap_or(whole),
            None => whole,
        };
    }
    if whole {
        part_numbers(cells, of, &known, &mut out);
    }
    out
}

/// In a text that is read from right to left, a comma and a space part a number or an address from
/// the next: `2021, https://a.example` is two stretches.
fn part_numbers<T>(cells: &[T], of: &impl Fn(&T) -> char, known: &[Option<bool>], turned: &mut [bool]) {
    let mut from = 0;
    for stretch in known.chunk_by(|a, b| a.is_none() == b.is_none()) {
        let range = from..from + stretch.len();
        from = range.end;
        if stretch[0].is_some() {
            continue;
        }
        // The comma touches what stands before it: the word on its right, if that is read first.
        let space = range.clone().find(|at| of(&cells[*at]).is_whitespace());
        let comma = matches!(of(&cells[range.end - 1]), ',' | '،' | ';' | '؛');
        if let Some(space) = space.filter(|_| comma) {
            turned[space..range.end].fill(true);
        }
    }
}

/// Hebrew, Arabic and their relatives.
pub(super) fn is_leftward(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}')
        && c.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shown: &str, want: &str) {
        on_page(shown, want, false);
    }

    #[track_caller]
    fn on_page(shown: &str, want: &str, leftward: bool) {
        let read: String = logical(shown.chars().collect(), |c| *c, leftward).into_iter().collect();
        assert_eq!(read, want);
    }

    #[test]
    fn few_words_in_a_leftward_page_are_read_as_the_page_is() {
        on_page(".86 ,2022", "2022, 86.", true);
        on_page(
            ".https://lindby.example/p/2012 ,2018 ,ריע",
            "עיר, 2018, https://lindby.example/p/2012.",
            true,
        );
        on_page("https://lindby.example/p/ ,2013", "2013, https://lindby.example/p/", true);
        on_page("Quays, London 2019.", "Quays, London 2019.", true);
        on_page("https://lindby.example/p/2012", "https://lindby.example/p/2012", true);
    }

    #[test]
    fn words_are_turned_and_numbers_kept() {
        check("plain", "plain");
        check("םולש 12", "12 שלום");
        check("12 םולש", "שלום 12");
        check("see םולש here", "see שלום here");
        check("םולש London, 2019 םולש", "שלום London, 2019 שלום");
        check(".https://a.b/c ,2021 יאמב 3 ,ץראה םולש", "שלום הארץ, 3 במאי 2021, https://a.b/c.");
    }
}
