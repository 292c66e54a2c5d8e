//! Answers from an archive.

use ibid::source::{Origin, Policy, State};
use tempfile::NamedTempFile;

use super::support::archive::{packed, packed_as_one, page_of, plain, response};
use super::{is, visits};

fn replay(file: &NamedTempFile) -> Policy {
    Policy { origin: Origin::Replay(file.path().to_owned()), ..Policy::default() }
}

fn urls(urls: &[&str]) -> Vec<String> {
    urls.iter().map(|url| (*url).to_owned()).collect()
}

#[tokio::test]
async fn plain_and_packed_archives_answer_alike() {
    let records = [
        page_of("https://a.test/", "A"),
        response("https://a.test/old", b"HTTP/1.1 301 Moved\r\nLocation: /new\r\n\r\n"),
        page_of("https://a.test/new", "New"),
        response("https://a.test/gone", b"HTTP/1.1 410 Gone\r\nContent-Type: text/html\r\n\r\n<p>gone"),
    ];
    let asked = urls(&["https://a.test/#x", "https://a.test/old", "https://a.test/gone", "https://b.test/"]);
    for archive in [plain(&records), packed(&records), packed_as_one(&records)] {
        let visits = visits(&asked, &replay(&archive)).await;
        is(&visits[0], State::Ok, "");
        is(&visits[1], State::Moved, "https://a.test/new");
        is(&visits[2], State::Dead, "410");
        is(&visits[3], State::Unreachable, "archive has no answer for https://b.test/");
        assert!(visits[0].page.is_some() && visits[1].page.is_some());
    }
}
