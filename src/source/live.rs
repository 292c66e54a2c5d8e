//! Answers from the network.

use std::sync::Arc;

use reqwest::Response;
use reqwest::header::{ACCEPT, COOKIE};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::client::Clients;
use super::fault::Fault;
use super::web::{Answer, Ask, Body, Wants};
use super::{Policy, SourceError, body};

/// A body larger than so many bytes needs a place to be in memory until its page is read, and there
/// are so many places. Together all bodies take no more than `width` × 64 KiB + 24 × 512 KiB +
/// 3 × `max_body`; a server whose body must wait is simply not read from.
const PLACES: [(usize, usize); 2] = [(64 << 10, 24), (512 << 10, 3)];

/// The network, as one run sees it.
pub(super) struct Live {
    clients: Clients,
    policy: Policy,
    places: [Arc<Semaphore>; 2],
}

impl Live {
    pub(super) fn new(policy: &Policy) -> Result<Self, SourceError> {
        Ok(Self {
            clients: Clients::build(policy)?,
            policy: policy.clone(),
            places: PLACES.map(|(_, at_once)| Arc::new(Semaphore::new(at_once))),
        })
    }

    pub(super) fn is_proxied(&self, url: &Url) -> bool {
        self.clients.is_proxied(url)
    }

    pub(super) async fn get(&self, ask: &Ask) -> Result<Answer, Fault> {
        let proxied = self.is_proxied(&ask.url);
        let deadline = Instant::now() + ask.within;
        let mut request = self.clients.for_url(&ask.url, ask.again).get(ask.url.clone());
        if let Some(rule) = self.policy.rule_for(&ask.url) {
            request = request.headers(rule.headers.clone());
        }
        if !ask.conditions.is_empty() {
            request = request.headers(ask.conditions.clone());
        }
        if let Some(cookies) = &ask.cookies {
            request = request.header(COOKIE, cookies);
        }
        request = match ask.wants {
            Wants::Data => request.header(ACCEPT, "application/json"),
            Wants::Links => request.header(ACCEPT, "application/link-format"),
            Wants::Page | Wants::Text => request,
        };
        let mut response = match timeout_at(deadline, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(err)) => return Err(Fault::of(&err, proxied)),
            Err(_) => return Err(Fault::TimedOut),
        };
        let mut answer = Answer {
            status: response.status().as_u16(),
            headers: std::mem::take(response.headers_mut()),
            ..Answer::default()
        };
        if answer.may_be(ask.wants) {
            let (body, broken) = self.read(&mut response, deadline).await;
            answer.take(body);
            answer.broken = broken;
        }
        Ok(answer)
    }

    /// Reads a body up to `max_body` bytes, counted after decompression: a compressed bomb is cut off
    /// like any other large page.
    async fn read(&self, response: &mut Response, mut deadline: Instant) -> (Body, Option<Fault>) {
        let mut body = Body::default();
        loop {
            let fault = match timeout_at(deadline, response.chunk()).await {
                Ok(Ok(Some(chunk))) => {
                    let room = self.policy.max_body - body.bytes.len();
                    for ((size, _), places) in PLACES.iter().zip(&self.places).skip(body.places.len()) {
                        if body.bytes.len() + chunk.len() > *size {
                            // Waiting for the other large pages is not the server's delay.
                            let before = Instant::now();
                            let place = Arc::clone(places).acquire_owned().await;
                            body.places.push(place.expect("the semaphore is never closed"));
                            deadline += before.elapsed();
                        }
                    }
                    body.bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
                    if chunk.len() > room {
                        body.cut = true;
                        return (body, None);
                    }
                    continue;
                }
                Ok(Ok(None)) => return (body, None),
                Ok(Err(err)) => Fault::of_body(&err),
                Err(_) => Fault::TimedOut,
            };
            // A page that came to its end has lost nothing when the connection then fails: servers
            // that never close it, or close it without TLS's own farewell, are common.
            let whole = body::is_complete(&body.bytes);
            return (body, (!whole).then_some(fault));
        }
    }
}
