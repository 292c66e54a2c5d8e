//! Lines of a source that make one text, as a paragraph does, with the place of each.

/// A text put together from lines.
pub(super) struct Joined {
    pub(super) text: String,
    /// Where each line starts, here and in the source.
    lines: Vec<(usize, usize)>,
}

impl Joined {
    /// Joins lines, each with the byte of the source where it starts, with line feeds.
    pub(super) fn of<'t>(block: impl IntoIterator<Item = (usize, &'t str)>) -> Self {
        let mut joined = Joined { text: String::new(), lines: Vec::new() };
        for (at, line) in block {
            if !joined.lines.is_empty() {
                joined.text.push('\n');
            }
            joined.lines.push((joined.text.len(), at));
            joined.text.push_str(line);
        }
        joined
    }

    /// The byte of the source that a byte of the text comes from.
    pub(super) fn source(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|(start, _)| *start <= at).max(1) - 1;
        self.lines.get(line).map_or(0, |(start, source)| source + at - start)
    }

    /// The lines of a part of the text, each with its byte of the source; `None` stands for the end of
    /// a line.
    pub(super) fn pieces(&self, from: usize, to: usize) -> impl Iterator<Item = (usize, Option<&str>)> {
        let mut at = from;
        self.text[from..to].split_inclusive('\n').flat_map(move |line| {
            let start = self.source(at);
            at += line.len();
            let bare = line.strip_suffix('\n').unwrap_or(line);
            let text = (!bare.is_empty()).then_some((start, Some(bare)));
            let end = (bare.len() < line.len()).then_some((start + bare.len(), None));
            [text, end].into_iter().flatten()
        })
    }
}
