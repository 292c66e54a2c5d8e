//! What the names of elements, classes and ids say of the part of the page that they hold.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::outline::{Element, Id, Outline, Spot};
use super::scan::Tag;
use super::tags;

/// What is known of a place on the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Traits(u16);

impl Traits {
    /// Comments of readers.
    pub(super) const COMMENTS: Traits = Traits(1);
    /// Other pages: related, latest, most read.
    pub(super) const TEASER: Traits = Traits(1 << 1);
    /// The foot of the page.
    pub(super) const FOOTER: Traits = Traits(1 << 2);
    /// Navigation.
    pub(super) const NAV: Traits = Traits(1 << 3);
    /// The head of the page.
    pub(super) const HEADER: Traits = Traits(1 << 4);
    /// Not shown.
    pub(super) const HIDDEN: Traits = Traits(1 << 5);
    /// A quotation.
    pub(super) const QUOTED: Traits = Traits(1 << 6);
    /// Events: calendars, programmes, opening hours.
    pub(super) const EVENT: Traits = Traits(1 << 7);
    /// Names itself a date.
    pub(super) const DATE: Traits = Traits(1 << 8);
    /// Names itself the date of publication.
    pub(super) const PUBLISHED: Traits = Traits(1 << 9);
    /// Names itself the date of a change.
    pub(super) const MODIFIED: Traits = Traits(1 << 10);
    /// By-lines and other lines about the article.
    pub(super) const BYLINE: Traits = Traits(1 << 11);
    /// An `<aside>` that says no more: beside the article, or a part of it.
    const BESIDE: Traits = Traits(1 << 12);
    /// An element of a line that holds a date and nothing else.
    pub(super) const ALONE: Traits = Traits(1 << 15);
    /// One article with all that belongs to it.
    const ARTICLE: Traits = Traits(1 << 14);

    /// What sets a place apart from what the page is about.
    pub(super) const APART: Traits = Traits(1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 6 | 1 << 12);
    /// What is about other pages or people for sure.
    pub(super) const FOREIGN: Traits = Traits(1 | 1 << 1 | 1 << 3 | 1 << 6 | 1 << 12);

    /// Has it any of these?
    pub(super) fn any(self, of: Traits) -> bool {
        self.0 & of.0 != 0
    }

    pub(super) const fn and(self, other: Traits) -> Traits {
        Traits(self.0 | other.0)
    }

    pub(super) const fn without(self, other: Traits) -> Traits {
        Traits(self.0 & !other.0)
    }

    fn only(self, of: Traits) -> Traits {
        Traits(self.0 & of.0)
    }
}

