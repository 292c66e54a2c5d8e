//! Answers from the network.

use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, Write};
use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Response;
use reqwest::header::{ACCEPT, CONTENT_ENCODING, COOKIE, HeaderMap};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{coop, spawn_blocking};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::client::{Clients, usual_fields};
use super::fault::Fault;
use super::http;
use super::tap::{Asked, Cut, Exchange, Recorder, Silence};
use super::web::{Answer, Ask, Body, Wants, shown};
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

    /// Says that an address gave no answer in the end.
    pub(super) fn gave_up(&self, url: &Url, fault: &Fault) {
        if let (Some(recorder), Some(code)) = (&self.policy.recorder, fault.code()) {
            let url = Url::parse(&shown(url)).expect("it was one before");
            let reason = fault.sentence(&url);
            recorder.silence(&Silence { url, at: Timestamp::now(), fault: code, reason });
        }
    }

    pub(super) async fn get(&self, ask: &Ask) -> Result<Answer, Fault> {
        let proxied = self.is_proxied(&ask.url);
        let deadline = Instant::now() + ask.within;
        let client = self.clients.for_url(&ask.url, ask.again);
        let mut request = client.get(ask.url.clone());
        let own = self.policy.rule_for(&ask.url).map(|rule| rule.headers.clone()).unwrap_or_default();
        request = request.headers(own.clone());
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
        let request = request.build().map_err(|err| Fault::of(&err, proxied))?;
        let recorder = self.policy.recorder.as_ref();
        let asked = recorder.map(|r| (r, Asked::new(&request, &usual_fields(&self.policy), &own)));
        let mut response = match timeout_at(deadline, client.execute(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(err)) => return Err(Fault::of(&err, proxied)),
            Err(_) => return Err(Fault::TimedOut),
        };
        let mut answer = Answer { status: response.status().as_u16(), ..Answer::default() };
        if let Some((recorder, asked)) = asked {
            // Boxed, since few runs are recorded.
            let exchange = asked.answered(&response, proxied, recorder.spool(PLACES[0].0));
            answer.headers = std::mem::take(response.headers_mut());
            Box::pin(self.take_down(recorder, exchange, response, &mut answer, ask.wants, deadline)).await;
            return Ok(answer);
        }
        answer.headers = std::mem::take(response.headers_mut());
        if answer.may_be(ask.wants) {
            let (mut body, mut broken) = self.read(&mut response, deadline).await;
            if answer.headers.contains_key(CONTENT_ENCODING) {
                let sent = Ok(Cursor::new(body.bytes));
                (body, broken) = self.plain(sent, &answer.headers, body.places, broken, body.cut).await;
            }
            answer.take(body);
            answer.broken = broken;
        }
        Ok(answer)
    }

    /// Reads a body as it is sent, up to `max_body` bytes.
    async fn read(&self, response: &mut Response, mut deadline: Instant) -> (Body, Option<Fault>) {
        let mut body = Body::default();
        loop {
            let fault = match timeout_at(deadline, response.chunk()).await {
                Ok(Ok(Some(chunk))) => {
                    // Waiting for the other large pages is not the server's delay.
                    let before = Instant::now();
                    self.grow(&mut body, &chunk).await;
                    deadline += before.elapsed();
                    if body.cut {
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

    /// A body with its content coding undone, up to `max_body` bytes again: a compressed bomb is cut off like
    /// any other large page. `broken`: why no more of it came; `cut`: more of it was not wanted.
    async fn plain(
        &self,
        sent: io::Result<impl BufRead + Send>,
        headers: &HeaderMap,
        places: Vec<OwnedSemaphorePermit>,
        broken: Option<Fault>,
        cut: bool,
    ) -> (Body, Option<Fault>) {
        let mut body = Body { places, ..Body::default() };
        let undecodable = self.unpack(sent, headers, &mut body).await.err();
        let fault = broken.or(undecodable.filter(|_| !cut));
        let lost = fault.filter(|_| !body.cut && !body::is_complete(&body.bytes));
        body.cut |= cut;
        (body, lost)
    }

    /// Adds to a body what there is room for.
    async fn grow(&self, body: &mut Body, more: &[u8]) {
        let room = self.policy.max_body - body.bytes.len();
        for (class, (size, _)) in PLACES.iter().enumerate().skip(body.places.len()) {
            if body.bytes.len() + more.len() > *size {
                body.places.push(self.place(class).await);
            }
        }
        body.bytes.extend_from_slice(&more[..more.len().min(room)]);
        body.cut |= more.len() > room;
    }

    async fn place(&self, class: usize) -> OwnedSemaphorePermit {
        Arc::clone(&self.places[class]).acquire_owned().await.expect("the semaphore is never closed")
    }

    /// Reads a body as it is sent, has it kept, and then reads what was kept where that is wanted.
    async fn take_down(
        &self,
        recorder: &Arc<dyn Recorder>,
        mut exchange: Exchange,
        mut response: Response,
        answer: &mut Answer,
        wants: Wants,
        mut deadline: Instant,
    ) {
        let limit = recorder.limit();
        let (mut length, mut place, mut fault) = (0, None, None);
        exchange.cut = loop {
            let chunk = match timeout_at(deadline, response.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => break None,
                Ok(Err(err)) => {
                    fault = Some(Fault::of_body(&err));
                    break Some(Cut::Disconnect);
                }
                Err(_) => {
                    fault = Some(Fault::TimedOut);
                    break Some(Cut::Time);
                }
            };
            length += chunk.len() as u64;
            if place.is_none() && length > PLACES[0].0 as u64 {
                // From here on it is a file: their number is bounded as that of large pages is.
                let before = Instant::now();
                place = Some(self.place(0).await);
                deadline += before.elapsed();
            }
            let fits = chunk.len() - usize::try_from(length.saturating_sub(limit)).unwrap_or(usize::MAX);
            if let Err(error) = exchange.body.write_all(&chunk[..fits]) {
                recorder.failed(error);
                break Some(Cut::Length);
            }
            if length > limit {
                break Some(Cut::Length);
            }
        };
        drop(response);
        let keeper = Arc::clone(recorder);
        let kept = spawn_blocking(move || {
            keeper.exchange(&mut exchange);
            exchange
        });
        let mut exchange = match kept.await {
            Ok(exchange) => exchange,
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        };
        if answer.may_be(wants) {
            let cut = exchange.cut == Some(Cut::Length);
            let sent = exchange.body.rewind().map(|()| BufReader::new(&mut exchange.body));
            let places = place.into_iter().collect();
            let (body, broken) = self.plain(sent, &answer.headers, places, fault, cut).await;
            answer.broken = broken;
            answer.take(body);
        }
    }

    /// Adds to a body what was packed, as far as there is room.
    async fn unpack(
        &self,
        packed: io::Result<impl BufRead + Send>,
        headers: &HeaderMap,
        body: &mut Body,
    ) -> Result<(), Fault> {
        let mut chunk = vec![0; 16 << 10];
        let plain = packed.and_then(|packed| http::decoded(Box::new(packed), headers, true));
        let mut plain = plain.map_err(|_| Fault::Undecodable)?;
        while !body.cut {
            // So much may be packed into so little that other visits would wait for it.
            coop::consume_budget().await;
            match plain.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => self.grow(body, &chunk[..read]).await,
                Err(_) => return Err(Fault::Undecodable),
            }
        }
        Ok(())
    }
}
