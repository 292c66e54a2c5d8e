//! One visit's own cookies (RFC 6265): sites that redirect until they see theirs are satisfied, and no
//! source learns of another.
//!
//! The client knows of none: what it keeps for each question to look after cookies is more than the
//! cookies are.

use cookie_store::{CookieStore, RawCookie};
use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};
use url::Url;

/// The cookies that answers set on the way to a source.
#[derive(Debug, Default)]
pub(super) struct Jar(Option<Box<CookieStore>>);

impl Jar {
    /// Takes the cookies of an answer from an address.
    pub(super) fn take(&mut self, headers: &HeaderMap, from: &Url) {
        let fields = headers.get_all(SET_COOKIE).iter();
        let text = fields.filter_map(|field| std::str::from_utf8(field.as_bytes()).ok());
        let mut cookies = text.filter_map(|text| RawCookie::parse(text.to_owned()).ok()).peekable();
        if cookies.peek().is_some() {
            self.0.get_or_insert_default().store_response_cookies(cookies, from);
        }
    }

    /// The `Cookie` field for an address, if there are any for it.
    pub(super) fn cookies(&self, to: &Url) -> Option<HeaderValue> {
        let pairs = self.0.as_ref()?.get_request_values(to);
        let field = pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        HeaderValue::try_from(field).ok().filter(|field| !field.is_empty())
    }
}
