//! From where to where a note goes, once it is known which element its callout leads to.

use std::ops::Range;

use super::label::{is_bracket, label, speaks_of_notes};
use super::tree::Tree;

/// The block that the target of a callout is, is in, or stands before.
pub(super) fn block(tree: &Tree, target: usize) -> usize {
    let block = tree.block(target);
    if tree.nodes[target].text.is_empty() {
        // An empty mark before the paragraph that it names.
        let next = tree.nodes[target].end;
        let follows = tree.nodes.get(next).is_some_and(|node| {
            node.is_block()
                && next < tree.nodes[block].end.max(next + 1)
                && node.parent == tree.nodes[target].parent
        });
        if follows {
            return next;
        }
    }
    block
}

/// The number that a list prints before an item.
pub(super) fn ordinal(tree: &Tree, item: usize) -> Option<u32> {
    let node = &tree.nodes[item];
    let list = &tree.nodes[node.parent];
    if &*node.name != "li" || &*list.name != "ol" {
        return None;
    }
    if let Some(value) = node.attribute("value").and_then(|value| value.trim().parse().ok()) {
        return Some(value);
    }
    let first: u32 = list.attribute("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
    Some(first + node.item.saturating_sub(1))
}

/// The nodes of each note; `None` where a target is only another name of the note before.
///
/// `targets` and `calls` are in the order of the document.
pub(super) fn regions(tree: &Tree, targets: &[usize], calls: &[usize]) -> Vec<Option<Range<usize>>> {
    let around = Around { tree, targets, calls };
    let blocks: Vec<usize> = targets.iter().map(|target| block(tree, *target)).collect();
    let mut regions: Vec<Option<Range<usize>>> = Vec::with_capacity(targets.len());
    for (index, target) in targets.iter().enumerate() {
        let block = blocks[index];
        let shares = |other: Option<usize>| {
            other.is_some_and(|other| tree.contains(block, targets[other]) && targets[other] != block)
        };
        let before = index.checked_sub(1).filter(|before| blocks[*before] == block);
        if let Some(before) = before
            && tree.text[tree.nodes[targets[before]].text.start..tree.nodes[*target].text.start]
                .trim()
                .is_empty()
        {
            regions.push(None);
            continue;
        }
        let next = targets.get(index + 1).map(|_| index + 1);
        let region = if before.is_some() || shares(next) && blocks[index + 1] == block {
            // Several notes in one block: each goes to the next.
            let end = next.filter(|next| tree.contains(block, targets[*next])).map(|next| targets[next]);
            *target..end.unwrap_or(tree.nodes[block].end)
        } else {
            around.whole(index, block)
        };
        regions.push(Some(region));
    }
    // Whatever was misjudged, notes do not overlap unless one lies in the other.
    for index in 1..regions.len() {
        let (before, from) = regions.split_at_mut(index);
        if let (Some(Some(last)), Some(Some(region))) = (before.last_mut(), from.first())
            && last.start < region.start
            && last.end > region.start
            && last.end < region.end
        {
            last.end = region.start;
        }
    }
    regions
}

struct Around<'a> {
    tree: &'a Tree,
    targets: &'a [usize],
    calls: &'a [usize],
}

impl Around<'_> {
    /// The whole of a note that begins in a block of its own: the block, what it is wrapped in, and
    /// the paragraphs that follow it.
    fn whole(&self, index: usize, block: usize) -> Range<usize> {
        let tree = self.tree;
        let mut outer = block;
        for around in tree.ancestors(block) {
            if !self.is_wrapper(around, index) {
                break;
            }
            outer = around;
        }
        let own = outer.min(self.targets[index])..tree.nodes[outer].end;
        let parent = tree.nodes[outer].parent;
        let empty = text_after_label(tree, outer).is_empty();
        let next_target = self.targets.get(index + 1).copied().unwrap_or(usize::MAX);
        let next_call = self.calls.get(self.calls.partition_point(|call| *call < own.end)).copied();
        let limit = tree.nodes[parent].end.min(next_target).min(next_call.unwrap_or(usize::MAX));
        // Paragraphs after the first belong to the note if they are made like it and another note
        // follows, or if the first held the label alone.
        let followed = next_target < tree.nodes[parent].end;
        let same = |at: usize| {
            tree.nodes[at].name == tree.nodes[outer].name
                && tree.nodes[at].attribute("class") == tree.nodes[outer].attribute("class")
                && tree.nodes[at].attribute("class").is_some()
        };
        let mut end = own.end;
        let mut next = own.end;
        while next < limit && tree.nodes[next].end <= limit {
            let is_text = tree.nodes[next].is_text() && tree.shown(next).is_empty();
            let continues =
                empty && end == own.end || followed && same(next) || empty && &*tree.nodes[next].name == "dd";
            if !is_text && !continues {
                break;
            }
            next = tree.nodes[next].end;
            if !is_text {
                end = next;
            }
        }
        own.start..end
    }

    /// Whether an element is wrapped around one note and nothing else.
    fn is_wrapper(&self, around: usize, index: usize) -> bool {
        const ALWAYS: &[&str] = &["li", "aside", "tr", "td", "dd"];
        const PERHAPS: &[&str] = &["div", "section", "blockquote", "table", "tbody", "article", "dl"];
        let tree = self.tree;
        let node = &tree.nodes[around];
        let name = &*node.name;
        if !ALWAYS.contains(&name) && !PERHAPS.contains(&name) {
            return false;
        }
        let within = |sorted: &[usize]| {
            sorted.partition_point(|at| *at < node.end) - sorted.partition_point(|at| *at < around)
        };
        let before =
            &tree.text[node.text.start..tree.nodes[self.targets[index]].text.start.max(node.text.start)];
        let before = before.trim_matches(is_bracket);
        let begins = before.is_empty() || before.len() <= 8 && label(before).is_some();
        let note = self.targets[index];
        // Callouts inside the note itself do no harm.
        let own = block(tree, note);
        let own = own..tree.nodes[own].end;
        let calls = within(self.calls) - {
            let calls = self.calls;
            calls.partition_point(|at| *at < own.end) - calls.partition_point(|at| *at < own.start)
        };
        let alone = within(self.targets) <= 1 && calls == 0 && begins;
        alone && (ALWAYS.contains(&name) || self.is_parallel(around, index) || names_one_note(tree, around))
    }

    /// Whether a sibling of the same kind holds the note before or after.
    fn is_parallel(&self, around: usize, index: usize) -> bool {
        let tree = self.tree;
        let parent = tree.nodes[around].parent;
        let holds = |other: usize| {
            tree.contains(parent, other)
                && std::iter::once(other)
                    .chain(tree.ancestors(other))
                    .find(|at| tree.nodes[*at].parent == parent)
                    .is_some_and(|sibling| {
                        sibling != around && tree.nodes[sibling].name == tree.nodes[around].name
                    })
        };
        let before = index.checked_sub(1).map(|before| self.targets[before]);
        let after = self.targets.get(index + 1).copied();
        parent != around && [before, after].into_iter().flatten().any(holds)
    }
}

fn names_one_note(tree: &Tree, at: usize) -> bool {
    let node = &tree.nodes[at];
    [node.attribute("id"), node.attribute("class")].into_iter().flatten().any(speaks_of_notes)
}

/// What a block says beyond a label.
fn text_after_label(tree: &Tree, block: usize) -> &str {
    let text = tree.shown(block).trim_matches(is_bracket);
    if label(text).is_some() { "" } else { text }
}
