//! Files made to exhaust whoever reads them, and files that were cut off: each ends soon, with a
//! sentence that names the file and the place, and with status 2.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// No file may take longer, in a debug build on a busy machine. What these guard against takes
/// minutes or does not end.
const LONGEST: Duration = Duration::from_secs(40);

const WORD: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#;
const ODF: &str = r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0""#;
const CONTAINER: &str = r#"<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>"#;
const BOOK: &str = r#"<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>"#;

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a part begins");
        writer.write_all(bytes).expect("a part is written");
    }
    writer.finish().expect("the package ends").into_inner()
}

fn docx(document: &[u8]) -> Vec<u8> {
    package(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document)])
}

fn odt(content: &[u8]) -> Vec<u8> {
    package(&[("META-INF/manifest.xml", b"<manifest/>"), ("styles.xml", b"<s/>"), ("content.xml", content)])
}

fn epub(page: &[u8]) -> Vec<u8> {
    package(&[
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("book.opf", BOOK.as_bytes()),
        ("a.xhtml", page),
    ])
}

/// Reads a file of this name and content; its status, and what it says on standard error.
fn read(folder: &Path, name: &str, bytes: &[u8]) -> (Option<i32>, String) {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("the file can be written");
    let began = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_ibid"))
        .args(["extract", "--format", "json"])
        .arg(&path)
        .output()
        .expect("ibid runs");
    let took = began.elapsed();
    assert!(took < LONGEST, "{name} took {took:?}");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[track_caller]
fn refused(folder: &Path, name: &str, bytes: &[u8], says: &str) {
    let (status, message) = read(folder, name, bytes);
    assert_eq!(status, Some(2), "{name}: {message}");
    assert!(message.contains(name) && message.contains(says), "{name}: {message}");
    assert!(message.lines().count() == 1, "{name}: {message}");
}

#[test]
fn what_unpacks_without_end_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let bomb = vec![b' '; 130 << 20];
    for (name, file) in [("bomb.docx", docx(&bomb)), ("bomb.odt", odt(&bomb)), ("bomb.epub", epub(&bomb))] {
        assert!(file.len() < 1 << 20, "{name} is no bomb: {} bytes", file.len());
        refused(folder.path(), name, &file, "unpacks to more than 128 MB");
    }
}

#[test]
fn entities_that_multiply_stay_what_they_are() {
    let mut bomb = String::from("<!DOCTYPE lol [<!ENTITY a0 \"lol\">");
    for level in 1..10 {
        bomb.push_str(&format!("<!ENTITY a{level} \"{}\">", format!("&a{};", level - 1).repeat(10)));
    }
    bomb.push_str("]>");
    let folder = tempfile::tempdir().expect("a folder");
    let word = format!(
        "{bomb}<w:document {WORD}><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>"
    );
    let text = format!(
        "{bomb}<office:document-content {ODF}><office:body><text:p>&a9;</text:p></office:body></office:document-content>"
    );
    let page = format!("{bomb}<html><body><p>&a9;</p></body></html>");
    for (name, file) in [
        ("entities.docx", docx(word.as_bytes())),
        ("entities.odt", odt(text.as_bytes())),
        ("entities.epub", epub(page.as_bytes())),
        ("entities.html", page.into_bytes()),
    ] {
        let (status, message) = read(folder.path(), name, &file);
        assert_eq!((status, message.as_str()), (Some(0), ""), "{name}");
    }
}

