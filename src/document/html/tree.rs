//! The pages of a document as one row of nodes in reading order, and the text that they show.
//!
//! Everything that finding notes asks (what lies inside what, how far apart two things are, which
//! text an element shows) is a comparison of two numbers here.

use std::collections::HashMap;
use std::ops::Range;

use html5ever::LocalName;
use html5ever::tendril::StrTendril;

use super::dom::{Data, Dom, Step};

/// Elements of one or several pages.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// All the text that is shown, white space collapsed.
    pub(super) text: String,
    /// Nodes by page and by `id` (for links also by `name`).
    ids: HashMap<(u32, String), usize>,
    pages: HashMap<String, u32>,
}

/// An element, or a stretch of text.
#[derive(Debug)]
pub(super) struct Node {
    /// Local name of the element, empty for text.
    pub(super) name: LocalName,
    attributes: Vec<(LocalName, StrTendril)>,
    pub(super) page: u32,
    pub(super) line: u32,
    /// The element around it; its own index if there is none.
    pub(super) parent: usize,
    /// The index after the last node inside it.
    pub(super) end: usize,
    /// What it shows, in bytes of the text of the tree.
    pub(super) text: Range<usize>,
    /// Which of the items of its list it is, counted from 1; 0 for other elements.
    pub(super) item: u32,
}

impl Node {
    /// The value of an attribute, names as they are written (`epub:type`).
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| &**known == name).map(|(_, value)| &**value)
    }

    /// Whether an attribute made of words has one of these words, whatever its case.
    pub(super) fn has_word(&self, attribute: &str, words: &[&str]) -> bool {
        self.attribute(attribute).is_some_and(|value| {
            value.split_ascii_whitespace().any(|word| words.iter().any(|w| w.eq_ignore_ascii_case(word)))
        })
    }

    /// Whether it is text.
    pub(super) fn is_text(&self) -> bool {
        self.name.is_empty()
    }

    /// Whether it keeps the words in it apart from those around it.
    pub(super) fn is_block(&self) -> bool {
        const BLOCKS: &[&str] = &[
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "html",
            "li",
            "main",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
            "summary",
            "table",
            "tbody",
            "td",
            "tfoot",
            "th",
            "thead",
            "tr",
            "ul",
        ];
        BLOCKS.binary_search(&&*self.name).is_ok()
    }
}

/// An element whose content is being added.
struct Open {
    index: usize,
    /// Items that were in it so far.
    items: u32,
}

/// Elements that show nothing, or nothing that is text of the document.
const UNSEEN: &[&str] = &[
    "annotation",
    "annotation-xml",
    "audio",
    "canvas",
    "datalist",
    "embed",
    "head",
    "iframe",
    "noscript",
    "object",
    "option",
    "rp",
    "rt",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
];

impl Tree {
    /// Adds a page. `name` is what other pages call it.
    pub(super) fn add(&mut self, name: &str, dom: &Dom) {
        let page = self.pages.len() as u32;
        self.pages.insert(name.to_owned(), page);
        let mut open: Vec<Open> = Vec::new();
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        dom.walk(|step| match step {
            Step::Enter(at) => self.enter(dom.node(at), page, &mut open),
            Step::Leave(at) => {
                if let Data::Element { name, .. } = &dom.node(at).data
                    && UNSEEN.binary_search(&&*name.local).is_err()
                {
                    self.leave(&mut open);
                }
                true
            }
        });
    }

    fn enter(&mut self, node: &super::dom::Node, page: u32, open: &mut Vec<Open>) -> bool {
        let index = self.nodes.len();
        let parent = open.last().map_or(index, |open| open.index);
        let start = self.text.len();
        match &node.data {
            Data::Other => return true,
            Data::Text(text) => {
                self.show(text);
                let text = start..self.text.len();
                let (name, attributes, end) = (LocalName::default(), Vec::new(), index + 1);
                self.nodes.push(Node { name, attributes, page, line: node.line, parent, end, text, item: 0 });
                return true;
            }
            Data::Element { name, .. } if UNSEEN.binary_search(&&*name.local).is_ok() => return false,
            Data::Element { name, attributes } => {
                let attributes = attributes.iter().map(|a| (a.name.local.clone(), a.value.clone())).collect();
                let mut item = 0;
                if &*name.local == "li"
                    && let Some(list) = open.last_mut()
                {
                    list.items += 1;
                    item = list.items;
                }
                let node = Node {
                    name: name.local.clone(),
                    attributes,
                    page,
                    line: node.line,
                    parent,
                    end: index + 1,
                    text: start..start,
                    item,
                };
                let name = node.attribute("name").filter(|_| &*node.name == "a");
                for id in [node.attribute("id"), node.attribute("xml:id"), name] {
                    if let Some(id) = id.filter(|id| !id.is_empty()) {
                        self.ids.entry((page, id.to_owned())).or_insert(index);
                    }
                }
                if node.is_block() || &*node.name == "br" {
                    self.show(" ");
                }
                self.nodes.push(node);
                open.push(Open { index, items: 0 });
            }
        }
        true
    }

    fn leave(&mut self, open: &mut Vec<Open>) {
        let Some(Open { index, .. }) = open.pop() else { return };
        let (end, text) = (self.nodes.len(), self.text.len());
        let node = &mut self.nodes[index];
        node.end = end;
        node.text.end = text;
        if node.is_block() {
            self.show(" ");
        }
    }

    fn show(&mut self, text: &str) {
        for c in text.chars() {
            let c = if c.is_whitespace() { ' ' } else { c };
            if c != ' ' || !self.text.ends_with([' ', '\n']) {
                self.text.push(c);
            }
        }
    }

    /// What a node shows, without white space at its ends.
    pub(super) fn shown(&self, index: usize) -> &str {
        self.text[self.nodes[index].text.clone()].trim()
    }

    /// The nodes around a node, the innermost first.
    pub(super) fn ancestors(&self, index: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(index), |at| {
            let parent = self.nodes[*at].parent;
            (parent != *at).then_some(parent)
        })
        .skip(1)
    }

    /// Whether `inner` is `outer` or lies in it.
    pub(super) fn contains(&self, outer: usize, inner: usize) -> bool {
        outer <= inner && inner < self.nodes[outer].end
    }

    /// The innermost block around a node, or the node itself.
    pub(super) fn block(&self, index: usize) -> usize {
        let mut around = std::iter::once(index).chain(self.ancestors(index));
        around.find(|at| self.nodes[*at].is_block()).unwrap_or(index)
    }

    /// The node that a reference inside the document names, as seen from a page.
    pub(super) fn named(&self, page: u32, id: &str) -> Option<usize> {
        self.ids.get(&(page, id.to_owned())).copied()
    }

    /// The number of a page.
    pub(super) fn page(&self, name: &str) -> Option<u32> {
        self.pages.get(name).copied()
    }
}
