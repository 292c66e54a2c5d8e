//! What can go wrong between a question and its answer, told apart by type and never by wording,
//! wherever the libraries below give a type.

use std::error::Error;
use std::io;

use rustls::CertificateError;
use url::Url;

use super::State;
use super::guard::{Refusal, public};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// The name service says for certain that the name does not exist.
    NoSuchHost,
    /// The name exists and has no address.
    NoAddress,
    /// The name service did not answer.
    LookupFailed,
    /// The guard does not let it through.
    Refused(Refusal),
    /// Nobody listens there.
    ConnectionRefused,
    /// No way there: network or host unreachable.
    NoRoute,
    /// Not within [`super::Policy::timeout`].
    TimedOut,
    /// The secure connection failed.
    Tls(TlsFault),
    /// The proxy failed or would not connect.
    Proxy(&'static str),
    /// The connection broke before an answer came.
    Broken,
    /// The answer broke off.
    CutOff,
    /// The content coding is not what it says.
    Undecodable,
    /// Not HTTP, or against its rules.
    Protocol,
    /// This machine has no more open files to give, and had none for minutes.
    NoFiles,
    /// Its host asked to be left alone, with this status, for longer than anyone waits.
    ToldToWait(u16),
    /// All its hops and tries together took longer than [`super::Policy::source_time`].
    OutOfTime,
    /// The host left several questions before this one without an answer; it was not asked again.
    GivenUp,
    /// The redirects lead in a circle.
    Loop,
    /// More redirects than [`super::Policy::max_redirects`].
    TooManyRedirects(usize),
    /// A redirect to something that is no address.
    BadRedirect(String),
    /// The archive has no answer for this address; its host is not asked.
    NotArchived,
    /// The archive says that the answer is the same as one that it does not hold.
    Dangling,
    /// The archive's record of the answer cannot be read.
    BadRecord(String),
}

/// What is wrong with a secure connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TlsFault {
    /// Past its last day.
    Expired,
    /// Before its first day.
    NotYetValid,
    /// For another host.
    WrongHost,
    /// Signed by nobody known.
    UnknownIssuer,
    /// Taken back.
    Revoked,
    /// Anything else about the certificate.
    Certificate,
    /// The two sides found no common ground.
    Handshake,
}

/// May the same question fare better a little later?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hope {
    /// No.
    None,
    /// Perhaps, but each try costs a whole time-out.
    Late,
    /// Yes.
    Soon,
}

const INWARD: &str = "inward-address ";
const TOLD_TO_WAIT: &str = "told-to-wait ";

/// The names of faults in archives; they are never changed.
const CODES: &[(&str, Fault)] = &[
    ("no-such-host", Fault::NoSuchHost),
    ("no-address", Fault::NoAddress),
    ("lookup-failed", Fault::LookupFailed),
    ("connection-refused", Fault::ConnectionRefused),
    ("no-route", Fault::NoRoute),
    ("timed-out", Fault::TimedOut),
    ("tls-expired", Fault::Tls(TlsFault::Expired)),
    ("tls-not-yet-valid", Fault::Tls(TlsFault::NotYetValid)),
    ("tls-wrong-host", Fault::Tls(TlsFault::WrongHost)),
    ("tls-unknown-issuer", Fault::Tls(TlsFault::UnknownIssuer)),
    ("tls-revoked", Fault::Tls(TlsFault::Revoked)),
    ("tls-certificate", Fault::Tls(TlsFault::Certificate)),
    ("tls-handshake", Fault::Tls(TlsFault::Handshake)),
    ("closed-without-answer", Fault::Broken),
    ("broke-off", Fault::CutOff),
    ("undecodable", Fault::Undecodable),
    ("not-http", Fault::Protocol),
    ("out-of-time", Fault::OutOfTime),
    ("host-given-up", Fault::GivenUp),
];

