//! What the commands of LaTeX do, each by its name.

use std::collections::{HashMap, VecDeque};

use super::cite;
use super::files::joined;
use super::input::Spot;
use super::macros::Macro;
use super::number::Numbers;
use super::symbols::Style;
use super::walk::{Front, Group, NEXT_AUTHOR, Walker};

/// What a command does.
pub(super) enum Effect {
    Run(for<'w, 't> fn(&'w mut Walker<'t>, &'t str, Spot)),
    /// Takes so many arguments that are not printed.
    Skip(usize),
    /// An environment that is not text.
    Raw,
}

/// Commands that do the same, and what they do.
const COMMANDS: &[(&[&str], Effect)] = &[
    (
        &["footnote", "tablefootnote", "thanks", "endnote", "sidenote", "footnotetext", "endnotetext"],
        Effect::Run(note),
    ),
    (&["footnotemark", "endnotemark", "sidenotemark"], Effect::Run(mark)),
    (&["tnote"], Effect::Run(table_mark)),
    (&["footref", "footnoteref"], Effect::Run(mark_of_label)),
    (&["label"], Effect::Run(label)),
    (
        &["ref", "autoref", "cref", "Cref", "vref", "pageref", "nameref", "eqref", "labelcref"],
        Effect::Run(reference),
    ),
    (&["url", "nolinkurl", "burl", "doi"], Effect::Run(url)),
    (&["href"], Effect::Run(href)),
    (&["title"], Effect::Run(|w, _, _| w.begin_front(Front::Title))),
    (&["author"], Effect::Run(|w, _, _| w.begin_front(Front::Author))),
    (&["date"], Effect::Run(|w, _, _| w.begin_front(Front::Date))),
    (&["and"], Effect::Run(|w, _, spot| w.text(if w.in_front() { NEXT_AUTHOR } else { " " }, spot))),
    (&["\\", "tabularnewline"], Effect::Run(|w, _, spot| w.line_break(spot))),
    (&["par", "item"], Effect::Run(paragraph)),
    (&Numbers::SECTIONS, Effect::Run(section)),
    (&["begin"], Effect::Run(|w, _, _| w.begin())),
    (&["end"], Effect::Run(|w, _, spot| w.end(spot))),
    (&["(", "["], Effect::Run(formula)),
    (&["verb", "lstinline", "mintinline", "path"], Effect::Run(verbatim)),
    (&["SaveVerb", "UseVerb"], Effect::Run(saved_verbatim)),
    (&["enquote", "textquote", "blockquote", "mkbibquote"], Effect::Run(quote)),
    (&["foreignquote", "foreigntextquote", "foreignblockquote", "hyphenquote"], Effect::Run(foreign_quote)),
    (&["newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"], Effect::Run(new_command)),
    (&["def", "gdef", "edef", "xdef"], Effect::Run(define)),
    (
        &["NewDocumentCommand", "RenewDocumentCommand", "ProvideDocumentCommand", "DeclareDocumentCommand"],
        Effect::Run(document_command),
    ),
    (&["let"], Effect::Run(alias)),
    (&["xspace"], Effect::Run(space_before_word)),
    (&["acp", "acsp", "aclp", "acfp", "glspl", "Glspl", "acrshortpl"], Effect::Run(plural)),
    (&["setcounter", "addtocounter"], Effect::Run(set_counter)),
    (
        &["input", "include", "subfile", "import", "subimport", "subincludefrom", "includefrom"],
        Effect::Run(include),
    ),
    (&["usepackage", "RequirePackage", "documentclass", "PassOptionsToPackage"], Effect::Run(package)),
    (&["setmainlanguage", "setdefaultlanguage", "selectlanguage"], Effect::Run(language)),
    (&["makeatletter"], Effect::Run(|w, _, _| w.input.at_is_letter = true)),
    (&["makeatother"], Effect::Run(|w, _, _| w.input.at_is_letter = false)),
    (&["iffalse"], Effect::Run(if_false)),
    (
        &["endinput"],
        Effect::Run(|w, _, _| {
            let rest = w.input.rest().len();
            w.input.skip(rest);
        }),
    ),
    (&["bibitem"], Effect::Run(cite::entry)),
    (cite::COMMANDS, Effect::Run(cite::cite)),
    (&["counterwithin", "counterwithout"], Effect::Run(count_within)),
    (
        &[
            "vspace",
            "hspace",
            "includegraphics",
            "bibliographystyle",
            "bibliography",
            "addbibresource",
            "pagestyle",
            "thispagestyle",
            "pagenumbering",
            "color",
            "textcolor",
            "index",
            "indexdef",
            "indexfoot",
            "sindex",
            "symlabel",
            "rotatebox",
            "glsadd",
            "hypersetup",
            "phantom",
            "hphantom",
            "vphantom",
            "raisebox",
            "parbox",
            "colorbox",
            "hyperlink",
            "hypertarget",
            "blackout",
            "censor",
            "xblackout",
            "StopCensoring",
            "hyphenation",
            "newcounter",
            "newlength",
            "linespread",
            "graphicspath",
            "lstset",
            "tikzset",
            "captionsetup",
            "geometry",
            "markboth",
            "markright",
            "todo",
            "marginpar",
            "usetikzlibrary",
            "theoremstyle",
            "DeclareUnicodeCharacter",
            "foreignlanguage",
            "textlanguage",
            "nocite",
            "ExecuteBibliographyOptions",
            "bibdata",
            "bibstyle",
            "vskip",
            "pdfinfo",
            "titleformat",
            "titlespacing",
            "includeonly",
            "usetheme",
            "scalebox",
            "pdfbookmark",
            "thetitle",
            "fancyhead",
            "fancyfoot",
            "fancyhf",
            "lhead",
            "chead",
            "rhead",
            "lfoot",
            "cfoot",
            "rfoot",
            "setbeamertemplate",
            "setmainfont",
            "setsansfont",
            "setmonofont",
            "newfontfamily",
            "epigraphwidth",
            "subject",
            "keywords",
            "email",
            "csname",
            "newif",
            "patchcmd",
            "AtBeginDocument",
            "AtEndDocument",
            "newwatermark",
            "pdfstringdefDisableCommands",
        ],
        Effect::Skip(1),
    ),
    (
        &[
            "setlength",
            "addtolength",
            "fontsize",
            "rule",
            "resizebox",
            "multirow",
            "addcontentsline",
            "indexsee",
            "addtocontents",
            "definecolor",
            "newtheorem",
            "DeclareMathOperator",
            "settowidth",
            "fcolorbox",
            "numberwithin",
            "multicolumn",
            "columncolor",
            "DeclareFieldFormat",
            "DefineBibliographyStrings",
        ],
        Effect::Skip(2),
    ),
    (&["newenvironment", "renewenvironment", "newacronym", "newglossaryentry"], Effect::Skip(3)),
    (
        &[
            "verbatim",
            "verbatim*",
            "Verbatim",
            "BVerbatim",
            "LVerbatim",
            "lstlisting",
            "minted",
            "comment",
            "filecontents",
            "filecontents*",
            "tikzpicture",
            "pgfpicture",
            "picture",
            "equation",
            "equation*",
            "align",
            "align*",
            "alignat",
            "alignat*",
            "eqnarray",
            "eqnarray*",
            "gather",
            "gather*",
            "multline",
            "multline*",
            "displaymath",
            "math",
            "algorithmic",
            "luacode",
            "CCSXML",
            "tikzcd",
        ],
        Effect::Raw,
    ),
];

/// `\xspace`, which ends a macro: a space, unless punctuation follows (xspace, section 1).
fn space_before_word<'t>(w: &mut Walker<'t>, _: &'t str, spot: Spot) {
    const NONE: &str = "{}~.!,:;?/')-”’";
    let rest = w.input.rest();
    let next = rest.chars().next().filter(|c| !c.is_whitespace() && !NONE.contains(*c));
    let command = rest.strip_prefix('\\').unwrap_or_default();
    if next.is_some() && !command.starts_with(['/', '-', ' ', ',']) && !command.starts_with("footnote") {
        w.text(" ", spot);
    }
}

/// `\acp{ECB}`: the abbreviation with its plural.
fn plural<'t>(w: &mut Walker<'t>, _: &'t str, spot: Spot) {
    if let Some(argument) = w.input.argument() {
        w.text(&format!("{}s", argument.text()), spot);
    }
}

