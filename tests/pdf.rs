//! PDF files that are locked, damaged, hostile, large, or only pictures.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn ibid(path: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ibid"))
        .arg("extract")
        .arg(path)
        .args(["--format", "json"])
        .args(more)
        .output()
        .expect("ibid runs")
}

fn notes(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", told(output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    report["documents"][0]["notes"].as_array().expect("notes").clone()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs ibid on these bytes.
fn read(bytes: &[u8]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("made.pdf");
    std::fs::write(&path, bytes).expect("the file can be written");
    ibid(&path, &[])
}

/// A file of these objects, numbered from 1, the first the catalog.
fn pdf(objects: &[String]) -> Vec<u8> {
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1).expect("writing to a string");
    }
    let xref = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).expect("writing to a string");
    for place in places {
        writeln!(file, "{place:010} 00000 n ").expect("writing to a string");
    }
    write!(file, "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n", objects.len() + 1)
        .expect("writing to a string");
    file.into_bytes()
}

fn stream(dict: &str, data: &str) -> String {
    format!("<<{dict}/Length {}>>\nstream\n{data}\nendstream", data.len())
}

const FONT: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>";

#[test]
fn a_password_opens_an_encrypted_file() {
    let path = fixture("pdf/password-is-harbour.pdf");
    let without = ibid(&path, &[]);
    assert_eq!(without.status.code(), Some(2));
    assert!(told(&without).contains("--password"), "{}", told(&without));
    assert!(told(&without).contains("password-is-harbour.pdf"), "{}", told(&without));
    let wrong = ibid(&path, &["--password", "quay"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(told(&wrong).contains("not its password"), "{}", told(&wrong));
    assert_eq!(notes(&ibid(&path, &["--password", "harbour"])).len(), 8);
}

#[test]
fn a_file_without_text_is_not_one_without_notes() {
    let page =
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>";
    let image =
        stream("/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", "x");
    let output = read(&pdf(&[
        "<</Type/Catalog/Pages 2 0 R>>".into(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(),
        page.into(),
        stream("", "q 400 0 0 600 0 0 cm /I Do Q"),
        image,
    ]));
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("OCR"), "{}", told(&output));
    assert!(output.stdout.is_empty());
}

#[test]
fn objects_that_name_themselves_end() {
    let output = read(&pdf(&[
        "<</Type/Catalog/Pages 2 0 R>>".into(),
        "<</Type/Pages/Kids[3 0 R 2 0 R 3 0 R]/Count 3/Parent 2 0 R>>".into(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents[4 0 R 4 0 R]/Annots[7 0 R 7 0 R]\
         /Resources<</Font<</F 6 0 R>>/XObject<</X 5 0 R>>>>>>"
            .into(),
        stream("", "BT /F 10 Tf 50 500 Td (Tolls rise.) Tj ET /X Do /X Do"),
        stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 6 0 R>>/XObject<</X 5 0 R>>>>",
            "BT /F 10 Tf 50 480 Td (Again.) Tj ET /X Do /X Do /X Do",
        ),
        FONT.into(),
        "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A 7 0 R/URI 7 0 R>>".into(),
    ]));
    assert!(notes(&output).is_empty());
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    assert_eq!(report["documents"][0]["title"], "Tolls rise.");
}

#[test]
fn letters_that_glyphs_stand_for_are_read_from_the_right() {
    let page =
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>";
    let output = read(&pdf(&[
        "<</Type/Catalog/Pages 2 0 R>>".into(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(),
        page.into(),
        stream("", "BT /F 10 Tf 50 500 Td /Span<</ActualText<FEFF05E905DC05D505DD>>>BDC (abcd) Tj EMC ET"),
        FONT.into(),
    ]));
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    assert_eq!(report["documents"][0]["title"], "שלום");
}

#[test]
fn forms_that_multiply_are_cut_short_and_told() {
    const LEVELS: usize = 9;
    let draw = "/X Do ".repeat(10);
    let form = |next: usize| {
        let named =
            format!("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {next} 0 R>>>>");
        stream(&named, &draw)
    };
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R\
                /Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>";
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        page.to_owned(),
        stream("", &format!("BT /F 10 Tf 50 500 Td (Tolls rise.) Tj ET {draw}")),
        FONT.to_owned(),
    ];
    objects.extend((0..LEVELS).map(|level| form(7 + level)));
    objects.push(stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "0 0 m"));
    let output = read(&pdf(&objects));
    assert!(notes(&output).is_empty());
    assert!(told(&output).contains("page 1 holds too much and was read in part"), "{}", told(&output));
}

#[test]
fn what_is_no_pdf_behind_its_header_is_told() {
    for bytes in [&b"%PDF-1.7"[..], b"%PDF-1.7\nnothing of the kind", b"%PDF-1.7\ntrailer<</Root 1 0 R>>"] {
        let output = read(bytes);
        assert_eq!(output.status.code(), Some(2));
        assert!(told(&output).contains("made.pdf"), "{}", told(&output));
        assert!(!told(&output).contains("panicked"), "{}", told(&output));
    }
}

#[test]
fn a_file_cut_anywhere_never_breaks_the_reader() {
    let whole = std::fs::read(fixture("documents/set-in-two-columns.pdf")).expect("the fixture is there");
    for part in 1..12 {
        let output = read(&whole[..whole.len() * part / 12]);
        assert!(!told(&output).contains("panicked"), "{part}: {}", told(&output));
        assert!(matches!(output.status.code(), Some(0 | 2)), "{part}: {:?}", output.status);
        assert!(!told(&output).is_empty(), "{part}: it must say that the file is damaged");
    }
}

#[test]
fn a_file_whose_pages_can_be_read_without_its_end_is_told_to_be_cut_off() {
    let whole = pdf(&[
        "<</Type/Catalog/Pages 2 0 R>>".into(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
            .into(),
        stream("", "BT /F 10 Tf 50 500 Td (Tolls rise.) Tj ET"),
        FONT.into(),
    ]);
    assert_eq!(told(&read(&whole)), "");
    let without_mark = &whole[..whole.len() - "EOF\n".len()];
    let goes_on = [&whole[..], b"9 0 obj\n<</Type/Page"].concat();
    for file in [without_mark, &goes_on] {
        let output = read(file);
        assert!(notes(&output).is_empty());
        assert!(told(&output).contains("cut off"), "{}", told(&output));
    }
}

/// A page may be turned for the eye, or its text be set along its side, or both; and where a word is broken, the
/// file says what its hyphen stands for.
#[test]
fn turned_pages_are_read_like_upright_ones() {
    const TEXT: &str = "BT /F 10 Tf 50 500 Td (The tolls rose in the spring of that year.) Tj /F 6 Tf 4 Ts (1) Tj 0 Ts ET \
         BT /F 10 Tf 50 480 Td (Nobody on the quay paid them, though.) Tj /F 6 Tf 4 Ts (2) Tj 0 Ts ET \
         BT /F 8 Tf 50 90 Td (1 Anne) Tj /Span <</ActualText(-)>> BDC (\\255) Tj EMC 0 -10 Td (Marie Lind, ) Tj \
         (Minutes of the har) Tj /Span <</ActualText<FEFF00AD>>> BDC (\\255) Tj EMC 0 -10 Td (bour board.) Tj ET \
         BT /F 8 Tf 50 60 Td (2 Harbour Board, Report to the county.) Tj ET";
    let soft = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding\
                <</BaseEncoding/WinAnsiEncoding/Differences[173/uni00AD]>>>>";
    let turned = |matrix: &str, size: &str, rotate: u32| {
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]/Rotate {rotate}/Contents 4 0 R\
             /Resources<</Font<</F 5 0 R>>>>>>"
        );
        let read = read(&pdf(&[
            "<</Type/Catalog/Pages 2 0 R>>".into(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(),
            page,
            stream("", &format!("{matrix} cm {TEXT}")),
            soft.into(),
        ]));
        let notes = notes(&read);
        notes.iter().map(|note| format!("{} {}", note["number"], note["text"])).collect::<Vec<_>>()
    };
    let want = [
        r#""1" "Anne-Marie Lind, Minutes of the harbour board.""#,
        r#""2" "Harbour Board, Report to the county.""#,
    ];
    for (matrix, size) in [
        ("1 0 0 1 0 0", "400 600"),
        ("0 1 -1 0 600 0", "600 400"),
        ("-1 0 0 -1 400 600", "400 600"),
        ("0 -1 1 0 0 400", "600 400"),
    ] {
        for rotate in [0, 90, 180, 270] {
            assert_eq!(turned(matrix, size, rotate), want, "{matrix}, turned by {rotate}");
        }
    }
}

/// Several pages on one sheet, or one on a poster: two columns of text of a point, and of a hundred.
#[test]
fn text_of_any_size_is_read_alike() {
    let lines = |x: u32, number: u32| {
        let mut text = String::new();
        for line in 0..30 {
            let said = if line == 4 { "paid by nobody" } else { "of harbours, quays, ferries and tolls" };
            let _ = write!(text, "BT /F 10 Tf {x} {} Td (Line {line} {said}) Tj ", 560 - line * 13);
            let call =
                if line == 4 { format!("/F 6 Tf 4 Ts ({number}) Tj 0 Ts ET ") } else { "ET ".to_owned() };
            text.push_str(&call);
        }
        let _ = write!(text, "BT /F 8 Tf {x} 90 Td ({number} Ada Lind, Minutes of the board,) Tj 0 -10 Td ");
        let _ = write!(text, "(book {number}, kept in the archive.) Tj ET ");
        text
    };
    let sized = |by: f32| {
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {} {}]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
            460.0 * by,
            620.0 * by
        );
        let read = read(&pdf(&[
            "<</Type/Catalog/Pages 2 0 R>>".into(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(),
            page,
            stream("", &format!("{by} 0 0 {by} 0 0 cm {}{}", lines(20, 1), lines(240, 2))),
            FONT.into(),
        ]));
        let notes = notes(&read);
        notes.iter().map(|note| format!("{} {}", note["number"], note["text"])).collect::<Vec<_>>()
    };
    let want =
        [1, 2].map(|n| format!(r#""{n}" "Ada Lind, Minutes of the board, book {n}, kept in the archive.""#));
    for by in [1.0, 0.1, 0.02, 10.0] {
        assert_eq!(sized(by), want, "{by} times as large");
    }
}

#[test]
fn thousands_of_pages_are_read() {
    const PAGES: usize = 2000;
    const NOTES: usize = 3;
    // What stands on every page alike would be a running head.
    let words =
        ["tolls", "quays", "ferries", "cranes", "pilots", "anchors", "statutes", "winters", "ledgers"];
    let text = |page: usize| {
        let mut text = String::new();
        for nth in 0..NOTES {
            let (number, at) = (page * NOTES + nth + 1, nth * 20);
            let (one, other) = (words[(number / 5) % 9], words[(number + page) % 9]);
            let _ = write!(
                text,
                "BT /F 10 Tf 50 {} Td (The board spoke of {one} and then of {other} again.) Tj \
                 /F 6 Tf 4 Ts ({number}) Tj 0 Ts ET \
                 BT /F 8 Tf 50 {} Td ({number} Harbour Board, Minutes of {one}, book {number}.) Tj ET ",
                500 - at,
                120 - at
            );
        }
        text
    };
    let kids: Vec<String> = (0..PAGES).map(|page| format!("{} 0 R", 4 + page * 2)).collect();
    let kids = kids.join(" ");
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[{kids}]/Count {PAGES}>>"),
        FONT.to_owned(),
    ];
    for page in 0..PAGES {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents {} 0 R/Resources<</Font<</F 3 0 R>>>>>>",
            5 + page * 2
        ));
        objects.push(stream("", &text(page)));
    }
    let notes = notes(&read(&pdf(&objects)));
    assert_eq!(notes.len(), PAGES * NOTES);
    let last = &notes[PAGES * NOTES - 1];
    assert!(last["text"].as_str().is_some_and(|text| text.ends_with("book 6000.")), "{last}");
    assert_eq!(last["location"]["page"], PAGES);
}
