//! Connections from configured peers, and no more of them than there is room for.
//!
//! A stranger is let go before a byte of his is read. A peer's request has its time, which begins with the
//! connection and with every answer: whoever sends a header byte by byte, or nothing at all, is let go.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

use super::Desk;

/// Connections at one time; one more is let go at once.
pub const MAX_CONNECTIONS: usize = 256;
/// How long a peer may take from the answer before, or from the beginning, to the end of a request.
pub const REQUEST_WITHIN: Duration = Duration::from_secs(20);

/// A listener that gives out peers' connections.
pub struct PeersOnly {
    listener: TcpListener,
    desk: Arc<Desk>,
    room: Arc<Semaphore>,
}

impl PeersOnly {
    /// Over a bound listener.
    pub fn new(listener: TcpListener, desk: Arc<Desk>) -> Self {
        let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        Self { listener, desk, room }
    }
}

impl Listener for PeersOnly {
    type Io = Timed;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Timed, SocketAddr) {
        loop {
            let (stream, from) = Listener::accept(&mut self.listener).await;
            if !self.desk.answers(from.ip()) {
                continue;
            }
            if let Ok(room) = Arc::clone(&self.room).try_acquire_owned() {
                return (Timed::new(stream, room), from);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection whose requests have their time.
pub struct Timed {
    stream: TcpStream,
    late: Pin<Box<Sleep>>,
    _room: OwnedSemaphorePermit,
}

impl Timed {
    fn new(stream: TcpStream, room: OwnedSemaphorePermit) -> Self {
        Self {
            stream,
            late: Box::pin(sleep(REQUEST_WITHIN)),
            _room: room,
        }
    }

    /// Ready with an error when the time is up.
    fn poll_late(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        self.late
            .as_mut()
            .poll(context)
            .map(|()| io::ErrorKind::TimedOut.into())
    }
}

impl AsyncRead for Timed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Poll::Ready(late) = self.poll_late(context) {
            return Poll::Ready(Err(late));
        }
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Timed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Pending => return self.poll_late(context).map(Err),
            Poll::Ready(written) => written,
        };
        self.late.as_mut().reset(Instant::now() + REQUEST_WITHIN);
        Poll::Ready(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