/// The effect of a command or environment, if it has one of its own.
pub(super) fn effect(name: &str) -> Option<&'static Effect> {
    use std::sync::OnceLock;
    static BY_NAME: OnceLock<HashMap<&str, &Effect>> = OnceLock::new();
    let by_name = BY_NAME.get_or_init(|| {
        COMMANDS.iter().flat_map(|(names, effect)| names.iter().map(move |name| (*name, effect))).collect()
    });
    by_name.get(name).copied()
}

/// Commands that mean what they always mean, even if the document defines them anew.
pub(super) fn is_ours(name: &str) -> bool {
    matches!(effect(name), Some(Effect::Run(_)))
}

fn note<'t>(w: &mut Walker<'t>, name: &'t str, spot: Spot) {
    let number = w.input.optional().and_then(|number| number.text().trim().parse::<usize>().ok());
    if w.hidden > 0 {
        w.open(Group::Hidden);
        return;
    }
    let counter = match name {
        "thanks" => &mut w.numbers.thanks,
        "endnote" | "endnotetext" => &mut w.numbers.endnote,
        _ => &mut w.numbers.footnote,
    };
    let called = !name.ends_with("text");
    if called && number.is_none() {
        counter.step();
    }
    let number = number.unwrap_or(counter.value);
    let (key, label) = (counter.key(number), counter.label(number));
    let place = w.input.place(spot);
    if !w.open(Group::Note) {
        return;
    }
    if called {
        w.draft.call(key.as_str(), place);
    }
    w.numbers_of_notes(&key, &label);
    w.draft.open_note(key, Some(label), place);
}

