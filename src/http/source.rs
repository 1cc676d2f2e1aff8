//! From where a request comes: the address of the connection, or the one that a trusted proxy names.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;

use crate::app::App;
use crate::error::Error;

/// The address a request comes from, where the server knows it.
#[derive(Clone, Copy, Debug)]
pub struct Source(pub Option<IpAddr>);

impl FromRequestParts<App> for Source {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(address)| address.ip());
        Ok(Self(
            peer.map(|peer| client(peer, &parts.headers, &app.proxies)),
        ))
    }
}

/// The last address on the way that is no trusted proxy's. What stands further left in `X-Forwarded-For` anybody may have
/// written there.
fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let trusted = |address: IpAddr| {
        let address = address.to_canonical();
        proxies.iter().any(|net| net.contains(&address))
    };
    let mut named: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut last = peer;
    while trusted(last) {
        match named.pop().map(|text| text.trim().parse()) {
            Some(Ok(before)) => last = before,
            _ => break,
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&'static str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(
                "x-forwarded-for",
                axum::http::HeaderValue::from_static(value),
            );
        }
        let proxies: Vec<IpNet> = proxies.iter().map(|net| net.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn nobody_is_believed_unless_trusted() {
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"], &[]), "192.0.2.1");
        let proxy = ["10.0.0.0/8"];
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"], &proxy), "192.0.2.1");
        assert_eq!(seen("10.0.0.2", &["198.51.100.7"], &proxy), "198.51.100.7");
    }

    #[test]
    fn what_the_caller_wrote_before_the_proxy_is_not_believed() {
        let proxies = ["10.0.0.0/8", "::1/128"];
        let forged = ["203.0.113.9, 198.51.100.7"];
        assert_eq!(seen("10.0.0.2", &forged, &proxies), "198.51.100.7");
        let two = ["203.0.113.9", "198.51.100.7, 10.0.0.3"];
        assert_eq!(seen("::1", &two, &proxies), "198.51.100.7");
        assert_eq!(seen("::ffff:10.0.0.2", &forged, &proxies), "198.51.100.7");
    }

    #[test]
    fn where_the_header_cannot_be_read_the_proxy_is_the_source() {
        let proxies = ["10.0.0.2/32"];
        assert_eq!(seen("10.0.0.2", &[], &proxies), "10.0.0.2");
        assert_eq!(seen("10.0.0.2", &["unknown"], &proxies), "10.0.0.2");
    }
}
