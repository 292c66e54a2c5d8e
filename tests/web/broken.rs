//! Servers that keep to no rule: each has its verdict, and none holds the others up.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use ibid::source::{Policy, Resolve, State, Visit};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::support::server::{page, policy, read_head};
use super::support::tls::Authority;
use super::visits;

/// What a server does when it has said what it says.
#[derive(Clone, Copy)]
enum Then {
    /// Closes the connection.
    Close,
    /// Breaks it.
    Reset,
    /// Keeps it open, and is silent.
    Hang,
    /// Says this for ever.
    Repeat(&'static [u8]),
}

use Then::{Close, Hang, Repeat, Reset};

struct Case {
    name: &'static str,
    says: Vec<u8>,
    then: Then,
    state: State,
    words: &'static str,
}

fn case(name: &'static str, says: impl Into<Vec<u8>>, then: Then, state: State, words: &'static str) -> Case {
    Case { name, says: says.into(), then, state, words }
}

/// Which language a server speaks before it misbehaves.
enum Speaks {
    Http,
    /// It reads the beginning of a handshake.
    HalfTls,
    /// Secure connections, and HTTP/2 on them.
    Http2(TlsAcceptor),
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, says: &[u8], then: Then) {
    // Whoever asked may have gone away by now.
    if stream.write_all(says).await.is_err() || stream.flush().await.is_err() {
        return;
    }
    match then {
        Close | Reset => {}
        Hang => std::future::pending().await,
        Repeat(more) => while stream.write_all(more).await.is_ok() {},
    }
}

async fn serve(mut stream: TcpStream, speaks: &Speaks, says: &[u8], then: Then) {
    if matches!(then, Reset) {
        stream.set_zero_linger().unwrap();
    }
    match speaks {
        Speaks::Http => {
            read_head(&mut stream).await;
            talk(stream, says, then).await;
        }
        Speaks::HalfTls => {
            let _ = stream.read(&mut [0; 4096]).await;
            talk(stream, says, then).await;
        }
        Speaks::Http2(tls) => {
            let Ok(mut stream) = tls.accept(stream).await else { return };
            // The preface and the question, so that what is said is an answer to them.
            let mut heard = 0;
            while heard < 100 {
                let Ok(read @ 1..) = stream.read(&mut [0; 4096]).await else { return };
                heard += read;
            }
            talk(stream, says, then).await;
        }
    }
}

/// Visits all of them in one run, each by a name of its own.
async fn judged(cases: Vec<Case>, speaks: Speaks, rules: Policy) {
    let (mut urls, mut hosts, mut wanted) = (Vec::new(), Vec::new(), Vec::new());
    let scheme = if matches!(speaks, Speaks::Http) { "http" } else { "https" };
    let speaks = Arc::new(speaks);
    for Case { name, says, then, state, words } in cases {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (says, speaks) = (Arc::new(says), Arc::clone(&speaks));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (says, speaks) = (Arc::clone(&says), Arc::clone(&speaks));
                tokio::spawn(async move { serve(stream, &speaks, &says, then).await });
            }
        });
        urls.push(format!("{scheme}://site.test:{}/", addr.port()));
        hosts.push(Resolve { host: "site.test".to_owned(), port: addr.port(), addrs: vec![addr.ip()] });
        wanted.push((name, state, words));
    }
    let visits: Vec<Visit> = visits(&urls, &Policy { resolve: hosts, ..rules }).await;
    let odd: Vec<String> = visits
        .iter()
        .zip(wanted)
        .filter(|(visit, (_, state, words))| visit.state != *state || !visit.reason.contains(words))
        .map(|(visit, (name, ..))| format!("{name}: {:?}, {}", visit.state, visit.reason))
        .collect();
    assert!(odd.is_empty(), "{odd:#?}");
}

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";

