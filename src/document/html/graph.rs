//! References inside a document: which link leads to which element, and which lead to a place.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use super::tree::Tree;
use crate::document::package;

/// A link that leads to an element of the same document.
#[derive(Debug)]
pub(super) struct Anchor {
    pub(super) node: usize,
    pub(super) target: usize,
    /// The id of the target, as the link names it.
    pub(super) id: String,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// In the order of the document.
    pub(super) anchors: Vec<Anchor>,
    /// Links to ids that the page does not have.
    pub(super) nowhere: Vec<(usize, String)>,
    by_node: HashMap<usize, usize>,
    by_target: HashMap<usize, Vec<usize>>,
}

impl Graph {
    /// Follows every link of a document; `pages` are the names of its pages.
    pub(super) fn of(tree: &Tree, pages: &[String]) -> Self {
        let mut graph = Graph::default();
        for (node, element) in tree.nodes.iter().enumerate() {
            if &*element.name != "a" {
                continue;
            }
            let Some((file, id)) = element.attribute("href").and_then(|href| href.trim().split_once('#'))
            else {
                continue;
            };
            let page = file_page(tree, pages, element.page, file);
            let decoded = percent_decode_str(id).decode_utf8_lossy();
            let Some(target) = tree.named(page, id).or_else(|| tree.named(page, &decoded)) else {
                if file.is_empty() && !id.is_empty() {
                    graph.nowhere.push((node, decoded.into_owned()));
                }
                continue;
            };
            if target != node {
                graph.by_node.insert(node, graph.anchors.len());
                graph.by_target.entry(target).or_default().push(graph.anchors.len());
                graph.anchors.push(Anchor { node, target, id: decoded.into_owned() });
            }
        }
        graph
    }

    /// The anchor that a node is.
    pub(super) fn anchor(&self, node: usize) -> Option<&Anchor> {
        self.by_node.get(&node).map(|index| &self.anchors[*index])
    }

    /// Anchors that lead to where a node stands, be it that their target is the node, lies in it, is
    /// wrapped around it, or is an empty mark beside it.
    pub(super) fn leading_to<'g>(&'g self, tree: &'g Tree, node: usize) -> impl Iterator<Item = &'g Anchor> {
        /// So many to one place are a table of contents.
        const MOST: usize = 64;
        let targets = places(tree, node);
        targets
            .into_iter()
            .filter_map(|target| self.by_target.get(&target))
            .flat_map(|from| from.iter().take(MOST))
            .map(|index| &self.anchors[*index])
            .filter(move |anchor| anchor.node != node)
    }
}

/// Whether a node is a place where another one stands.
pub(super) fn stands_at(tree: &Tree, place: usize, node: usize) -> bool {
    if tree.contains(place, node) {
        return place >= tree.block(node);
    }
    let (place_text, text) = (&tree.nodes[place].text, &tree.nodes[node].text);
    let before = &tree.text[place_text.start.min(text.start)..text.start];
    let after = &tree.text[text.end.min(place_text.end)..place_text.end];
    let near = before.len() <= 4 && after.len() <= 4 && !before.contains('\n');
    near && tree.nodes[place].page == tree.nodes[node].page
}

/// Every node at which a node stands.
fn places(tree: &Tree, node: usize) -> Vec<usize> {
    /// Nodes between a callout and the mark beside it.
    const NEAR: usize = 10;
    let near = node.saturating_sub(NEAR)..(node + NEAR).min(tree.nodes.len());
    let mut places: Vec<usize> = near.filter(|place| stands_at(tree, *place, node)).collect();
    let block = tree.block(node);
    let around = tree.ancestors(node).take_while(|at| *at >= block);
    places.extend(around.filter(|at| at + NEAR < node));
    places
}

/// The page that the file part of a reference means. Saved pages name themselves in full, and under
/// names that they no longer have.
fn file_page(tree: &Tree, pages: &[String], own: u32, file: &str) -> u32 {
    if file.is_empty() || file.contains("://") || file.starts_with("//") {
        return own;
    }
    let file = percent_decode_str(file).decode_utf8_lossy();
    let from = pages.get(own as usize).map_or("", String::as_str);
    tree.page(&package::resolve(from, &file)).unwrap_or(own)
}