impl Fault {
    /// The fault behind an error of the client, up to the head of the answer.
    pub(super) fn of(err: &reqwest::Error, proxied: bool) -> Self {
        for cause in causes(err) {
            if let Some(refusal) = cause.downcast_ref::<Refusal>() {
                return Fault::Refused(refusal.clone());
            }
            if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
                return Fault::Tls(TlsFault::of(tls));
            }
        }
        let io = last_io(err);
        // EMFILE and ENFILE have these numbers on every Unix that Rust knows.
        if cfg!(unix) && matches!(io.and_then(io::Error::raw_os_error), Some(23 | 24)) {
            return Fault::NoFiles;
        }
        if proxied && err.is_connect() {
            return Fault::Proxy(proxy_trouble(err));
        }
        if err.is_dns() {
            return io.map_or(Fault::LookupFailed, of_lookup);
        }
        if err.is_timeout() {
            return Fault::TimedOut;
        }
        match io.map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => Fault::ConnectionRefused,
            Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable) => Fault::NoRoute,
            Some(io::ErrorKind::TimedOut) => Fault::TimedOut,
            Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => Fault::Protocol,
            None if is_http_parse_error(err) => Fault::Protocol,
            _ => Fault::Broken,
        }
    }

    /// The fault behind an error while the body came.
    pub(super) fn of_body(err: &reqwest::Error) -> Self {
        let kind = last_io(err).map(io::Error::kind);
        // The client calls all that fails while it decodes a decoding error.
        let of_transport = causes(err).any(<dyn Error>::is::<hyper::Error>)
            || matches!(kind, Some(io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset));
        if err.is_timeout() {
            Fault::TimedOut
        } else if err.is_decode() && !of_transport {
            Fault::Undecodable
        } else {
            Fault::CutOff
        }
    }

    /// Its name in archives; `None` for what a replay finds out by itself, or what says nothing of the
    /// source.
    pub(super) fn code(&self) -> Option<String> {
        match self {
            Fault::Refused(Refusal::Address(ip, _)) => Some(format!("{INWARD}{ip}")),
            Fault::ToldToWait(status) => Some(format!("{TOLD_TO_WAIT}{status}")),
            _ => CODES.iter().find(|(_, fault)| fault == self).map(|(code, _)| (*code).to_owned()),
        }
    }

    /// The fault of a name that [`Fault::code`] gave.
    pub(super) fn named(code: &str) -> Option<Self> {
        if let Some(ip) = code.strip_prefix(INWARD) {
            return public(ip.parse().ok()?).err().map(Fault::Refused);
        }
        if let Some(status) = code.strip_prefix(TOLD_TO_WAIT) {
            return status.parse().ok().map(Fault::ToldToWait);
        }
        CODES.iter().find(|(name, _)| *name == code).map(|(_, fault)| fault.clone())
    }

    /// The state of a source about which nothing more is known than this.
    pub(super) fn state(&self, url: &Url) -> State {
        match self {
            // RFC 7686: the name service knows nothing of onion services; they may well be there.
            Fault::NoSuchHost if is_onion(url) => State::Unreachable,
            Fault::NoSuchHost => State::Dead,
            Fault::Refused(_) => State::Unsafe,
            Fault::ToldToWait(429) => State::Blocked,
            // Our own trouble says nothing of the source.
            Fault::NoFiles => State::Skipped,
            _ => State::Unreachable,
        }
    }

    pub(super) fn hope(&self) -> Hope {
        match self {
            Fault::TimedOut => Hope::Late,
            Fault::LookupFailed
            | Fault::ConnectionRefused
            | Fault::NoRoute
            | Fault::Proxy(_)
            | Fault::Broken
            | Fault::CutOff
            | Fault::Tls(TlsFault::Handshake) => Hope::Soon,
            _ => Hope::None,
        }
    }

    /// Does it say something about the host's other pages as well?
    pub(super) fn is_of_host(&self) -> bool {
        matches!(
            self,
            Fault::TimedOut
                | Fault::LookupFailed
                | Fault::ConnectionRefused
                | Fault::NoRoute
                | Fault::Proxy(_)
        )
    }

    /// May it be this machine's own trouble, or its network's? Then it says nothing of the source.
    pub(super) fn may_be_ours(&self) -> bool {
        matches!(self, Fault::LookupFailed | Fault::NoRoute | Fault::Proxy(_) | Fault::NoFiles)
            // What the guard lets through is the user's choice, and so may change.
            || matches!(self, Fault::Refused(_))
    }

    /// One plain sentence. `url` is the address that was asked.
    pub(super) fn sentence(&self, url: &Url) -> String {
        let host = url.host_str().unwrap_or_default();
        match self {
            Fault::NoSuchHost if is_onion(url) => {
                format!("{host} is an onion service, which only Tor reaches.")
            }
            Fault::NoSuchHost => format!("There is no such host as {host}."),
            Fault::NoAddress => format!("The name {host} exists but has no address."),
            Fault::LookupFailed => format!("The address of {host} could not be looked up."),
            Fault::Refused(refusal) => format!("It is not asked: {refusal}."),
            Fault::ConnectionRefused => format!("{host} refused the connection."),
            Fault::NoRoute => format!("There is no route to {host}."),
            Fault::TimedOut => format!("{host} did not answer in time."),
            Fault::Tls(fault) => fault.sentence(host),
            Fault::Proxy(what) => format!("The proxy {what} when asked for {host}."),
            Fault::Broken => format!("{host} closed the connection without an answer."),
            Fault::CutOff => format!("{host} broke off in the middle of its answer."),
            Fault::Undecodable => format!("The compression of {host}'s answer is broken."),
            Fault::Protocol => format!("{host} sent something that is not HTTP."),
            Fault::NoFiles => {
                "It was not asked: this machine has too many files open; raise the limit or lower \
                 --max-concurrency."
                    .to_owned()
            }
            Fault::ToldToWait(status) => {
                format!("{host} asked to be left alone for long before its turn came ({status}).")
            }
            Fault::OutOfTime => format!("It takes too long, redirects and tries together, last at {host}."),
            Fault::GivenUp => {
                format!("{host} did not answer the questions before this one and was not asked again.")
            }
            Fault::Loop => "Its redirects lead in a circle.".to_owned(),
            Fault::TooManyRedirects(limit) => format!("It redirects more than {limit} times."),
            Fault::BadRedirect(to) => format!("{host} redirects to “{to}”, which is no address."),
            Fault::NotArchived => format!("The archive has no answer for {}.", super::web::shown(url)),
            Fault::Dangling => {
                format!(
                    "The archive refers for {} to an answer that it does not hold.",
                    super::web::shown(url)
                )
            }
            Fault::BadRecord(why) => {
                format!("The archive's record for {} cannot be read: {why}.", super::web::shown(url))
            }
        }
    }
}

