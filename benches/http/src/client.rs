//! One connection to a server, with a cookie: as cheap as it can be, for it shares the machine with what it measures.

use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::Failed;

/// A connection that is kept.
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    cookie: Option<String>,
}

/// An answer, and how long it took to come whole.
pub struct Answer {
    pub status: StatusCode,
    pub body: Bytes,
    pub took: Duration,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Result<Value, Failed> {
        Ok(serde_json::from_slice(&self.body)?)
    }
}

impl Client {
    /// Connects to `host:port`.
    pub async fn connect(host: &str) -> Result<Self, Failed> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host: host.to_owned(),
            cookie: None,
        })
    }

    /// The same person on a connection of their own.
    pub async fn another(&self) -> Result<Self, Failed> {
        let mut other = Self::connect(&self.host).await?;
        other.cookie.clone_from(&self.cookie);
        Ok(other)
    }

    /// Sends one request and waits for the whole answer.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Failed> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.host);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let body = match body {
            None => Bytes::new(),
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Bytes::from(body.to_string())
            }
        };
        let request = request.body(Full::new(body))?;
        let began = Instant::now();
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let (parts, body) = answer.into_parts();
        if let Some(set) = parts.headers.get(header::SET_COOKIE) {
            self.cookie = set.to_str()?.split(';').next().map(str::to_owned);
        }
        let body = body.collect().await?.to_bytes();
        Ok(Answer {
            status: parts.status,
            body,
            took: began.elapsed(),
        })
    }

    /// Looks at something that must be there.
    pub async fn get(&mut self, path: &str) -> Result<Answer, Failed> {
        let answer = self.send(Method::GET, path, None).await?;
        if answer.status.is_success() {
            Ok(answer)
        } else {
            Err(format!("{path}: {} {:?}", answer.status, answer.body).into())
        }
    }
}
