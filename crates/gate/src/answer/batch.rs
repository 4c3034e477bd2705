//! Datagrams by the batch: one system call takes what has come, another sends the answers. A batch is never waited
//! for: the first datagram wakes the thread, and whatever else is there by then comes with it.

use std::net::{SocketAddr, UdpSocket};

pub(super) use system::Batch;

use super::sip::MAX_DATAGRAM_BYTES;

/// Bytes of a datagram that are taken: enough to see that it is too long.
const TAKEN_BYTES: usize = MAX_DATAGRAM_BYTES + 1;
/// Room for an answer at first, in bytes; a long one makes more.
const ANSWER_BYTES: usize = 1024;

#[cfg(target_os = "linux")]
mod system {
    use std::io::{IoSlice, IoSliceMut};
    use std::net::{SocketAddrV4, SocketAddrV6};
    use std::os::fd::AsRawFd;

    use nix::errno::Errno;
    use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, sendmmsg};

    use super::{ANSWER_BYTES, SocketAddr, TAKEN_BYTES, UdpSocket};

    /// Datagrams that are taken at once.
    const BATCH: usize = 32;

    /// Room for one batch and its answers.
    pub(in super::super) struct Batch {
        datagrams: Box<[[u8; TAKEN_BYTES]]>,
        received: MultiHeaders<SockaddrStorage>,
        answers: Vec<Vec<u8>>,
        to: Vec<Option<SockaddrStorage>>,
        sent: MultiHeaders<SockaddrStorage>,
    }

    impl Batch {
        pub(in super::super) fn new() -> Self {
            Self {
                datagrams: vec![[0; TAKEN_BYTES]; BATCH].into_boxed_slice(),
                received: MultiHeaders::preallocate(BATCH, None),
                answers: (0..BATCH).map(|_| Vec::with_capacity(ANSWER_BYTES)).collect(),
                to: Vec::with_capacity(BATCH),
                sent: MultiHeaders::preallocate(BATCH, None),
            }
        }

        /// Waits for datagrams, up to the socket's time-out, and sends what `answer` makes of each.
        pub(in super::super) fn exchange(
            &mut self,
            socket: &UdpSocket,
            mut answer: impl FnMut(&[u8], SocketAddr, &mut Vec<u8>) -> Option<SocketAddr>,
        ) {
            // nix has no name for this flag on Linux, only the number.
            let flags = MsgFlags::from_bits_retain(nix::libc::MSG_WAITFORONE);
            let mut room: Vec<[IoSliceMut<'_>; 1]> = Vec::with_capacity(BATCH);
            room.extend(
                self.datagrams
                    .iter_mut()
                    .map(|datagram| [IoSliceMut::new(datagram)]),
            );
            // An error is a time-out or belongs to an earlier answer that found nobody; the next call decides.
            let Ok(taken) = recvmmsg(socket.as_raw_fd(), &mut self.received, &mut room, flags, None) else {
                return;
            };
            self.to.clear();
            for datagram in taken {
                let bytes = datagram.iovs().next().unwrap_or_default();
                let Some(source) = datagram.address.as_ref().and_then(address_of) else {
                    continue;
                };
                let Some(out) = self.answers.get_mut(self.to.len()) else {
                    break;
                };
                if let Some(to) = answer(bytes, source, out) {
                    self.to.push(Some(SockaddrStorage::from(to)));
                }
            }
            self.send(socket);
        }

        fn send(&mut self, socket: &UdpSocket) {
            let answers: Vec<[IoSlice<'_>; 1]> = self
                .answers
                .iter()
                .zip(&self.to)
                .map(|(out, _)| [IoSlice::new(out)])
                .collect();
            let mut done = 0;
            while done < answers.len() {
                let (left, to) = (&answers[done..], &self.to[done..]);
                match sendmmsg(
                    socket.as_raw_fd(),
                    &mut self.sent,
                    left,
                    to,
                    [],
                    MsgFlags::empty(),
                ) {
                    Ok(sent) => done += sent.count().max(1),
                    Err(Errno::EINTR) => {}
                    // It finds nobody. Those behind it are sent all the same.
                    Err(_) => done += 1,
                }
            }
        }
    }

    fn address_of(address: &SockaddrStorage) -> Option<SocketAddr> {
        if let Some(v4) = address.as_sockaddr_in() {
            return Some(SocketAddrV4::from(*v4).into());
        }
        address.as_sockaddr_in6().map(|v6| SocketAddrV6::from(*v6).into())
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::{ANSWER_BYTES, SocketAddr, TAKEN_BYTES, UdpSocket};

    /// Room for one datagram and its answer: where people develop there is no call that takes more.
    pub(in super::super) struct Batch {
        datagram: Vec<u8>,
        out: Vec<u8>,
    }

    impl Batch {
        pub(in super::super) fn new() -> Self {
            Self {
                datagram: vec![0; TAKEN_BYTES],
                out: Vec::with_capacity(ANSWER_BYTES),
            }
        }

        pub(in super::super) fn exchange(
            &mut self,
            socket: &UdpSocket,
            mut answer: impl FnMut(&[u8], SocketAddr, &mut Vec<u8>) -> Option<SocketAddr>,
        ) {
            let Ok((bytes, source)) = socket.recv_from(&mut self.datagram) else {
                return;
            };
            if let Some(to) = answer(&self.datagram[..bytes], source, &mut self.out) {
                let _ = socket.send_to(&self.out, to);
            }
        }
    }
}