fn mark<'t>(w: &mut Walker<'t>, name: &'t str, spot: Spot) {
    let number = w.input.optional().and_then(|number| number.text().trim().parse::<usize>().ok());
    if w.hidden > 0 {
        return;
    }
    let counter = if name == "endnotemark" { &mut w.numbers.endnote } else { &mut w.numbers.footnote };
    if number.is_none() {
        counter.step();
    }
    let key = counter.key(number.unwrap_or(counter.value));
    let place = w.input.place(spot);
    w.draft.call(key, place);
}

/// `\tnote{a}`: the mark of a note to a table.
fn table_mark<'t>(w: &mut Walker<'t>, _: &'t str, spot: Spot) {
    let label = w.input.argument().map(|label| w.plain(&label.text())).unwrap_or_default();
    if w.hidden == 0 {
        let place = w.input.place(spot);
        w.draft.call(format!("table {label}"), place);
    }
}

fn mark_of_label<'t>(w: &mut Walker<'t>, _: &'t str, spot: Spot) {
    let Some(label) = w.input.argument().map(|label| label.text()) else { return };
    let place = w.input.place(spot);
    let label = label.trim();
    match w.labels.get(label).or_else(|| w.known.get(label)) {
        Some((_, Some(key))) if w.hidden == 0 => w.draft.call(key.as_str(), place),
        None => w.unresolved = true,
        _ => {}
    }
}

fn label<'t>(w: &mut Walker<'t>, _: &'t str, _: Spot) {
    let Some(label) = w.input.argument() else { return };
    w.set_label(label.text().trim());
}

fn reference<'t>(w: &mut Walker<'t>, _: &'t str, spot: Spot) {
    w.input.star();
    let Some(label) = w.input.argument().map(|label| label.text()) else { return };
    let label = label.trim();
    let number = w.labels.get(label).or_else(|| w.known.get(label)).map(|(number, _)| number.clone());
    w.unresolved |= number.is_none();
    w.text(&number.unwrap_or_else(|| format!("[{label}]")), spot);
}