/// Words that may stand anywhere in a class or an id.
const INSIDE: &[(&str, Traits)] = &[
    ("comment", Traits::COMMENTS),
    ("kommentar", Traits::COMMENTS),
    ("commentaire", Traits::COMMENTS),
    ("commento", Traits::COMMENTS),
    ("comentario", Traits::COMMENTS),
    ("disqus", Traits::COMMENTS),
    ("teaser", Traits::TEASER),
    ("related", Traits::TEASER),
    ("sidebar", Traits::TEASER),
    ("recommend", Traits::TEASER),
    ("recirc", Traits::TEASER),
    ("trending", Traits::TEASER),
    ("popular", Traits::TEASER),
    ("mostread", Traits::TEASER),
    ("most-read", Traits::TEASER),
    ("most_read", Traits::TEASER),
    ("meistgelesen", Traits::TEASER),
    ("carousel", Traits::TEASER),
    ("outbrain", Traits::TEASER),
    ("taboola", Traits::TEASER),
    ("similar", Traits::TEASER),
    ("read-more", Traits::TEASER),
    ("readmore", Traits::TEASER),
    ("read-next", Traits::TEASER),
    ("more-news", Traits::TEASER),
    ("morenews", Traits::TEASER),
    ("latest", Traits::TEASER),
    ("recent", Traits::TEASER),
    ("ticker", Traits::TEASER),
    ("newslist", Traits::TEASER),
    ("news-list", Traits::TEASER),
    ("headlines", Traits::TEASER),
    ("marginal", Traits::TEASER),
    ("webring", Traits::TEASER),
    ("archive-list", Traits::TEASER),
    ("breadcrumb", Traits::NAV),
    ("navbar", Traits::NAV),
    ("navigation", Traits::NAV),
    ("topbar", Traits::NAV),
    ("top-bar", Traits::NAV),
    ("menu", Traits::NAV),
    ("masthead", Traits::NAV),
    ("footer", Traits::FOOTER),
    ("copyright", Traits::FOOTER),
    ("calendar", Traits::EVENT),
    ("kalender", Traits::EVENT),
    ("event", Traits::EVENT),
    ("termin", Traits::EVENT),
    ("publish", Traits::PUBLISHED),
    ("publicat", Traits::PUBLISHED),
    ("publie", Traits::PUBLISHED),
    ("pubblic", Traits::PUBLISHED),
    ("posted", Traits::PUBLISHED),
    ("pubdate", Traits::PUBLISHED),
    ("entry-date", Traits::PUBLISHED),
    ("entrydate", Traits::PUBLISHED),
    ("post-date", Traits::PUBLISHED),
    ("postdate", Traits::PUBLISHED),
    ("post_date", Traits::PUBLISHED),
    ("article-date", Traits::PUBLISHED),
    ("article_date", Traits::PUBLISHED),
    ("article__date", Traits::PUBLISHED),
    ("articledate", Traits::PUBLISHED),
    ("news-date", Traits::PUBLISHED),
    ("dateline", Traits::PUBLISHED),
    ("modif", Traits::MODIFIED),
    ("updat", Traits::MODIFIED),
    ("aggiorn", Traits::MODIFIED),
    ("actualis", Traits::MODIFIED),
    ("actualiz", Traits::MODIFIED),
    ("aktualis", Traits::MODIFIED),
    ("date", Traits::DATE),
    ("datum", Traits::DATE),
    ("fecha", Traits::DATE),
    ("time", Traits::DATE),
    ("byline", Traits::BYLINE),
    ("meta", Traits::BYLINE),
    ("author", Traits::BYLINE),
    ("autor", Traits::BYLINE),
    ("info", Traits::BYLINE),
    ("article", Traits::ARTICLE),
    ("artikel", Traits::ARTICLE),
    ("articolo", Traits::ARTICLE),
    ("articulo", Traits::ARTICLE),
    ("hentry", Traits::ARTICLE),
    ("news-single", Traits::ARTICLE),
    ("newsdetail", Traits::ARTICLE),
    ("news-detail", Traits::ARTICLE),
    ("post-", Traits::ARTICLE),
    ("story", Traits::ARTICLE),
    ("hidden", Traits::HIDDEN),
];

/// Words that only say something as a whole.
const WHOLE: &[(&str, Traits)] = &[
    ("nav", Traits::NAV),
    ("maj", Traits::MODIFIED),
    ("data", Traits::DATE),
    ("dt", Traits::DATE),
    ("respond", Traits::COMMENTS),
    ("promo", Traits::TEASER),
    ("promobox", Traits::TEASER),
    ("secondary", Traits::TEASER),
    ("published", Traits::PUBLISHED),
];

/// Words that make a frame around everything of what else they say: `content-sidebar-wrap`.
const FRAMES: &[&str] = &["wrap", "has-", "with-", "without", "no-", "elementor"];

fn of_element(element: &Element) -> Traits {
    let mut traits = match element.tag {
        tags::ASIDE => Traits::BESIDE,
        tags::FOOTER => Traits::FOOTER,
        tags::NAV => Traits::NAV,
        tags::HEADER => Traits::HEADER,
        tags::BLOCKQUOTE => Traits::QUOTED,
        tags::ARTICLE => Traits::ARTICLE,
        _ => Traits::default(),
    };
    if element.attributes.is_empty() {
        return traits;
    }
    for (name, value) in element.attributes.iter() {
        let named = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known));
        if named(&["hidden"])
            || named(&["style"]) && value.replace(' ', "").to_ascii_lowercase().contains("display:none")
        {
            traits = traits.and(Traits::HIDDEN);
        }
        if !named(&["class", "id", "data-testid", "data-component", "data-qa"]) || value.len() > 2_000 {
            continue;
        }
        for word in value.split_ascii_whitespace() {
            traits = traits.and(of_word(word));
        }
    }
    traits
}

