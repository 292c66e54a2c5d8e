//! What goes over the wire, shown to whoever keeps it.
//!
//! A client that is listened to decodes nothing by itself: the body is kept as it was sent, its
//! content coding included, and then read from what was kept, as a replay will read it. Two things are
//! not as on the wire, for the client below does not tell them: field names are in lower case, and the
//! transfer coding is undone, so that its field stands under another name.
//!
//! What is the user's own is not shown: cookies, credentials, and every field configured for a host.

use std::fmt;
use std::io;
use std::net::IpAddr;

use jiff::Timestamp;
use reqwest::header::{
    AUTHORIZATION, COOKIE, HOST, HeaderMap, HeaderName, PROXY_AUTHORIZATION, SET_COOKIE, TRANSFER_ENCODING,
};
use reqwest::{Request, Response, Version};
use tempfile::SpooledTempFile;
use url::Url;

use super::web::shown;

/// The name under which the field of a transfer coding that was undone is kept.
const UNDONE: &str = "x-orig-transfer-encoding";

/// The field of a metadata record that names the fault for which there was no answer
/// ([`Silence::fault`]).
pub const FAULT_FIELD: &str = "fault";

/// Keeps what goes over the wire. Its methods may wait for a disk.
pub trait Recorder: fmt::Debug + Send + Sync {
    /// Bytes of one body that are kept, as they are sent; what comes after them is not read.
    fn limit(&self) -> u64;

    /// Takes up a body until it is kept: in memory up to so many bytes, and on a disk from there on.
    fn spool(&self, in_memory: usize) -> SpooledTempFile;

    /// Keeps one question and its answer.
    fn exchange(&self, exchange: &mut Exchange);

    /// Keeps that an address gave no answer in the end: why, in the words of [`Silence`].
    fn silence(&self, silence: &Silence);

    /// Something was to be kept and could not be.
    fn failed(&self, error: io::Error);
}

/// One question and its answer.
#[derive(Debug)]
pub struct Exchange {
    /// What was asked, without a fragment, a name and a password.
    pub url: Url,
    /// When.
    pub at: Timestamp,
    /// The head of the question, as HTTP/1.1 writes it, up to and with the empty line.
    pub request: Vec<u8>,
    /// The head of the answer, likewise.
    pub response: Vec<u8>,
    /// The body of the answer: transfer coding undone, content coding not.
    pub body: SpooledTempFile,
    /// Which version of HTTP it was, as ALPN names it (RFC 7301), where it was not 1.0 or 1.1.
    pub protocol: Option<&'static str>,
    /// The server's address; `None` behind a proxy.
    pub peer: Option<IpAddr>,
    /// Why the body does not come to its end, if it does not.
    pub cut: Option<Cut>,
}

/// Why a body is not there to its end (ISO 28500, 5.13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It is longer than [`Recorder::limit`].
    Length,
    /// The time allowed was up.
    Time,
    /// The connection broke.
    Disconnect,
}

/// An address that gave no answer.
#[derive(Debug)]
pub struct Silence {
    /// What was asked, without a fragment, a name and a password.
    pub url: Url,
    /// When it was given up.
    pub at: Timestamp,
    /// Why, in a word that a replay understands: `no-such-host`, `timed-out`.
    pub fault: String,
    /// Why, in one plain sentence.
    pub reason: String,
}

/// A question, ready to be kept.
pub(super) struct Asked {
    url: Url,
    at: Timestamp,
    head: Vec<u8>,
    /// It carried something of the user's: what the answer sets is the user's too.
    private: bool,
}

impl Asked {
    /// `usual`: the fields that the client adds by itself; `own`: those configured for the host.
    pub(super) fn new(request: &Request, usual: &HeaderMap, own: &HeaderMap) -> Self {
        let url = shown(request.url());
        let url = Url::parse(&url).expect("it was one before");
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let host = url.host_str().unwrap_or_default();
        let port = url.port().map_or(String::new(), |port| format!(":{port}"));
        let mut head =
            format!("{} {target} HTTP/1.1\r\n{HOST}: {host}{port}\r\n", request.method()).into_bytes();
        let sent = request.headers();
        let usual = usual.iter().filter(|(name, _)| !sent.contains_key(*name));
        for (name, value) in usual.chain(sent) {
            if !is_secret(name) && !own.contains_key(name) {
                write_field(&mut head, name.as_str(), value.as_bytes());
            }
        }
        head.extend(b"\r\n");
        let private = !own.is_empty() || sent.contains_key(AUTHORIZATION);
        Self { url, at: Timestamp::now(), head, private }
    }

    /// With the head of its answer; the body is still to come.
    pub(super) fn answered(self, response: &Response, proxied: bool, body: SpooledTempFile) -> Exchange {
        let (version, protocol) = match response.version() {
            Version::HTTP_09 | Version::HTTP_10 => ("1.0", None),
            Version::HTTP_2 => ("1.1", Some("h2")),
            Version::HTTP_3 => ("1.1", Some("h3")),
            _ => ("1.1", None),
        };
        let status = response.status();
        let mut head = format!("HTTP/{version} {} ", status.as_u16()).into_bytes();
        head.extend(match response.extensions().get::<hyper::ext::ReasonPhrase>() {
            Some(reason) => reason.as_bytes(),
            None => status.canonical_reason().unwrap_or_default().as_bytes(),
        });
        head.extend(b"\r\n");
        for (name, value) in response.headers() {
            if name == SET_COOKIE && self.private {
                continue;
            }
            let name = if name == TRANSFER_ENCODING { UNDONE } else { name.as_str() };
            write_field(&mut head, name, value.as_bytes());
        }
        head.extend(b"\r\n");
        Exchange {
            url: self.url,
            at: self.at,
            request: self.head,
            response: head,
            body,
            protocol,
            peer: response.remote_addr().filter(|_| !proxied).map(|peer| peer.ip()),
            cut: None,
        }
    }
}

fn is_secret(name: &HeaderName) -> bool {
    [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].contains(name)
}

fn write_field(head: &mut Vec<u8>, name: &str, value: &[u8]) {
    head.extend(name.as_bytes());
    head.extend(b": ");
    head.extend(value);
    head.extend(b"\r\n");
}
