//! One request → one answer or one fault, from the network or from an archive.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName};
use tokio::sync::OwnedSemaphorePermit;
use url::Url;

use super::fault::Fault;
use super::live::Live;
use super::replay::Archive;
use super::{Origin, Policy, SourceError, body};

/// One GET.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    /// Absolute, http or https.
    pub(super) url: Url,
    /// The `Cookie` field, where this visit was given cookies for this address.
    pub(super) cookies: Option<reqwest::header::HeaderValue>,
    /// Fields that ask for the page only if it has changed, or as it was at a time.
    pub(super) conditions: HeaderMap,
    /// What the body is read for.
    pub(super) wants: Wants,
    /// Time allowed.
    pub(super) within: Duration,
    /// Another question to the same host is to be expected.
    pub(super) again: bool,
}

/// The kind of body that is worth reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    /// What a reader would see.
    Page,
    /// JSON, of a service.
    Data,
    /// Plain text.
    Text,
    /// A list of links (RFC 6690).
    Links,
}

/// What a server said.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// HTTP status.
    pub(crate) status: u16,
    /// Header fields, as sent.
    pub(crate) headers: HeaderMap,
    /// The body of an HTML answer.
    pub(super) html: Option<Body>,
    /// The body of a PDF file.
    pub(super) pdf: Option<Body>,
    /// The body of a JSON answer.
    pub(super) json: Option<Body>,
    /// The body of an answer in plain text, or of a list of links.
    pub(super) text: Option<Body>,
    /// A body was looked for and there was none.
    pub(super) empty: bool,
    /// The body did not come to its end.
    pub(super) broken: Option<Fault>,
}

/// What a body is, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Html,
    Pdf,
    Json,
    Text,
    Links,
    Other,
}

/// The bytes of a page, transfer and content codings undone.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// No more than [`Policy::max_body`].
    pub(super) bytes: Vec<u8>,
    /// There was more.
    pub(super) cut: bool,
    /// A large body's right to be in memory; given back with the bytes.
    pub(super) places: Vec<OwnedSemaphorePermit>,
}

impl Answer {
    /// A header field as text; what is no text is not there.
    pub(super) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Takes in a body that was read: a page if its type says so, or else its beginning.
    pub(super) fn take(&mut self, body: Body) {
        self.empty = body.bytes.trim_ascii().is_empty();
        let kind = self.kind();
        if kind == Some(Kind::Json) {
            self.json = Some(body);
        } else if kind == Some(Kind::Pdf) || body.bytes.starts_with(b"%PDF-") {
            self.pdf = Some(body);
        } else if kind == Some(Kind::Links) {
            self.text = Some(body);
        } else if kind == Some(Kind::Text) && !body::looks_like_html(&body.bytes) {
            self.text = Some(body);
        } else if kind == Some(Kind::Html) || body::looks_like_html(&body.bytes) {
            self.html = Some(body);
        }
    }

    /// Is its body worth reading? A redirect's is not, nor is what is known to be something else.
    pub(super) fn may_be(&self, wanted: Wants) -> bool {
        let kinds: &[Kind] = match wanted {
            Wants::Page => &[Kind::Html, Kind::Pdf],
            Wants::Data => &[Kind::Json],
            Wants::Text => &[Kind::Text],
            // Some servers call a list of links plain text.
            Wants::Links => &[Kind::Links, Kind::Text],
        };
        self.location().is_none() && self.kind().is_none_or(|kind| kinds.contains(&kind))
    }

    /// Is it an archived copy, whatever its status? Then what it says was said when it was made.
    pub(super) fn is_copy(&self) -> bool {
        self.headers.contains_key("memento-datetime")
    }

    /// What its server says of itself: a copy's status is not the archive's.
    pub(super) fn own_status(&self) -> u16 {
        if self.is_copy() { 200 } else { self.status }
    }

    /// What its type says that it is; servers that name no type are asked by the body's first bytes.
    fn kind(&self) -> Option<Kind> {
        let field = self.header(CONTENT_TYPE)?;
        let kind = field.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "" => None,
            "text/html" | "application/xhtml+xml" => Some(Kind::Html),
            "application/pdf" | "application/x-pdf" => Some(Kind::Pdf),
            "application/json" | "text/json" => Some(Kind::Json),
            // One JSON object a line.
            "text/x-ndjson" | "application/x-ndjson" => Some(Kind::Json),
            "application/link-format" => Some(Kind::Links),
            "text/plain" => Some(Kind::Text),
            // `application/vnd.api+json`, `application/json+oembed` (RFC 6839).
            _ if kind.ends_with("+json") || kind.starts_with("application/json") => Some(Kind::Json),
            _ => Some(Kind::Other),
        }
    }

    /// Where a redirect leads, as sent. Fields outside ASCII are read as UTF-8, as browsers do.
    pub(super) fn location(&self) -> Option<String> {
        // RFC 9110, 15.4: 300, 304 and 305 are not to be followed by themselves.
        if !matches!(self.status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let field = self.headers.get(reqwest::header::LOCATION)?.as_bytes();
        // In no encoding that could be told, the bytes themselves are meant.
        let text = std::str::from_utf8(field).map_or_else(
            |_| percent_encoding::percent_encode(field, percent_encoding::CONTROLS).to_string(),
            str::to_owned,
        );
        Some(text.trim().to_owned())
    }
}

/// Where answers come from.
pub(super) enum Web {
    /// The network.
    Live(Box<Live>),
    /// An archive.
    Replay(Archive),
}

impl Web {
    pub(super) fn open(policy: &Policy) -> Result<Option<Self>, SourceError> {
        match &policy.origin {
            Origin::Live => Ok(Some(Web::Live(Box::new(Live::new(policy)?)))),
            Origin::Replay(path) => Ok(Some(Web::Replay(Archive::open(path, policy.max_body)?))),
            Origin::Offline => Ok(None),
        }
    }

    /// Asks once. Everything that will come of the answer has come when this returns.
    pub(super) async fn get(&self, ask: &Ask) -> Result<Answer, Fault> {
        match self {
            Web::Live(live) => live.get(ask).await,
            Web::Replay(archive) => archive.get(ask).await,
        }
    }

    /// Does a proxy look names up in our place?
    pub(super) fn is_proxied(&self, url: &Url) -> bool {
        match self {
            Web::Live(live) => live.is_proxied(url),
            Web::Replay(_) => false,
        }
    }

    /// Says that an address gave no answer in the end.
    pub(super) fn gave_up(&self, url: &Url, fault: &Fault) {
        if let Web::Live(live) = self {
            live.gave_up(url, fault);
        }
    }

    /// May the same question be answered differently later?
    pub(super) fn changes(&self) -> bool {
        matches!(self, Web::Live(_))
    }
}

/// An address as it may be shown: without a name and password.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail only for addresses that cannot hold them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}