impl TlsFault {
    fn of(err: &rustls::Error) -> Self {
        use CertificateError as C;
        match err {
            rustls::Error::InvalidCertificate(certificate) => match certificate {
                C::Expired | C::ExpiredContext { .. } => TlsFault::Expired,
                C::NotValidYet | C::NotValidYetContext { .. } => TlsFault::NotYetValid,
                C::NotValidForName | C::NotValidForNameContext { .. } => TlsFault::WrongHost,
                C::UnknownIssuer => TlsFault::UnknownIssuer,
                C::Revoked => TlsFault::Revoked,
                _ => TlsFault::Certificate,
            },
            rustls::Error::NoCertificatesPresented | rustls::Error::UnsupportedNameType => {
                TlsFault::Certificate
            }
            _ => TlsFault::Handshake,
        }
    }

    fn sentence(&self, host: &str) -> String {
        match self {
            TlsFault::Expired => format!("The certificate of {host} has expired."),
            TlsFault::NotYetValid => format!("The certificate of {host} is not valid yet."),
            TlsFault::WrongHost => format!("The certificate of {host} is for another host."),
            TlsFault::UnknownIssuer => format!("The certificate of {host} comes from an unknown issuer."),
            TlsFault::Revoked => format!("The certificate of {host} was revoked."),
            TlsFault::Certificate => format!("The certificate of {host} is not valid."),
            TlsFault::Handshake => format!("No secure connection to {host} could be agreed on."),
        }
    }
}

fn is_onion(url: &Url) -> bool {
    url.host_str().is_some_and(|host| host.trim_end_matches('.').rsplit('.').next() == Some("onion"))
}

