//! An HTTP proxy that records what it is asked for.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

use super::server::{page, read_head, say};

pub struct Proxy {
    pub addr: SocketAddr,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Opens tunnels to `target` whatever they are asked for, and answers plain requests itself.
    /// Without a target it refuses with `refusal`.
    pub async fn start(target: Option<SocketAddr>, refusal: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&lines);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let log = Arc::clone(&log);
                tokio::spawn(async move {
                    let head = read_head(&mut stream).await;
                    let line = head.lines().next().unwrap_or_default().to_owned();
                    log.lock().unwrap().push(line.clone());
                    match target {
                        Some(target) if line.starts_with("CONNECT") => {
                            say(&mut stream, b"HTTP/1.1 200 OK\r\n\r\n").await;
                            let mut onward = TcpStream::connect(target).await.unwrap();
                            let _ = copy_bidirectional(&mut stream, &mut onward).await;
                        }
                        Some(_) => {
                            let page = page("by proxy");
                            let head = format!(
                                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{page}",
                                page.len()
                            );
                            say(&mut stream, head.as_bytes()).await;
                        }
                        None => {
                            let head = format!("HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n");
                            say(&mut stream, head.as_bytes()).await;
                        }
                    }
                });
            }
        });
        Self { addr, lines }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The first line of every request so far.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}
