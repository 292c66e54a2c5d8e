//! Which links of a page are callouts, and which elements the notes that they call.
//!
//! Pages mark notes in a hundred ways, and most mark them only for the eye. What they have in common
//! is the two links: the callout leads to the note, and the note, as a rule, back to the callout. A
//! short link counts as a callout where that is so, or where a role says so
//! ([DPUB-ARIA](https://www.w3.org/TR/dpub-aria-1.1/), `epub:type`), or where the note begins with the
//! same label and its names speak of notes.

use std::collections::{HashMap, HashSet};

use super::graph::{Anchor, Graph};
use super::label::{is_arrow, is_bracket, label, speaks_of_notes};
use super::region;
use super::tree::{Node, Tree};

/// The notes of a document and what refers to them.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In the order of the document.
    pub(super) notes: Vec<Note>,
    /// Callouts: node and index of the note.
    pub(super) calls: HashMap<usize, usize>,
    /// Callouts that lead nowhere: node and label.
    pub(super) undefined: HashMap<usize, String>,
}

/// A note.
#[derive(Debug)]
pub(super) struct Note {
    /// As its callout prints it.
    pub(super) label: String,
    /// Its first node.
    pub(super) start: usize,
    /// Index after its last node.
    pub(super) end: usize,
}

/// A link that may be a callout.
struct Candidate<'g> {
    anchor: &'g Anchor,
    label: String,
    by_role: bool,
    /// The links that lead from the note back to this one.
    backs: Vec<usize>,
}

/// Finds the notes of a document.
pub(super) fn find(tree: &Tree, graph: &Graph) -> Found {
    let candidates: Vec<Candidate> =
        graph.anchors.iter().filter_map(|anchor| candidate(tree, graph, anchor)).collect();
    let by_node: HashMap<usize, &Candidate> = candidates.iter().map(|c| (c.anchor.node, c)).collect();
    let mut ways_back = HashSet::new();
    for link in &candidates {
        for other in link.backs.iter().filter_map(|back| by_node.get(back)) {
            let back = if leads_back(tree, link, other) { link } else { other };
            ways_back.insert(back.anchor.node);
        }
    }
    let mut calls: Vec<&Candidate> =
        candidates.iter().filter(|link| !ways_back.contains(&link.anchor.node)).collect();

    let mut labels: HashMap<usize, &str> = HashMap::new();
    // What is called by several numbers is a list of notes, not a note.
    let mut lists = HashSet::new();
    for call in &calls {
        if *labels.entry(call.anchor.target).or_insert(&call.label) != call.label {
            lists.insert(call.anchor.target);
        }
    }
    calls.retain(|call| !lists.contains(&call.anchor.target));
    labels.retain(|target, _| !lists.contains(target));
    let mut targets: Vec<(usize, String)> =
        labels.iter().map(|(t, label)| (*t, (*label).to_owned())).collect();
    targets.extend(uncalled(tree, &labels));
    targets.sort_unstable();
    let call_nodes: Vec<usize> = calls.iter().map(|call| call.anchor.node).collect();
    let regions = region::regions(tree, &targets.iter().map(|(t, _)| *t).collect::<Vec<_>>(), &call_nodes);

    let mut found = Found::default();
    let mut by_target = HashMap::new();
    for ((target, label), region) in targets.into_iter().zip(regions) {
        match region {
            Some(region) => {
                by_target.insert(target, found.notes.len());
                found.notes.push(Note { label, start: region.start, end: region.end });
            }
            // Another name of the note before it.
            None => drop(by_target.insert(target, found.notes.len().saturating_sub(1))),
        }
    }
    found.calls = calls.iter().map(|call| (call.anchor.node, by_target[&call.anchor.target])).collect();
    found.undefined = undefined(tree, graph);
    found
}

const NOTEREF: &[&str] = &["doc-noteref", "noteref"];
const BACKLINK: &[&str] = &["doc-backlink", "backlink", "referrer"];
const NOTE: &[&str] = &[
    "doc-footnote",
    "doc-endnote",
    "footnote",
    "endnote",
    "rearnote",
    "note",
    "doc-endnotes",
    "doc-footnotes",
    "footnotes",
    "endnotes",
    "rearnotes",
];

/// Whether the semantics of an element, as it declares them, are among these.
fn means(node: &Node, roles: &[&str]) -> bool {
    node.has_word("role", roles) || node.has_word("epub:type", roles)
}

/// Whether a link says itself that it leads from a note back to its callout.
pub(super) fn is_backlink(node: &Node, shown: &str) -> bool {
    const CLASSES: &[&str] =
        &["backlink", "backref", "back-ref", "reversefootnote", "footnote-back", "to-top"];
    let class = node.attribute("class").unwrap_or_default().to_ascii_lowercase();
    means(node, BACKLINK) || is_arrow(shown) || CLASSES.iter().any(|known| class.contains(known))
}

/// A short link that some evidence says is a callout.
fn candidate<'g>(tree: &Tree, graph: &'g Graph, anchor: &'g Anchor) -> Option<Candidate<'g>> {
    let node = &tree.nodes[anchor.node];
    let shown = tree.shown(anchor.node);
    let by_role = means(node, NOTEREF) || node.has_word("rel", &["footnote"]);
    let label = label(shown).or_else(|| (by_role && shown.len() <= 40).then(|| shown.to_owned()))?;
    let block = region::block(tree, anchor.target);
    let in_itself = tree.contains(anchor.target, anchor.node) || tree.contains(block, anchor.node);
    if is_backlink(node, shown) || in_itself {
        return None;
    }
    let backs: Vec<usize> = graph
        .leading_to(tree, anchor.node)
        .map(|back| back.node)
        .filter(|back| tree.contains(block, *back) || tree.contains(*back, anchor.target))
        .collect();
    let heading = tree.nodes[block].name.len() == 2 && tree.nodes[block].name.starts_with('h');
    let around =
        std::iter::once(anchor.target).chain(std::iter::once(block)).chain(tree.ancestors(block).take(3));
    let is_note = by_role || around.into_iter().any(|at| means(&tree.nodes[at], NOTE));
    let believed =
        is_note || !heading && (!backs.is_empty() || begins_with_label(tree, anchor, block, &label, node));
    believed.then_some(Candidate { anchor, label, by_role, backs })
}

