//! A web of one's own on loopback: servers, certificates, proxies, archives.

// Each test binary uses its own part of this, and `pub` says which part is meant for them.
#![allow(dead_code, unreachable_pub)]

pub mod archive;
pub mod proxy;
pub mod pywb;
pub mod server;
pub mod tls;
