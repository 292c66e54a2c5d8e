//! The elements that matter, by name.

use super::scan::Tag;

macro_rules! tags {
    ($($constant:ident $name:literal)*) => { $(pub(super) const $constant: Tag = Tag::of($name);)* };
}

tags! {
    SPAN "span" A "a" TIME "time" B "b" I "i" EM "em" STRONG "strong"
    SMALL "small" ABBR "abbr" FONT "font" SUP "sup" SUB "sub" IMG "img" SVG "svg"
    PATH "path" USE "use" CITE "cite" CODE "code" DATA "data" INS "ins" LABEL "label"
    MARK "mark" Q "q" S "s" U "u" META "meta" LINK "link" WBR "wbr"
    BDI "bdi" NOBR "nobr" BR "br" INPUT "input" HR "hr" SOURCE "source" AREA "area"
    BASE "base" COL "col" EMBED "embed" PARAM "param" TRACK "track" TEMPLATE "template" SELECT "select"
    NOSCRIPT "noscript" HTML "html" TITLE "title" SCRIPT "script" ARTICLE "article" ASIDE "aside" FOOTER "footer"
    NAV "nav" HEADER "header" BLOCKQUOTE "blockquote" BODY "body" MAIN "main" H1 "h1"
    H2 "h2" H3 "h3" LI "li" UL "ul" OL "ol" P "p" DIV "div"
    TD "td" SECTION "section" TABLE "table" TR "tr" DT "dt" DL "dl" DD "dd"
    OPTION "option"
}