fn of_word(word: &str) -> Traits {
    static INSIDE_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let words = INSIDE.iter().map(|(word, _)| word).chain(FRAMES);
        AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("the words are few")
    });
    let mut traits = Traits::default();
    let mut frame = false;
    for found in INSIDE_WORDS.find_overlapping_iter(word) {
        match INSIDE.get(found.pattern().as_usize()) {
            Some((_, t)) => traits = traits.and(*t),
            None => frame = true,
        }
    }
    // `teaser__meta`, `news-list-date`: the name of a line in a block that serves as a headline too.
    let line = traits.any(Traits::DATE.and(Traits::BYLINE)) && traits.any(Traits::TEASER);
    if frame || line {
        traits = Traits(traits.0 & !Traits::APART.0);
    }
    let whole = WHOLE.iter().filter(|(known, _)| known.eq_ignore_ascii_case(word));
    whole.fold(traits, |traits, (_, t)| traits.and(*t))
}

/// Remembers what the elements of a page say, so that each is read once.
pub(super) struct Zones<'o, 'h> {
    outline: &'o Outline<'h>,
    known: Vec<Option<Traits>>,
    /// The elements around the headline: what holds it is not set apart from it.
    around_headline: Vec<Id>,
    /// The `<article>` of the headline.
    article: Option<Id>,
}

const LINE: &[Tag] = &[tags::SPAN, tags::TIME, tags::EM, tags::SMALL, tags::B, tags::I];
const OUTERMOST: &[Tag] = &[tags::HTML, tags::BODY, tags::MAIN];

impl<'o, 'h> Zones<'o, 'h> {
    pub(super) fn new(outline: &'o Outline<'h>, headline: Option<Spot>) -> Self {
        let around: Vec<Id> =
            outline.around(headline.and_then(|spot| spot.element)).map(|(id, _)| id).collect();
        let article = around.iter().copied().find(|id| outline.elements[*id as usize].tag == tags::ARTICLE);
        Zones { outline, known: vec![None; outline.elements.len()], around_headline: around, article }
    }

    fn of(&mut self, id: Id) -> Traits {
        let outline = self.outline;
        *self.known[id as usize].get_or_insert_with(|| of_element(&outline.elements[id as usize]))
    }

    /// What is known of a place: from all around it what sets it apart, from the nearest elements what
    /// they call themselves.
    pub(super) fn at(&mut self, element: Option<Id>) -> Traits {
        const NEAR: usize = 3;
        const OWN: Traits =
            Traits(Traits::DATE.0 | Traits::PUBLISHED.0 | Traits::MODIFIED.0 | Traits::BYLINE.0);
        let outline = self.outline;
        let mut traits = Traits::default();
        let mut other_article = false;
        for (depth, (id, element)) in outline.around(element).enumerate() {
            if element.tag.is_in(OUTERMOST) {
                break;
            }
            let own = self.of(id);
            let shared = self.around_headline.contains(&id);
            if depth < NEAR {
                // Of `<span class="posted-on"><time class="updated">` the inner one is right.
                let known = traits.any(Traits::PUBLISHED.and(Traits::MODIFIED));
                let more =
                    if known { own.only(Traits(!Traits::PUBLISHED.0 & !Traits::MODIFIED.0)) } else { own };
                traits = traits.and(more.only(OWN));
            }
            if depth == 0 && element.tag.is_in(LINE) && own.any(Traits::DATE.and(Traits::PUBLISHED)) {
                traits = traits.and(Traits::ALONE);
            }
            if !shared {
                traits = traits.and(Traits(own.0 & !OWN.0));
                other_article |= element.tag == tags::ARTICLE && self.article.is_some();
            }
            // The foot of an article is no foot of the page, and what stands beside its text is part of it.
            if shared && own.any(Traits::ARTICLE) || element.tag == tags::ARTICLE {
                let own_parts =
                    Traits::FOOTER.0 | Traits::HEADER.0 | if shared { Traits::BESIDE.0 } else { 0 };
                traits = Traits(traits.0 & !own_parts);
            }
        }
        if other_article { traits.and(Traits::TEASER) } else { traits }
    }
}