fn answer(fields: &str, body: &[u8]) -> Vec<u8> {
    [format!("{HEAD}{fields}Content-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_against_the_rules() {
    let whole = page("here");
    let html = whole.as_bytes();
    let head = |fields: &str| format!("{HEAD}{fields}\r\n{whole}");
    let fields = |count: usize| "X-A: y\r\n".repeat(count);
    let bomb = [html, &vec![b'a'; 8 << 20]].concat();
    let mut brotli = Vec::new();
    brotli::CompressorWriter::new(&mut brotli, 4096, 5, 22).write_all(&bomb).unwrap();
    let mut deflate = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    deflate.write_all(&bomb).unwrap();
    let cases = vec![
        case(
            "broken in its body",
            format!("{HEAD}Content-Length: 9000\r\n\r\n<p>"),
            Reset,
            State::Unreachable,
            "",
        ),
        case(
            "broken in its head",
            "HTTP/1.1 200 OK\r\nConte",
            Reset,
            State::Unreachable,
            "without an answer",
        ),
        case("more than it said", [answer("", html), b"more".to_vec()].concat(), Close, State::Ok, ""),
        case("a negative length", head("Content-Length: -5\r\n"), Close, State::Unreachable, "not HTTP"),
        case("a length in words", head("Content-Length: many\r\n"), Close, State::Unreachable, "not HTTP"),
        case(
            "two lengths",
            head("Content-Length: 5\r\nContent-Length: 7\r\n"),
            Close,
            State::Unreachable,
            "not HTTP",
        ),
        case(
            "a length that is no number any more",
            head("Content-Length: 99999999999999999999999\r\n"),
            Close,
            State::Unreachable,
            "not HTTP",
        ),
        case(
            "a chunk that is too large to be one",
            format!("{HEAD}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n<p>"),
            Close,
            State::Unreachable,
            "broke off",
        ),
        case(
            "chunks that are none",
            format!("{HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n<p>"),
            Close,
            State::Unreachable,
            "broke off",
        ),
        case("a body without end", format!("{HEAD}\r\n<html>"), Repeat(b"<p>word</p>"), State::Ok, ""),
        case(
            "chunks without end",
            format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n"),
            Repeat(b"10\r\n<p>and so on</p>\r\n"),
            State::Ok,
            "",
        ),
        case("a brotli bomb", answer("Content-Encoding: br\r\n", &brotli), Close, State::Ok, ""),
        case(
            "a deflate bomb",
            answer("Content-Encoding: deflate\r\n", &deflate.finish().unwrap()),
            Close,
            State::Ok,
            "",
        ),
        case("HTTP/0.9", html, Close, State::Unreachable, "not HTTP"),
        case("a mail server", "220 mail ESMTP\r\n", Close, State::Unreachable, "not HTTP"),
        case("a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", Close, State::Unreachable, "not HTTP"),
        case("a status below 100", "HTTP/1.1 099 No\r\n\r\n", Close, State::Unreachable, ""),
        case("another protocol", "HTTP/1.1 101 Switching Protocols\r\n\r\n", Close, State::Unreachable, ""),
        case(
            "hints before the answer",
            ["HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(5).into_bytes(), answer("", html)]
                .concat(),
            Close,
            State::Ok,
            "",
        ),
        case("many fields", answer(&fields(400), html), Close, State::Ok, ""),
        case("too many fields", answer(&fields(5_000), html), Close, State::Unreachable, ""),
        case("fields without end", HEAD, Repeat(b"X: y\r\n"), State::Unreachable, ""),
        case(
            "a field without end",
            format!("{HEAD}X: "),
            Repeat(b"yyyyyyyyyyyyyyyyyyyyyyyyy"),
            State::Unreachable,
            "",
        ),
        case(
            "days that never were",
            answer("Date: Fri, 31 Dec 99999 23:59:59 GMT\r\nLast-Modified: -1\r\nExpires: 0\r\n", html),
            Close,
            State::Ok,
            "",
        ),
    ];
    judged(cases, Speaks::Http, Policy { max_body: 256 << 10, ..policy([]) }).await;
}

/// A time that no such server keeps.
fn impatient() -> Policy {
    Policy { timeout: Duration::from_millis(300), ..policy([]) }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_never_come() {
    let late = |name, says: &'static str, then| case(name, says, then, State::Unreachable, "in time");
    let cases = vec![
        late("silence", "", Hang),
        late("half a head", "HTTP/1.1 200 OK\r\nContent-Ty", Hang),
        late("half a page", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>", Hang),
        late("always to be continued", "", Repeat(b"HTTP/1.1 100 Continue\r\n\r\n")),
    ];
    judged(cases, Speaks::Http, impatient()).await;
    let cases =
        vec![late("half a handshake", "\x16\x03\x03\x40\0\x02\x02\x02", Hang), late("none", "", Hang)];
    judged(cases, Speaks::HalfTls, impatient()).await;
}

#[tokio::test]
async fn handshakes_that_fail() {
    let alert = |name, code: u8| {
        case(name, [21, 3, 3, 0, 2, 2, code], Close, State::Unreachable, "No secure connection")
    };
    let cases = vec![
        alert("handshake failure", 40),
        alert("protocol version", 70),
        alert("internal error", 80),
        alert("unrecognised name", 112),
        alert("an alert that nobody knows", 255),
        case("nothing", "", Close, State::Unreachable, "site.test"),
        case("plain HTTP", answer("", b"<p>"), Close, State::Unreachable, "No secure connection"),
    ];
    judged(cases, Speaks::HalfTls, policy([])).await;
}

/// Kinds of frames of HTTP/2 (RFC 9113, 6).
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;

/// A frame (RFC 9113, 4.1).
fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags, 0, 0, 0, stream], payload].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_against_the_rules() {
    let authority = Authority::new();
    let file = authority.file();
    let secure = || Speaks::Http2(TlsAcceptor::from(Arc::new(authority.server("site.test", &["h2"]))));
    let trusting = |policy: Policy| Policy { cacerts: vec![file.path().to_owned()], ..policy };
    // `:status 200` and `content-type: text/html` (RFC 7541), the head of the first stream.
    let head = frame(HEADERS, 4, 1, b"\x88\x0f\x10\x09text/html");
    let said = |frames: &[Vec<u8>]| {
        [frame(SETTINGS, 0, 0, b""), frame(SETTINGS, 1, 0, b""), frames.concat()].concat()
    };
    let fails = |name, frames: &[Vec<u8>], words| case(name, said(frames), Close, State::Unreachable, words);
    let whole = frame(DATA, 1, 1, page("here").as_bytes());
    let cases = vec![
        case("a page", said(&[head.clone(), whole]), Hang, State::Ok, ""),
        fails("half a page", &[head.clone(), frame(DATA, 0, 1, b"<html><p>")], "broke off"),
        fails("farewell", &[frame(GOAWAY, 0, 0, &[0; 8])], "without an answer"),
        fails("a stream reset", &[frame(RESET, 0, 1, &[0, 0, 0, 7])], "without an answer"),
        fails("a head that is none", &[frame(HEADERS, 4, 1, &[0xFF; 5])], ""),
        fails("a frame larger than agreed", &[frame(DATA, 0, 1, &vec![0; 1 << 20])], ""),
        fails("no HTTP/2 at all", &[answer("", b"<p>")], ""),
    ];
    judged(cases, secure(), trusting(policy([]))).await;
    let never = |name, frames: &[Vec<u8>], then| case(name, said(frames), then, State::Unreachable, "");
    let cases = vec![
        never("settings without end", &[], Repeat(&[0, 0, 0, 4, 0, 0, 0, 0, 0])),
        never("pings without end", &[], Repeat(&[0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])),
        never("a page without text", &[head], Repeat(&[0, 0, 0, 0, 0, 0, 0, 0, 1])),
        never("no stream allowed", &[frame(SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 0])], Hang),
    ];
    judged(cases, secure(), trusting(impatient())).await;
}