#[test]
fn what_grows_by_its_own_rules_is_bounded() {
    const MANY: usize = 20_000;
    let folder = tempfile::tempdir().expect("a folder");
    let mut strings = String::new();
    for i in 1..MANY {
        let _ = writeln!(strings, "@string{{s{i} = s{} # s{}}}", i - 1, i - 1);
    }
    let bomb = format!("@string{{s0 = {{x}}}}\n{strings}@book{{k, title = s{}}}", MANY - 1);
    let comments = format!("\\documentclass{{article}}\n\\input{{a}}{}", "\\%\\input ".repeat(MANY));
    let record = "TY  - JOUR\nTI  - The Tolls of Lindby\nAU  - Roe, Jane\nER  - \n".repeat(MANY);
    for (name, file) in [("bomb.bib", bomb), ("comments.tex", comments), ("alike.ris", record)] {
        let (status, message) = read(folder.path(), name, file.as_bytes());
        assert_eq!(status, Some(0), "{name}: {message}");
    }
}

#[test]
fn nesting_has_a_bottom() {
    const DEEP: usize = 100_000;
    let folder = tempfile::tempdir().expect("a folder");
    let nested = |head: &str, element: &str, foot: &str| {
        format!(
            "{head}{}x{}{foot}",
            format!("<{element}>").repeat(DEEP),
            format!("</{element}>").repeat(DEEP)
        )
    };
    let word = nested(&format!("<w:document {WORD}><w:body>"), "w:p", "</w:body></w:document>");
    refused(folder.path(), "nested.docx", &docx(word.as_bytes()), "word/document.xml, line 1:");
    let text = nested(&format!("<office:document-content {ODF}>"), "text:p", "</office:document-content>");
    refused(folder.path(), "nested.odt", &odt(text.as_bytes()), "content.xml, line 1:");
    for element in ["div", "b", "table", "span", "svg", "blockquote"] {
        let page = nested("<!DOCTYPE html><html><body>", element, "");
        let (status, message) = read(folder.path(), "nested.html", page.as_bytes());
        // Browsers put the tables beside one another.
        assert!(
            status == Some(2) && message.contains("nested") || element == "table",
            "{element}: {message}"
        );
    }
    let book = epub(nested("<html><body>", "div", "").as_bytes());
    refused(folder.path(), "nested.epub", &book, "a.xhtml, line 1: elements are nested more than");
}

#[test]
fn pages_that_take_the_square_of_their_length_elsewhere_do_not_here() {
    let folder = tempfile::tempdir().expect("a folder");
    let many = |piece: &dyn Fn(usize) -> String, count: usize| (0..count).map(piece).collect::<String>();
    let pages = [
        ("attributes.html", format!("<p {}>x", many(&|i| format!("a{i}=1 "), 100_000))),
        ("formatting.html", many(&|i| format!("<p><b id=x{i}>"), 30_000)),
        ("anchors.html", many(&|i| format!("<a href=#x{i} id=y{i}>{}</a>", i % 900), 30_000)),
        (
            "one-note.html",
            many(&|i| format!("<p>t<a href=#n id=r{i}>1</a>"), 20_000) + "<p id=n><a href=#r1>1</a> x",
        ),
        (
            "links.html",
            many(&|_| "<p>See <a href=https://a.example/>https://a.example/</a>.".to_owned(), 20_000),
        ),
        (
            "hidden.html",
            many(&|i| format!("<span hidden>x</span><a href=#n{i}>1</a><i id=n{i}>1</i>"), 10_000),
        ),
    ];
    for (name, page) in pages {
        let (status, message) = read(folder.path(), name, format!("<!DOCTYPE html><html>{page}").as_bytes());
        assert!(matches!(status, Some(0 | 2)), "{name}: {message}");
    }
}