/// Whether what a link leads to begins with the label of the link, or is the item of that number in
/// a list, and its names speak of notes.
fn begins_with_label(tree: &Tree, anchor: &Anchor, block: usize, label: &str, link: &Node) -> bool {
    let names = |at: usize| {
        let node = &tree.nodes[at];
        [node.attribute("id"), node.attribute("class"), node.attribute("name")]
            .into_iter()
            .flatten()
            .any(speaks_of_notes)
    };
    let parent = tree.nodes[block].parent;
    let raised = tree.ancestors(anchor.node).take(2).any(|at| &*tree.nodes[at].name == "sup")
        || tree.nodes[anchor.node + 1..link.end].iter().any(|inner| &*inner.name == "sup");
    if !(names(anchor.target) || names(block) || names(parent) || raised) {
        return false;
    }
    let text = tree.shown(block).trim_start_matches(is_bracket);
    let after = text.strip_prefix(label);
    let begins = after.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
    // `<sup>1</sup>5 March`: only the element tells where the number ends.
    let start = tree.nodes[block].text.start;
    let is_number = |at: usize| self::label(tree.shown(at)).as_deref() == Some(label);
    let mut first = block..tree.nodes[block].end.min(block + 8);
    let alone = is_number(anchor.target)
        || first.any(|at| {
            let inner = &tree.nodes[at];
            !inner.is_text() && inner.text.start <= start + 2 && is_number(at)
        });
    begins || alone || region::ordinal(tree, block).is_some_and(|ordinal| ordinal.to_string() == label)
}

/// Of two links that lead to each other's places, whether the first is the one that leads back.
fn leads_back(tree: &Tree, link: &Candidate, other: &Candidate) -> bool {
    if link.by_role != other.by_role {
        return other.by_role;
    }
    // The way back stands before the note; a callout stands after what it is about.
    let (begins, other_begins) = (begins_block(tree, link), begins_block(tree, other));
    if begins != other_begins {
        return begins;
    }
    let (named, other_named) = (names_callout(&link.anchor.id), names_callout(&other.anchor.id));
    if named != other_named {
        return named;
    }
    link.anchor.node > other.anchor.node
}

fn begins_block(tree: &Tree, link: &Candidate) -> bool {
    let start = tree.nodes[tree.block(link.anchor.node)].text.start;
    let before = &tree.text[start..tree.nodes[link.anchor.node].text.start.max(start)];
    before.len() <= 24 && before.trim().trim_start_matches(['^', '↑']).trim_matches(is_bracket).len() <= 3
}

/// Ids of callouts: `fnref1`, `cite_ref-3`, `sdfootnote1anc`, `bodyftn2`.
fn names_callout(id: &str) -> bool {
    let id = id.to_ascii_lowercase();
    ["ref", "anc", "body", "call", "back", "link", "src"].iter().any(|word| id.contains(word))
}

/// Notes that nothing calls: elements whose ids are made like those of the notes that are called.
fn uncalled(tree: &Tree, called: &HashMap<usize, &str>) -> Vec<(usize, String)> {
    let mut patterns: HashMap<(String, &str), usize> = HashMap::new();
    for target in called.keys() {
        let node = &tree.nodes[*target];
        if let Some(pattern) = node.attribute("id").and_then(id_pattern) {
            *patterns.entry((pattern, &node.name)).or_default() += 1;
        }
    }
    patterns.retain(|_, count| *count >= 2);
    if patterns.is_empty() {
        return Vec::new();
    }
    let mut taken = HashSet::new();
    let mut more = Vec::new();
    for (at, node) in tree.nodes.iter().enumerate() {
        let Some(id) = node.attribute("id") else { continue };
        let known = id_pattern(id).is_some_and(|pattern| patterns.contains_key(&(pattern, &*node.name)));
        // An id that occurs twice is that of the first.
        if known && taken.insert((node.page, id)) && !called.contains_key(&at) {
            let digits = id.rsplit(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty());
            let printed = tree.nodes[at..node.end].iter().position(Node::is_text);
            let printed = printed.and_then(|text| label(tree.shown(at + text)));
            let number = printed.or_else(|| digits.map(str::to_owned)).unwrap_or_default();
            more.push((at, number));
        }
    }
    more
}

/// An id with its numbers taken out, if it has any.
fn id_pattern(id: &str) -> Option<String> {
    let mut pattern = String::new();
    for c in id.chars() {
        if !c.is_ascii_digit() {
            pattern.push(c);
        } else if !pattern.ends_with('#') {
            pattern.push('#');
        }
    }
    pattern.contains('#').then_some(pattern)
}

/// Callouts whose note is not in the document.
fn undefined(tree: &Tree, graph: &Graph) -> HashMap<usize, String> {
    let nowhere = graph.nowhere.iter().filter_map(|(at, id)| {
        let node = &tree.nodes[*at];
        let shown = tree.shown(*at);
        let raised = tree.ancestors(*at).take(2).any(|around| &*tree.nodes[around].name == "sup");
        let is_callout = means(node, NOTEREF) || raised && speaks_of_notes(id) && !names_callout(id);
        (is_callout && !is_backlink(node, shown)).then(|| label(shown).map(|label| (*at, label)))?
    });
    nowhere.collect()
}
