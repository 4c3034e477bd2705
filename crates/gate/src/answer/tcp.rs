//! SIP over TCP, and over TLS: the messages of a connection one after another, each answered on that connection.
//!
//! A stranger is let go before a byte of his is read or a handshake begun. Every wait has its time: for the
//! handshake, for the rest of a message that has begun, for an answer to be taken, for the next message. What
//! cannot be framed for certain is refused like every other refused call, and the connection ends, for nobody
//! knows where the next message begins. A message that is cut off by the end of the connection gets no answer.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsAcceptor;

use super::Desk;
use super::call::{Received, answer};
use super::sip::{Frame, MAX_DATAGRAM_BYTES, frame};

/// Bytes that are read at a time.
const READ_BYTES: usize = 4096;
/// How long to wait when the machine gives no connection, before the next is asked for.
const AGAIN_AFTER: Duration = Duration::from_millis(100);

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub struct StreamLimits {
    /// Connections at one time; one more is let go at once.
    pub connections: usize,
    /// From the accepted connection to the end of the TLS handshake.
    pub handshake: Duration,
    /// From the first byte of a message to its last.
    pub message: Duration,
    /// Until an answer is taken by a peer that reads slowly.
    pub answer: Duration,
    /// Without any byte between messages.
    pub idle: Duration,
}

impl StreamLimits {
    /// The limits in force.
    pub const DEFAULT: Self = Self {
        connections: 256,
        handshake: Duration::from_secs(10),
        message: Duration::from_secs(10),
        answer: Duration::from_secs(10),
        idle: Duration::from_secs(3600),
    };
}

/// One listener's connections.
pub struct Streams {
    desk: Arc<Desk>,
    tls: Option<TlsAcceptor>,
    limits: StreamLimits,
    room: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
}

impl Streams {
    /// Connections to this desk, within TLS if `tls` is there, until `stopping` says so.
    pub fn new(
        desk: Arc<Desk>,
        tls: Option<TlsAcceptor>,
        limits: StreamLimits,
        stopping: watch::Receiver<bool>,
    ) -> Arc<Self> {
        let room = Arc::new(Semaphore::new(limits.connections));
        Arc::new(Self {
            desk,
            tls,
            limits,
            room,
            stopping,
        })
    }

    /// Takes connections until it is told to stop; then answers what is being answered, and ends.
    pub async fn serve(self: Arc<Self>, listener: TcpListener) {
        let mut stopping = self.stopping.clone();
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = stopped(&mut stopping) => break,
            };
            while connections.try_join_next().is_some() {}
            match accepted {
                Ok((stream, source)) => {
                    if let Some(room) = self.admit(source) {
                        connections.spawn(Arc::clone(&self).hold(stream, source, room));
                    }
                }
                // No more files, or the peer has gone: the next may fare better, but not at once.
                Err(_) => tokio::time::sleep(AGAIN_AFTER).await,
            }
        }
        while connections.join_next().await.is_some() {}
    }

    fn admit(&self, source: SocketAddr) -> Option<OwnedSemaphorePermit> {
        if !self.desk.answers(source.ip()) {
            return None;
        }
        Arc::clone(&self.room).try_acquire_owned().ok()
    }

    /// One connection from its beginning to its end. Whatever goes wrong ends it and nothing else.
    async fn hold(self: Arc<Self>, stream: TcpStream, source: SocketAddr, _room: OwnedSemaphorePermit) {
        // An answer is one small write; it does not wait for another.
        let _ = stream.set_nodelay(true);
        let ended = match &self.tls {
            None => self.converse(stream, source).await,
            Some(tls) => match timeout(self.limits.handshake, tls.accept(stream)).await {
                Ok(Ok(stream)) => self.converse(stream, source).await,
                Ok(Err(error)) => Err(error),
                Err(late) => Err(late.into()),
            },
        };
        if let Err(error) = ended {
            tracing::debug!(kind = %error.kind(), "a SIP connection ended");
        }
    }

    async fn converse(
        &self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
        source: SocketAddr,
    ) -> io::Result<()> {
        let mut stopping = self.stopping.clone();
        let mut heard = Heard::default();
        loop {
            let (said, goes_on) = heard.answers(&self.desk, source);
            if !said.is_empty() {
                timeout(self.limits.answer, async {
                    stream.write_all(&said).await?;
                    stream.flush().await
                })
                .await??;
            }
            if !goes_on {
                return stream.shutdown().await;
            }
            let until = heard.until(&self.limits);
            let read = tokio::select! {
                read = timeout_at(until, stream.read_buf(&mut heard.bytes)) => Some(read??),
                () = stopped(&mut stopping) => None,
            };
            match read {
                Some(0) => return Ok(()),
                Some(_) => {}
                None => return stream.shutdown().await,
            }
        }
    }
}

/// Comes when it is time to stop.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    drop(stopping.wait_for(|stop| *stop).await);
}

/// What has come on one connection and is not answered yet; never much more than one message.
struct Heard {
    bytes: Vec<u8>,
    /// When the message began of which not all has come; between messages, when the last byte came.
    since: Instant,
    /// The last thing that came was a CR LF between messages.
    was_blank: bool,
}

impl Default for Heard {
    fn default() -> Self {
        Self {
            bytes: Vec::with_capacity(READ_BYTES),
            since: Instant::now(),
            was_blank: false,
        }
    }
}

impl Heard {
    /// The answers to every message that has come whole, and whether more can be read behind them.
    fn answers(&mut self, desk: &Desk, source: SocketAddr) -> (Vec<u8>, bool) {
        let (mut said, mut out) = (Vec::new(), Vec::new());
        let mut at = 0;
        let goes_on = loop {
            let left = &self.bytes[at..];
            let (bytes, is_whole) = match frame(left) {
                Frame::Partial => break true,
                Frame::Blank => {
                    // Two of them ask whether anybody is there (RFC 5626, 4.4.1).
                    if self.was_blank {
                        said.extend_from_slice(b"\r\n");
                    }
                    self.was_blank = !self.was_blank;
                    at += 2;
                    continue;
                }
                Frame::Whole(length) => (&left[..length], true),
                Frame::Lost => (left, false),
            };
            self.was_blank = false;
            let received = Received {
                bytes,
                is_whole,
                source,
            };
            if answer(desk, received, &mut out).is_some() {
                said.extend_from_slice(&out);
            }
            if !is_whole {
                break false;
            }
            at += bytes.len();
        };
        if at > 0 {
            self.bytes.drain(..at);
            self.since = Instant::now();
        }
        self.bytes.reserve(READ_BYTES);
        (said, goes_on)
    }

    /// Until when the next byte must come.
    fn until(&mut self, limits: &StreamLimits) -> Instant {
        if self.bytes.is_empty() {
            self.since = Instant::now();
            return self.since + limits.idle;
        }
        self.since + limits.message
    }
}

/// A message that is not whole fills the room for one and is then lost; with what one read adds this is the most
/// that a connection keeps.
pub const MOST_HEARD_BYTES: usize = MAX_DATAGRAM_BYTES + READ_BYTES;