#[test]
fn files_that_were_cut_off_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let article = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/article");
    for extension in ["docx", "odt", "epub"] {
        let whole = std::fs::read(article.join(format!("commentary.{extension}"))).expect("the article");
        for kept in [10, whole.len() / 3, whole.len() - 30] {
            let name = format!("cut-{kept}.{extension}");
            refused(folder.path(), &name, &whole[..kept], "the file is damaged: the zip archive");
        }
    }
    let cut = format!("<w:document {WORD}><w:body><w:p><w:r><w:t>Half a doc");
    refused(folder.path(), "half.docx", &docx(cut.as_bytes()), "word/document.xml, line 1:");
    refused(folder.path(), "empty.docx", b"", "the file is empty");
    for (stream, reason) in [
        ("EncryptedPackage", "cannot be opened: it is an Office document encrypted with a password"),
        ("WordDocument", "old Word (.doc) files are not read"),
    ] {
        let mut file = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        file.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
        for name in ["old.docx", "old.doc"] {
            refused(folder.path(), name, &file, reason);
        }
    }
    let manifest: &[u8] = b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>";
    let locked = package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", b"\x00\x01"),
    ]);
    refused(folder.path(), "locked.odt", &locked, "OpenDocument text encrypted with a password");
    refused(folder.path(), "other.zip", &package(&[("a.txt", b"a")]), "zipped");
}

/// As [`read`], for a text that has to be read, perhaps with warnings.
#[track_caller]
fn reads(folder: &Path, name: &str, text: &str) {
    let (status, message) = read(folder, name, text.as_bytes());
    assert_eq!(status, Some(0), "{name}: {message}");
}

#[test]
fn markup_is_nested_to_no_end() {
    const DEEP: usize = 10_000;
    let folder = tempfile::tempdir().expect("a folder");
    let nested = |open: &str, close: &str| format!("{}x{}", open.repeat(DEEP), close.repeat(DEEP));
    let labels = [
        ("\\cite[{", "}]{k}"),
        ("\\tnote{", "}"),
        ("\\bibitem[{", "}]{k}"),
        ("\\begin{tablenotes}\\item[{", "}]"),
        ("\\footnote{", "}"),
        ("\\enquote{", "}"),
        ("\\section{", "}"),
        ("\\author{", "}"),
        ("\\foo[", "}"),
        ("\\'{", "}"),
    ];
    for (open, close) in labels {
        reads(folder.path(), "nested.tex", &nested(open, close));
        reads(folder.path(), "nested.bib", &format!("@book{{a, title = {{{}}}}}", nested(open, close)));
    }
    for (open, close) in
        [("\n= [", "]"), ("\n= #[", "]"), ("#footnote[", "]"), ("#{", "}"), ("#f(", ")"), ("#if a [", "]")]
    {
        reads(folder.path(), "nested.typ", &nested(open, close));
    }
    for (open, close) in
        [("^[", "]"), ("[", "](u)"), ("> ", ""), ("- ", ""), ("[^a]: ", ""), ("*a ", " a*"), ("<b>", "</b>")]
    {
        reads(folder.path(), "nested.md", &nested(open, close));
    }
    for (open, close) in [("footnote:[", "]"), ("http://a[", "]"), ("* ", ""), ("((", "))")] {
        reads(folder.path(), "nested.adoc", &nested(open, close));
    }
    let mut blocks = String::new();
    for depth in 0..400 {
        let _ = writeln!(blocks, "{}.. [#] x\n", "   ".repeat(depth));
    }
    reads(folder.path(), "nested.rst", &blocks);
    for name in ["nested.ipynb", "nested.json"] {
        let lists = format!(
            r#"{{"id": 1, "type": "book", "title": "x", "nbformat": 4, "cells": {}}}"#,
            nested("[", "]").replace('x', "")
        );
        refused(folder.path(), name, lists.as_bytes(), "not well-formed: ");
    }
}

#[test]
fn files_that_include_each_other_are_read_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: String, text: String| std::fs::write(folder.path().join(name), text).expect("a file");
    for i in 0..60 {
        // Each level doubles what there is to read; the last packages ask for the first.
        write(format!("f{i}.tex"), format!("\\input{{f{0}}}\\input{{f{0}}}x", i + 1));
        write(format!("p{i}.sty"), format!("\\usepackage{{p{0}}}\\usepackage{{p{0}}}", (i + 1) % 60));
    }
    let text =
        "\\documentclass{article}\\usepackage{p0}\\begin{document}a\\footnote{b}\\input{f0}\\end{document}";
    reads(folder.path(), "including.tex", text);
    for command in ["usepackage", "input", "include", "documentclass"] {
        reads(folder.path(), "nameless.tex", &format!("a\\footnote{{b}}\\{command}{{}}"));
    }
}

