//! HTTP servers that say what a test wants them to say.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use ibid::source::{Policy, Resolve};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// One request, as the server saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub path: String,
    pub version: Version,
    pub headers: hyper::HeaderMap,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// What to answer.
pub type Reply = Response<Full<Bytes>>;

/// A running server; gone with the test's runtime.
pub struct Server {
    pub addr: SocketAddr,
    scheme: &'static str,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Answers http, each request by `handler`; `handler` is told how often the path was asked before.
    pub async fn http(handler: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::start("http", None, handler).await
    }

    /// Answers https.
    pub async fn https(
        config: ServerConfig,
        handler: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start("https", Some(TlsAcceptor::from(Arc::new(config))), handler).await
    }

    async fn start(
        scheme: &'static str,
        tls: Option<TlsAcceptor>,
        handler: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, handler) = (Arc::clone(&seen), Arc::new(handler));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, handler, tls) = (Arc::clone(&log), Arc::clone(&handler), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => talk(stream, log, handler).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                talk(stream, log, handler).await;
                            }
                        }
                    }
                });
            }
        });
        Self { addr, scheme, seen }
    }

    /// Hands every connection to `talk`, with the request's head already read.
    pub async fn raw<F>(talk: impl Fn(TcpStream, String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, talk) = (Arc::clone(&seen), Arc::new(talk));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (log, talk) = (Arc::clone(&log), Arc::clone(&talk));
                tokio::spawn(async move {
                    let head = read_head(&mut stream).await;
                    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                    let headers = hyper::HeaderMap::new();
                    log.lock().unwrap().push(Seen { path, version: Version::HTTP_11, headers });
                    talk(stream, head).await;
                });
            }
        });
        Self { addr, scheme: "http", seen }
    }

    /// `http://HOST:PORT/path`.
    pub fn url(&self, host: &str, path: &str) -> String {
        format!("{}://{host}:{}{path}", self.scheme, self.addr.port())
    }

    /// `--resolve` for this server.
    pub fn at(&self, host: &str) -> Resolve {
        Resolve { host: host.to_owned(), port: self.addr.port(), addrs: vec![self.addr.ip()] }
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Every path asked so far.
    pub fn paths(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.path).collect()
    }
}

/// In place of an answer: the stream (HTTP/2) or the connection (HTTP/1.1) is broken off.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("dropped")]
struct Dropped;

pub fn dropped() -> Reply {
    let mut reply = Reply::default();
    reply.extensions_mut().insert(Dropped);
    reply
}

/// What answers a request; the number counts the requests for the same path before it.
type Handler = dyn Fn(&Seen, usize) -> Reply + Send + Sync;

async fn talk<S>(stream: S, log: Arc<Mutex<Vec<Seen>>>, handler: Arc<Handler>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
        let seen = Seen { path, version: request.version(), headers: request.headers().clone() };
        let before = {
            let mut log = log.lock().unwrap();
            let before = log.iter().filter(|other| other.path == seen.path).count();
            log.push(seen.clone());
            before
        };
        let reply = handler(&seen, before);
        async move { if reply.extensions().get::<Dropped>().is_some() { Err(Dropped) } else { Ok(reply) } }
    });
    // A client that goes away is no business of the test.
    let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}

/// Reads up to the empty line.
pub async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).await.is_ok_and(|n| n > 0) {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// Writes what may no longer be wanted.
pub async fn say(stream: &mut TcpStream, text: &[u8]) {
    let _ = stream.write_all(text).await;
    let _ = stream.flush().await;
}

/// A page with a title.
pub fn page(title: &str) -> String {
    format!("<!doctype html><html><head><title>{title}</title></head><body><p>{title}</p></body></html>")
}

pub fn html(title: &str) -> Reply {
    Response::builder()
        .header("content-type", "text/html; charset=utf-8")
        .body(Full::from(page(title)))
        .unwrap()
}

pub fn status(status: u16) -> Reply {
    let mut reply = html(&format!("status {status}"));
    *reply.status_mut() = hyper::StatusCode::from_u16(status).unwrap();
    reply
}

pub fn redirect(code: u16, to: &str) -> Reply {
    with(status(code), "location", to)
}

pub fn with(mut reply: Reply, name: &'static str, value: &str) -> Reply {
    reply.headers_mut().insert(name, value.parse().unwrap());
    reply
}

pub fn body(content_type: &str, bytes: impl Into<Bytes>) -> Reply {
    Response::builder().header("content-type", content_type).body(Full::new(bytes.into())).unwrap()
}

/// A policy that does not make tests wait, for the hosts given.
pub fn policy(hosts: impl IntoIterator<Item = Resolve>) -> Policy {
    Policy {
        timeout: Duration::from_secs(20),
        backoff: Duration::from_millis(1),
        gap: Duration::ZERO,
        robots: false,
        resolve: hosts.into_iter().collect(),
        ..Policy::default()
    }
}
