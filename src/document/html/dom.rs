//! Bytes of a page → its elements, by the parsing rules of the
//! [HTML standard](https://html.spec.whatwg.org/multipage/parsing.html) as html5ever implements them.
//!
//! Two things are added to them. `<a id="n1"/>` is closed where it stands, as its author meant it,
//! since XHTML is often kept under the name of HTML. And nesting has a bottom: beyond it the rules
//! take time that grows with the square of the depth.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    EndTag, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, LocalName, QualName, TokenizerResult};

use crate::document::ReadError;

/// Browsers stop nesting at 512; what authors left unclosed nests too.
const DEEPEST: u16 = 1000;

const MOST_ATTRIBUTES: usize = 2000;

/// No node, where one may be missing.
const NONE: usize = usize::MAX;

/// The nodes of a page; the first is the document itself.
#[derive(Debug, Default)]
pub(super) struct Dom {
    nodes: Vec<Node>,
}

/// One node and its neighbours.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) data: Data,
    /// Line of the file where it begins, counted from 1.
    pub(super) line: u32,
    depth: u16,
    parent: usize,
    first: usize,
    last: usize,
    before: usize,
    after: usize,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Data {
    Element {
        name: QualName,
        attributes: Vec<Attribute>,
    },
    Text(StrTendril),
    /// The document, comments, what templates hold.
    Other,
}

impl Dom {
    /// The node.
    pub(super) fn node(&self, index: usize) -> &Node {
        &self.nodes[index]
    }

    /// The text directly in an element.
    pub(super) fn text_of(&self, at: usize) -> String {
        let children =
            std::iter::successors(self.nodes.get(self.nodes[at].first), |node| self.nodes.get(node.after));
        let texts = children.filter_map(|node| match &node.data {
            Data::Text(text) => Some(&**text),
            _ => None,
        });
        texts.collect()
    }

    /// Calls `enter` for every node in the order of the page and `leave` where its content ends.
    /// What `enter` refuses is passed over.
    pub(super) fn walk(&self, mut step: impl FnMut(Step) -> bool) {
        let mut at = 0;
        loop {
            let within = step(Step::Enter(at)) && self.nodes[at].first != NONE;
            if within {
                at = self.nodes[at].first;
                continue;
            }
            loop {
                step(Step::Leave(at));
                if self.nodes[at].after != NONE {
                    at = self.nodes[at].after;
                    break;
                }
                at = self.nodes[at].parent;
                if at == NONE {
                    return;
                }
            }
        }
    }

    fn add(&mut self, data: Data, line: u32) -> usize {
        let (parent, first, last, before, after) = (NONE, NONE, NONE, NONE, NONE);
        self.nodes.push(Node { data, line, depth: 0, parent, first, last, before, after });
        self.nodes.len() - 1
    }

    fn detach(&mut self, at: usize) {
        let Node { parent, before, after, .. } = self.nodes[at];
        if parent == NONE {
            return;
        }
        match before {
            NONE => self.nodes[parent].first = after,
            before => self.nodes[before].after = after,
        }
        match after {
            NONE => self.nodes[parent].last = before,
            after => self.nodes[after].before = before,
        }
        let node = &mut self.nodes[at];
        (node.parent, node.before, node.after) = (NONE, NONE, NONE);
    }

    /// Puts a node among the children of `parent`, before `sibling` or at the end.
    fn attach(&mut self, at: usize, parent: usize, sibling: usize) {
        self.detach(at);
        let before = if sibling == NONE { self.nodes[parent].last } else { self.nodes[sibling].before };
        let depth = self.nodes[parent].depth.saturating_add(1);
        let node = &mut self.nodes[at];
        (node.parent, node.before, node.after, node.depth) = (parent, before, sibling, depth);
        match before {
            NONE => self.nodes[parent].first = at,
            before => self.nodes[before].after = at,
        }
        match sibling {
            NONE => self.nodes[parent].last = at,
            sibling => self.nodes[sibling].before = at,
        }
    }

    fn insert(&mut self, child: NodeOrText<usize>, parent: usize, sibling: usize, line: u32) -> u16 {
        let before = if sibling == NONE { self.nodes[parent].last } else { self.nodes[sibling].before };
        let at = match child {
            NodeOrText::AppendNode(at) => at,
            NodeOrText::AppendText(text) => {
                if before != NONE
                    && let Data::Text(earlier) = &mut self.nodes[before].data
                {
                    earlier.push_tendril(&text);
                    return 0;
                }
                self.add(Data::Text(text), line)
            }
        };
        self.attach(at, parent, sibling);
        self.nodes[at].depth
    }
}

/// A step of [`Dom::walk`].
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Enter(usize),
    Leave(usize),
}