#[test]
fn what_is_said_once_and_repeated_is_bounded() {
    const MANY: usize = 5_000;
    let folder = tempfile::tempdir().expect("a folder");
    let long = "x".repeat(200_000);
    let mut doubled = String::new();
    for i in 1..40 {
        let _ = writeln!(doubled, ":a{i}: {{a{0}}}{{a{0}}}", i - 1);
    }
    let url = format!("http://a.example/{long}");
    for (name, text) in [
        ("repeated.rst", format!(".. |a| replace:: {long}\n\n{}", "|a| ".repeat(MANY))),
        ("targets.rst", format!(".. _a: {url}\n\n{}", "a_ ".repeat(MANY))),
        ("repeated.adoc", format!(":a: {long}\n\n{}", "{a} ".repeat(MANY))),
        ("doubled.adoc", format!(":a0: xx\n{doubled}\n{}", ":b: {a39}\n".repeat(MANY))),
        ("saved.tex", format!("\\SaveVerb{{a}}|{long}|{}", "\\UseVerb{a}".repeat(MANY))),
        (
            "parents.bib",
            format!("@book{{p, booktitle = {{{long}}}}}\n{}", "@inbook{k, crossref = p}\n".repeat(MANY)),
        ),
        ("references.md", format!("[a]: {url}\n\n{}", "[a] ".repeat(MANY))),
    ] {
        reads(folder.path(), name, &text);
    }
}

#[test]
fn what_opens_and_never_closes_is_looked_for_once() {
    const MANY: usize = 20_000;
    let folder = tempfile::tempdir().expect("a folder");
    for (name, piece) in [
        ("formula.tex", "\\["),
        ("verbatim.tex", "\\verb{ "),
        ("saved.tex", "\\SaveVerb{a}|b"),
        ("file.tex", "\\input{"),
        ("comment.typ", "/*"),
        ("character.typ", "\\u{"),
        ("link.typ", "#link("),
        ("definition.typ", "#let a = "),
        ("note.adoc", "footnote:[a\\]"),
        ("link.adoc", "link:a["),
        ("raw.md", "`x`{="),
        ("tag.md", "<a b=\""),
        ("link.md", "[a](<b"),
        ("role.rst", ":a:`b "),
        ("word.rst", ":a"),
        ("entry.bib", "@book{a, title = {"),
        ("callout.txt", "a.1 "),
    ] {
        reads(folder.path(), name, &piece.repeat(MANY));
    }
    for piece in ["; ", "http://a.example/x "] {
        let text = piece.repeat(MANY);
        reads(folder.path(), "body.md", &text);
        reads(folder.path(), "note.md", &format!("a[^1]\n\n[^1]: {text}"));
    }
}

/// A PDF file of these objects, the first of them its catalogue.
fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut file = String::from("%PDF-1.7\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (nth, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", nth + 1);
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let _ = write!(
        file,
        "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

#[test]
fn fonts_with_more_widths_than_glyphs_are_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let shown = "BT /G 10 Tf 72 700 Td (The deed.) Tj /F 10 Tf (x) Tj ET";
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
                /Resources << /Font << /F 5 0 R /G 6 0 R >> >> >>";
    for widths in ["/W [0 4294967295 500]".to_owned(), format!("/W2 [{}]", "0 65535 1 2 3 ".repeat(40_000))] {
        let font = format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H \
             /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A {widths} >>] >>"
        );
        let file = pdf(&[
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page,
            &format!("<< /Length {} >>\nstream\n{shown}\nendstream", shown.len()),
            &font,
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]);
        let (status, message) = read(folder.path(), "widths.pdf", &file);
        assert_eq!(status, Some(0), "{message}");
    }
}