/// An address without the escapes that TeX needs in some places.
fn address(raw: &str) -> String {
    let mut url = String::with_capacity(raw.len());
    let mut rest = raw.trim();
    while let Some(c) = rest.chars().next() {
        let tilde =
            ["\\textasciitilde{}", "\\textasciitilde", "\\string~", "\\~{}", "\\~", "{\\~}", "$\\sim$"];
        if let Some(tilde) = tilde.iter().find(|tilde| rest.starts_with(**tilde)) {
            url.push('~');
            rest = rest[tilde.len()..].trim_start();
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' if rest.starts_with(|c: char| !c.is_ascii_alphanumeric()) => {}
            // A line that is broken with a comment sign goes on without white space.
            '%' if rest.starts_with('\n') => {}
            c if c.is_whitespace() => {}
            c => url.push(c),
        }
    }
    url
}

fn url<'t>(w: &mut Walker<'t>, name: &'t str, spot: Spot) {
    let Some(raw) = w.input.address() else { return };
    let shown = address(&raw.text());
    if w.hidden > 0 || shown.is_empty() {
        return;
    }
    let doi = name == "doi" && !shown.contains("://");
    let target = if doi { format!("https://doi.org/{shown}") } else { shown.clone() };
    let place = w.input.place(spot);
    w.draft.open_link(target, place);
    w.text(&if doi { format!("doi:{shown}") } else { shown }, spot);
    w.draft.close_link();
}

fn href<'t>(w: &mut Walker<'t>, _: &'t str, spot: Spot) {
    w.input.optional();
    let Some(target) = w.input.address().map(|target| address(&target.text())) else { return };
    if w.hidden == 0 && w.open(Group::Link) {
        let place = w.input.place(spot);
        w.draft.open_link(target, place);
    }
}

fn paragraph<'t>(w: &mut Walker<'t>, name: &'t str, spot: Spot) {
    w.text("\n", spot);
    if name == "item" && w.table_note(spot) {
        return;
    }
    if name == "item"
        && let Some(label) = w.input.optional()
    {
        w.input.push_argument(&label);
    }
}

fn section<'t>(w: &mut Walker<'t>, name: &'t str, _: Spot) {
    let starred = w.input.star();
    let level = Numbers::SECTIONS.iter().position(|section| *section == name).unwrap_or(6);
    if !starred && w.hidden == 0 {
        w.numbers.section(level);
    }
    w.input.optional();
    if w.hidden == 0 && w.open(Group::Heading) {
        w.draft.open_heading(level as u8 + 2);
    }
}

fn formula<'t>(w: &mut Walker<'t>, name: &'t str, spot: Spot) {
    let end = if name == "(" { "\\)" } else { "\\]" };
    let length = w.input.find(end).unwrap_or(0);
    let rest = w.input.rest();
    w.text(&rest[..length].replace('\n', " "), spot);
    w.input.skip(length + end.len().min(rest.len() - length));
}

/// No text between two marks in a line is longer, in bytes.
const LONGEST_VERBATIM: usize = 2_000;

fn verbatim<'t>(w: &mut Walker<'t>, name: &'t str, spot: Spot) {
    w.input.star();
    if name != "verb" && w.input.rest().starts_with('[') {
        w.input.optional();
    }
    if name == "mintinline" {
        w.input.argument();
    }
    let rest = w.input.rest();
    let Some(open) = rest.chars().next() else { return };
    let close = if open == '{' { '}' } else { open };
    let inside = &rest[open.len_utf8()..];
    let inside = &inside[..inside.floor_char_boundary(LONGEST_VERBATIM)];
    let Some(end) = inside.find([close, '\n']).filter(|end| inside[*end..].starts_with(close)) else {
        return;
    };
    w.text(&inside[..end], spot);
    w.input.skip(open.len_utf8() + end + close.len_utf8());
}

fn saved_verbatim<'t>(w: &mut Walker<'t>, command: &'t str, spot: Spot) {
    w.input.optional();
    let Some(name) = w.input.argument().map(|name| name.name()) else { return };
    if command == "UseVerb" {
        let text = w.saved.get(name).copied().unwrap_or_default();
        w.text(text, spot);
        return;
    }
    let rest = w.input.rest();
    let Some(open) = rest.chars().next() else { return };
    let inside = &rest[open.len_utf8()..];
    let inside = &inside[..inside.floor_char_boundary(LONGEST_VERBATIM)];
    let Some(end) = inside.find(open) else { return };
    w.saved.insert(name, &inside[..end]);
    w.input.skip(end + 2 * open.len_utf8());
}