/// The chain of causes. An `io::Error` skips the error it wraps in `source()`, and TLS errors come
/// wrapped in two of them: so the wrapped error is asked for first.
fn causes<'a>(err: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(err), |err| {
        let err: &'a (dyn Error + 'static) = *err;
        match err.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => err.source(),
        }
    })
}

fn last_io<'a>(err: &'a (dyn Error + 'static)) -> Option<&'a io::Error> {
    causes(err).filter_map(|e| e.downcast_ref::<io::Error>()).last()
}

/// `getaddrinfo`'s verdict. The standard library passes on its code on Windows and only its words on
/// Unix; programs that set no locale, as this one, get them in English.
fn of_lookup(err: &io::Error) -> Fault {
    // WSAHOST_NOT_FOUND, WSANO_DATA.
    match err.raw_os_error() {
        Some(11001) if cfg!(windows) => return Fault::NoSuchHost,
        Some(11004) if cfg!(windows) => return Fault::NoAddress,
        _ => {}
    }
    let said = err.to_string();
    // glibc, musl, macOS and the BSDs.
    let unknown = ["Name or service not known", "Name does not resolve", "nodename nor servname provided"];
    let empty = ["No address associated with", "Name has no usable address"];
    if unknown.iter().any(|words| said.contains(words)) {
        Fault::NoSuchHost
    } else if empty.iter().any(|words| said.contains(words)) {
        Fault::NoAddress
    } else {
        Fault::LookupFailed
    }
}

/// The client keeps its proxy errors to itself; their first words are all there is.
fn proxy_trouble(err: &reqwest::Error) -> &'static str {
    let said: Vec<String> = causes(err).map(ToString::to_string).collect();
    if said.iter().any(|s| s.contains("proxy authorization required")) {
        "wants a name and password"
    } else if said.iter().any(|s| s.contains("tunnel error: unsuccessful")) {
        "would not connect"
    } else if err.is_timeout() {
        "did not answer in time"
    } else {
        "could not be reached"
    }
}

fn is_http_parse_error(err: &reqwest::Error) -> bool {
    causes(err).any(|e| e.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_io_error_hides_its_cause_from_source() {
        let tls = rustls::Error::InvalidCertificate(CertificateError::Expired);
        let nested = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, tls));
        assert!(nested.source().is_none_or(|e| e.downcast_ref::<rustls::Error>().is_none()));
        let found = causes(&nested).find_map(|e| e.downcast_ref::<rustls::Error>());
        assert_eq!(found.map(TlsFault::of), Some(TlsFault::Expired));
    }

    #[test]
    fn what_is_written_down_is_read_back() {
        let inward = Fault::Refused(public([10, 0, 0, 1].into()).unwrap_err());
        let others = [inward, Fault::ToldToWait(429)];
        for fault in CODES.iter().map(|(_, fault)| fault).chain(&others) {
            assert_eq!(Fault::named(&fault.code().unwrap()).as_ref(), Some(fault));
        }
        assert_eq!(Fault::named("inward-address 93.184.215.14"), None);
        assert_eq!(Fault::NoFiles.code(), None);
    }

    #[test]
    fn only_a_definite_no_is_a_dead_host() {
        let said = |words: &str| {
            of_lookup(&io::Error::other(format!("failed to lookup address information: {words}")))
        };
        assert_eq!(said("Name or service not known"), Fault::NoSuchHost);
        assert_eq!(said("No address associated with hostname"), Fault::NoAddress);
        assert_eq!(said("Temporary failure in name resolution"), Fault::LookupFailed);
        let url = |s: &str| Url::parse(s).unwrap();
        assert_eq!(Fault::NoSuchHost.state(&url("http://gone.example/")), State::Dead);
        assert_eq!(Fault::NoSuchHost.state(&url("http://abcdef.onion/")), State::Unreachable);
        assert_eq!(Fault::NoAddress.state(&url("http://gone.example/")), State::Unreachable);
        assert_eq!(Fault::LookupFailed.state(&url("http://gone.example/")), State::Unreachable);
    }
}