/// Parses a page.
pub(super) fn parse(text: &str) -> Result<Dom, ReadError> {
    /// Between two pieces it is looked whether to go on.
    const PIECE: usize = 16 * 1024;
    if let Some(at) = overlong_tag(text) {
        let line = text[..at].matches('\n').count() + 1;
        let reason = format!("a tag has more than {MOST_ATTRIBUTES} attributes");
        return Err(ReadError::Damaged { part: format!("line {line}"), reason });
    }
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let sink = Sink::default();
    sink.line.set(1);
    sink.dom.borrow_mut().add(Data::Other, 1);
    let closing = Closing { builder: TreeBuilder::new(sink, options) };
    let tokenizer = Tokenizer::new(closing, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE.min(rest.len())));
        rest = after;
        queue.push_back(StrTendril::from_slice(piece));
        // The parser stops at scripts and at what a page says of its encoding; neither concerns it here.
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        let sink = &tokenizer.sink.builder.sink;
        if sink.deepest.get() > DEEPEST {
            let reason = format!("elements are nested more than {DEEPEST} deep");
            return Err(ReadError::Damaged { part: format!("line {}", sink.line.get()), reason });
        }
    }
    tokenizer.end();
    Ok(tokenizer.sink.builder.sink.dom.take())
}

/// Where a tag begins that has more attributes than any has: comparing each with all others takes
/// time that grows with the square of their number.
fn overlong_tag(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(start) = text[from..].find('<').map(|at| from + at) {
        let end = text[start..].find('>').map_or(text.len(), |at| start + at);
        let tag = &text[start..end];
        let named = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic());
        if named && tag.len() > MOST_ATTRIBUTES && tag.split_ascii_whitespace().count() > MOST_ATTRIBUTES {
            return Some(start);
        }
        from = end;
    }
    None
}

/// Closes the elements that close themselves.
struct Closing {
    builder: TreeBuilder<usize, Sink>,
}

/// Elements that HTML does not let close themselves but that authors of XHTML do.
fn closes_itself(name: &LocalName) -> bool {
    const NAMES: &[&str] = &[
        "a",
        "abbr",
        "article",
        "aside",
        "b",
        "blockquote",
        "button",
        "canvas",
        "caption",
        "cite",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "i",
        "iframe",
        "ins",
        "label",
        "li",
        "main",
        "nav",
        "object",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "script",
        "section",
        "select",
        "small",
        "span",
        "strong",
        "style",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "u",
        "ul",
        "video",
    ];
    NAMES.binary_search(&&**name).is_ok()
}

impl TokenSink for Closing {
    type Handle = usize;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<usize> {
        let Token::TagToken(tag) = &token else { return self.builder.process_token(token, line) };
        if tag.kind != StartTag || !tag.self_closing || !closes_itself(&tag.name) {
            return self.builder.process_token(token, line);
        }
        let end = Tag { kind: EndTag, self_closing: false, attrs: Vec::new(), ..tag.clone() };
        // What follows is not the content of this element, whatever its name says about it.
        let _ = self.builder.process_token(token, line);
        self.builder.process_token(TagToken(end), line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Takes what the parser makes.
#[derive(Default)]
struct Sink {
    dom: RefCell<Dom>,
    line: Cell<u32>,
    deepest: Cell<u16>,
}

impl Sink {
    fn add(&self, data: Data) -> usize {
        self.dom.borrow_mut().add(data, self.line.get())
    }

    fn insert(&self, child: NodeOrText<usize>, parent: usize, sibling: usize) {
        let depth = self.dom.borrow_mut().insert(child, parent, sibling, self.line.get());
        self.deepest.set(self.deepest.get().max(depth));
    }

    fn parent(&self, at: usize) -> usize {
        self.dom.borrow().nodes[at].parent
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = ();
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name<'a>(&'a self, target: &usize) -> Ref<'a, QualName> {
        Ref::map(self.dom.borrow(), |dom| match &dom.nodes[*target].data {
            Data::Element { name, .. } => name,
            _ => unreachable!("only elements are asked for their names"),
        })
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> usize {
        self.add(Data::Element { name, attributes })
    }

    fn create_comment(&self, _: StrTendril) -> usize {
        self.add(Data::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        self.add(Data::Other)
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        self.insert(child, *parent, NONE);
    }

    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        if let NodeOrText::AppendNode(at) = &child {
            self.dom.borrow_mut().detach(*at);
        }
        let parent = self.parent(*sibling);
        if parent != NONE {
            self.insert(child, parent, *sibling);
        }
    }

    fn append_based_on_parent_node(&self, element: &usize, previous: &usize, child: NodeOrText<usize>) {
        if self.parent(*element) == NONE {
            self.append(previous, child);
        } else {
            self.append_before_sibling(element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, _: &usize) -> usize {
        // What templates hold is shown nowhere: it goes to a node of its own.
        self.add(Data::Other)
    }

    fn same_node(&self, x: &usize, y: &usize) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn add_attrs_if_missing(&self, target: &usize, more: Vec<Attribute>) {
        if let Data::Element { attributes, .. } = &mut self.dom.borrow_mut().nodes[*target].data {
            for attribute in more {
                if !attributes.iter().any(|known| known.name == attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &usize) {
        self.dom.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &usize, parent: &usize) {
        let mut dom = self.dom.borrow_mut();
        while dom.nodes[*node].first != NONE {
            let child = dom.nodes[*node].first;
            dom.attach(child, *parent, NONE);
        }
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(u32::try_from(line).unwrap_or(u32::MAX));
    }
}