fn quote<'t>(w: &mut Walker<'t>, _: &'t str, spot: Spot) {
    w.input.star();
    w.input.optional();
    w.open_quote(w.language, spot);
}

fn foreign_quote<'t>(w: &mut Walker<'t>, _: &'t str, spot: Spot) {
    w.input.star();
    let language = w.input.argument().map_or("", |language| language.name());
    w.open_quote(language, spot);
}

fn new_command<'t>(w: &mut Walker<'t>, _: &'t str, _: Spot) {
    let Some((name, known)) = Macro::of_newcommand(&mut w.input) else { return };
    if let Some(counter) = name.strip_prefix("the").and_then(|name| w.numbers.counter(name)) {
        counter.style = Style::of(known.body.text());
    }
    w.macros.insert(name, known);
}

fn define<'t>(w: &mut Walker<'t>, _: &'t str, _: Spot) {
    let Some((name, known)) = Macro::of_def(&mut w.input) else { return };
    if let Some(counter) = name.strip_prefix("the").and_then(|name| w.numbers.counter(name)) {
        counter.style = Style::of(known.body.text());
    }
    w.macros.insert(name, known);
}

fn document_command<'t>(w: &mut Walker<'t>, _: &'t str, _: Spot) {
    if let Some((name, known)) = Macro::of_document_command(&mut w.input) {
        w.macros.insert(name, known);
    }
}

fn alias<'t>(w: &mut Walker<'t>, _: &'t str, _: Spot) {
    let name = w.input.argument().and_then(|name| name.name().strip_prefix('\\'));
    if w.input.rest().starts_with('=') {
        w.input.skip(1);
    }
    let target = w.input.argument().and_then(|target| target.name().strip_prefix('\\'));
    if let (Some(name), Some(target)) = (name, target)
        && name != target
        && !is_ours(name)
    {
        match w.macros.get(target).cloned() {
            Some(known) => drop(w.macros.insert(name, known)),
            None => drop(w.aliases.insert(name, target)),
        }
    }
}

fn set_counter<'t>(w: &mut Walker<'t>, name: &'t str, _: Spot) {
    let counter = w.input.argument().map_or("", |counter| counter.name());
    let value = w.input.argument().and_then(|value| value.text().trim().parse::<i64>().ok());
    if let (Some(counter), Some(value)) = (w.numbers.counter(counter), value) {
        let value =
            if name == "setcounter" { value } else { value + i64::try_from(counter.value).unwrap_or(0) };
        // Marks are often set back to write their texts: no number begins anew by that.
        let value = usize::try_from(value).unwrap_or(0);
        if name == "setcounter" { counter.set(value) } else { counter.value = value }
    }
}

fn count_within<'t>(w: &mut Walker<'t>, name: &'t str, _: Spot) {
    w.input.star();
    let counter = w.input.argument().map_or("", |counter| counter.name());
    let within = w.input.argument().map_or("", |within| within.name());
    if counter == "footnote" && within == "chapter" {
        w.numbers.by_chapter = name == "counterwithin";
    }
}

fn include<'t>(w: &mut Walker<'t>, command: &'t str, _: Spot) {
    w.input.star();
    let name = if w.input.rest().trim_start().starts_with('{') {
        let first = w.input.argument().map_or("", |name| name.name());
        if matches!(command, "import" | "subimport" | "subincludefrom" | "includefrom") {
            let file = w.input.argument().map_or("", |file| file.name());
            joined(first, file)
        } else {
            first.trim().to_owned()
        }
    } else {
        let rest = w.input.rest();
        let word = rest.trim_start().split(|c: char| c.is_whitespace() || matches!(c, '%' | '\\')).next();
        let word = word.unwrap_or_default();
        w.input.skip(rest.len() - rest.trim_start().len() + word.len());
        word.to_owned()
    };
    read_file(w, &name);
}

