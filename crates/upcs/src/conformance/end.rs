//! One end of a wire: a UDP socket or a TCP connection that sends and receives whole messages.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::message::Message;

/// Bytes of the largest message.
const LARGEST_BYTES: usize = 65_535;

/// A phone's end.
pub(super) enum End {
    /// Datagrams; each is a message.
    Udp(UdpSocket),
    /// A stream; Content-Length says where a message ends. What was read and not given out waits.
    Tcp(TcpStream, Vec<u8>),
}

impl End {
    /// A UDP socket from this address to the other side. Answers from elsewhere are not received.
    pub(super) fn udp(from: SocketAddr, to: SocketAddr) -> Result<Self> {
        let socket = UdpSocket::bind(from).with_context(|| format!("{from} cannot be bound"))?;
        socket.connect(to)?;
        Ok(Self::Udp(socket))
    }

    /// A TCP connection.
    pub(super) fn tcp(to: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect_timeout(&to, Duration::from_secs(2));
        Ok(Self::Tcp(
            stream.with_context(|| format!("{to} takes no TCP connection"))?,
            Vec::new(),
        ))
    }

    /// As Via names it.
    pub(super) fn transport(&self) -> &'static str {
        match self {
            Self::Udp(_) => "UDP",
            Self::Tcp(..) => "TCP",
        }
    }

    /// This end's own address.
    pub(super) fn here(&self) -> Result<SocketAddr> {
        Ok(match self {
            Self::Udp(socket) => socket.local_addr()?,
            Self::Tcp(stream, _) => stream.local_addr()?,
        })
    }

    /// Sends one message.
    pub(super) fn send(&mut self, text: &str) -> Result<()> {
        match self {
            // A refusal of an earlier datagram shows here; the next one decides.
            Self::Udp(socket) => drop(socket.send(text.as_bytes())),
            Self::Tcp(stream, _) => stream.write_all(text.as_bytes())?,
        }
        Ok(())
    }

    /// The next message within this time; `None` when there is none.
    pub(super) fn receive(&mut self, within: Duration) -> Result<Option<Message>> {
        let until = Instant::now() + within;
        let mut room = vec![0; LARGEST_BYTES];
        loop {
            if let Self::Tcp(_, waiting) = self
                && let Some(bytes) = Message::whole_bytes(waiting)
            {
                let message = Message::read(&waiting[..bytes]);
                waiting.drain(..bytes);
                return Ok(Some(message));
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            match self.read(&mut room, left) {
                Ok(Some(message)) => return Ok(Some(message)),
                Ok(None) => {}
                Err(error) if is_quiet(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn read(&mut self, room: &mut [u8], within: Duration) -> io::Result<Option<Message>> {
        match self {
            Self::Udp(socket) => {
                socket.set_read_timeout(Some(within))?;
                let bytes = socket.recv(room)?;
                Ok(Some(Message::read(&room[..bytes])))
            }
            Self::Tcp(stream, waiting) => {
                stream.set_read_timeout(Some(within))?;
                match stream.read(room)? {
                    0 => Err(io::ErrorKind::UnexpectedEof.into()),
                    bytes => {
                        waiting.extend_from_slice(&room[..bytes]);
                        Ok(None)
                    }
                }
            }
        }
    }
}

/// Nothing came, or an earlier datagram found nobody.
pub(super) fn is_quiet(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, Interrupted, TimedOut, WouldBlock};
    matches!(
        error.kind(),
        WouldBlock | TimedOut | ConnectionRefused | Interrupted
    )
}
