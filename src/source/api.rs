//! Questions to a service with which the user has an account: they carry a key, may change something,
//! and are no sources.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::client::Clients;
use super::fault::Fault;
use super::guard::Guard;
use super::{Policy, SourceError, retry};

/// An answer longer than this is none.
const LONGEST: usize = 1 << 20;

/// One question.
#[derive(Debug, Clone)]
pub struct Question {
    /// GET or POST.
    pub method: Method,
    /// Path and query below the service's address.
    pub path: String,
    /// Fields, the key among them.
    pub headers: HeaderMap,
    /// What is sent.
    pub body: String,
}

/// One answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// How long the service asks to be left alone.
    pub wait: Option<Duration>,
    /// `null` if it is no JSON.
    pub json: Value,
}

/// The way to services, under the rules of a policy: guard, proxy, certificates, time allowed.
pub struct Api {
    clients: Clients,
    guard: Guard,
    timeout: Duration,
}

impl Api {
    /// # Errors
    ///
    /// A certificate file or proxy address that cannot be used.
    pub fn new(policy: &Policy) -> Result<Self, SourceError> {
        // Keys are not for archives.
        let policy = Policy { recorder: None, ..policy.clone() };
        Ok(Self { clients: Clients::build(&policy)?, guard: Guard::new(&policy), timeout: policy.timeout })
    }

    /// Asks once. A redirect is not followed: a key goes where its owner sends it and nowhere else.
    ///
    /// # Errors
    ///
    /// Why no answer came, in a sentence.
    pub async fn ask(&self, service: &Url, question: &Question) -> Result<Reply, String> {
        let address = format!("{}{}", service.as_str().trim_end_matches('/'), question.path);
        let url = Url::parse(&address).map_err(|error| format!("{address} is not an address: {error}"))?;
        let proxied = self.clients.is_proxied(&url);
        self.guard.vet(&url, proxied).map_err(|refusal| Fault::Refused(refusal).sentence(&url))?;
        let request = self
            .clients
            .for_url(&url, true)
            .request(question.method.clone(), url.clone())
            .header(ACCEPT_ENCODING, "identity")
            .headers(question.headers.clone())
            .body(question.body.clone());
        let deadline = Instant::now() + self.timeout;
        let late = |_| Fault::TimedOut.sentence(&url);
        let mut response = timeout_at(deadline, request.send())
            .await
            .map_err(late)?
            .map_err(|error| Fault::of(&error, proxied).sentence(&url))?;
        let status = response.status().as_u16();
        let wait = retry::retry_after(response.headers());
        let mut bytes = Vec::new();
        while let Some(chunk) = timeout_at(deadline, response.chunk())
            .await
            .map_err(late)?
            .map_err(|error| Fault::of_body(&error).sentence(&url))?
        {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LONGEST {
                break;
            }
        }
        Ok(Reply { status, wait, json: serde_json::from_slice(&bytes).unwrap_or_default() })
    }
}