/// The file of this name; the document itself has none.
fn file(w: &Walker, name: &str) -> Option<usize> {
    w.sources.iter().position(|source| source.name == name).filter(|_| !name.is_empty())
}

/// Reads an included file next.
fn read_file(w: &mut Walker, name: &str) {
    if let Some(index) = file(w, name) {
        w.input.include(index);
    }
}

fn package<'t>(w: &mut Walker<'t>, command: &'t str, _: Spot) {
    let options = w.input.optional().map_or("", |options| options.name());
    let names = w.input.argument().map_or("", |names| names.name());
    w.input.optional();
    if command == "documentclass" {
        w.numbers.by_chapter =
            ["book", "report", "scrbook", "scrreprt", "memoir", "thesis"].contains(&names.trim());
    }
    for name in names.split(',').map(str::trim) {
        match name {
            "babel" => {
                w.language = options.split(',').map(str::trim).rfind(|o| !o.contains('=')).unwrap_or("");
            }
            "biblatex" => w.verbose = cite::is_verbose(options),
            "biblatex-chicago" => w.verbose = !options.contains("authordate"),
            _ => read_package(w, name),
        }
    }
}

/// A package of the document's own is read for its macros, and so are those that it loads; nothing in
/// them is printed.
fn read_package(w: &mut Walker, name: &str) {
    let Some(index) = file(w, name) else { return };
    if let Some(wanted) = &mut w.wanted {
        wanted.push(index);
        return;
    }
    let (mut macros, mut aliases) = (HashMap::new(), HashMap::new());
    let mut waiting = VecDeque::from([index]);
    while let Some(index) = waiting.pop_front() {
        if !w.packages.insert(index) {
            continue;
        }
        // Only definitions: everything else in a package is for TeX.
        let mut inner = Walker::new(w.sources, w.records, w.known);
        inner.input.stop();
        inner.input.at_is_letter = true;
        inner.hidden = 1;
        inner.wanted = Some(Vec::new());
        inner.input.spent = w.input.spent;
        inner.input.include(index);
        inner.walk();
        w.input.spent = inner.input.spent;
        waiting.extend(inner.wanted.take().unwrap_or_default());
        // What a package defines itself stands behind what it loads.
        for (name, known) in inner.macros {
            macros.entry(name).or_insert(known);
        }
        for (name, known) in inner.aliases {
            aliases.entry(name).or_insert(known);
        }
    }
    w.macros.extend(macros);
    w.aliases.extend(aliases);
}

fn language<'t>(w: &mut Walker<'t>, _: &'t str, _: Spot) {
    w.input.optional();
    w.language = w.input.argument().map_or("", |language| language.name());
}

/// What stands between `\iffalse` and its `\fi` is a comment.
fn if_false<'t>(w: &mut Walker<'t>, _: &'t str, _: Spot) {
    let rest = w.input.rest();
    let mut depth = 1;
    for (at, _) in rest.match_indices('\\') {
        let command = &rest[at + 1..];
        if command.starts_with("fi") && !command[2..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            depth -= 1;
        } else if command.starts_with("if") && !command.starts_with("ifthenelse") {
            depth += 1;
        } else if depth == 1 && command.starts_with("else") {
            depth = 0;
        }
        if depth == 0 {
            w.input.skip(at);
            return;
        }
    }
    // Without its end, all that follows is left out.
    w.input.skip(rest.len());
}

/// Arguments of an environment, and what it changes.
pub(super) fn begin_environment(w: &mut Walker, name: &str) {
    match name {
        "document" => w.hidden = 0,
        "tabular" | "minipage" | "multicols" | "array" | "longtable" | "spacing" | "otherlanguage"
        | "adjustbox" | "thebibliography" | "wraptable" | "subfigure" | "subtable" => w.skip_arguments(1),
        "tabular*" | "tabularx" | "tabulary" | "wrapfigure" | "adjustwidth" => w.skip_arguments(2),
        _ => {
            if w.input.rest().starts_with('[') {
                w.input.optional();
            }
        }
    }
}

pub(super) fn end_environment(w: &mut Walker, name: &str) {
    if matches!(name, "thebibliography" | "tablenotes") {
        w.end_entry();
    }
}
