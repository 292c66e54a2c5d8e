//! A PDF file as a source. All its dates are weak: the file's own are those of an export, and the one
//! on its first page is as much its own as any date there.

use url::Url;

use super::{DateClaim, Page, Role, Strength, Witness, choice, url_dates};
use crate::date::PartialDate;
use crate::document::pdf;

/// Reads a PDF file. `url` is the address it came from. Where it cannot be read, the address remains.
pub fn read_pdf(bytes: &[u8], url: &Url) -> Page {
    let face = pdf::face(bytes).unwrap_or_default();
    let weak = |date: Option<PartialDate>, role, votes, witness, evidence: &str| {
        let (strength, evidence) = (Strength::Weak, evidence.to_owned());
        date.map(|date| DateClaim { date, time: None, role, strength, witness, votes, evidence })
    };
    let own = face.information;
    let claims = [
        weak(face.date, Role::Published, 6, Witness::Byline, "pdf first page"),
        weak(own.created, Role::Published, 2, Witness::Meta, "pdf CreationDate"),
        weak(own.modified, Role::Modified, 0, Witness::Meta, "pdf ModDate"),
    ];
    let mut dates: Vec<DateClaim> = claims.into_iter().flatten().chain(url_dates(url)).collect();
    choice::arrange(&mut dates);
    let titles: Vec<String> =
        [face.title, own.title.filter(|title| is_title(title))].into_iter().flatten().collect();
    let author = own.author.filter(|author| author.contains(' ') && author.len() < 200);
    Page {
        title: titles.first().cloned(),
        titles,
        authors: if face.authors.is_empty() { author.into_iter().collect() } else { face.authors },
        dates,
        ..Page::default()
    }
}

/// Programs put the name of the file there, and writers what the last text was called.
fn is_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let file = [".doc", ".docx", ".indd", ".qxd", ".pdf", ".tex", ".dvi", ".rtf", ".odt", ".pptx"];
    title.split_whitespace().count() > 1
        && !file.iter().any(|ending| lower.ends_with(ending))
        && ![
            "microsoft word",
            "powerpoint",
            "untitled",
            "senza titolo",
            "sans titre",
            "unbenannt",
            "layout 1",
        ]
        .iter()
        .any(|start| lower.starts_with(start))
}
