//! SIP over UDP: threads that read a datagram, rule, hand the record on without waiting, and answer.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use phone::Refused;

use super::Desk;
use super::sip::response::name_of;
use super::sip::{Answer, Method, Request, respond};
use crate::authorise::{Caller, Verdict};

/// The largest datagram that there is, in bytes.
const LARGEST_BYTES: usize = 65_535;
/// How often a quiet thread looks whether it should end.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The threads that answer on one socket.
pub struct UdpAnswers {
    threads: Vec<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
}

impl UdpAnswers {
    /// Starts `threads` threads on a bound socket.
    pub fn start(desk: &Arc<Desk>, socket: &UdpSocket, threads: usize) -> io::Result<Self> {
        socket.set_read_timeout(Some(LOOK_EVERY))?;
        let stop = Arc::new(AtomicBool::new(false));
        let start = |number| {
            let (desk, socket, stop) = (Arc::clone(desk), socket.try_clone()?, Arc::clone(&stop));
            Builder::new()
                .name(format!("sip-{number}"))
                .spawn(move || serve(&desk, &socket, &stop))
        };
        let threads = (0..threads.max(1)).map(start).collect::<io::Result<_>>()?;
        Ok(Self { threads, stop })
    }

    /// Answers what is being answered, and ends.
    pub fn drain(self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a thread that answered calls had ended by a fault of the program");
            }
        }
    }
}

fn serve(desk: &Desk, socket: &UdpSocket, stop: &AtomicBool) {
    let mut datagram = vec![0; LARGEST_BYTES];
    let mut out = Vec::with_capacity(2048);
    while !stop.load(Ordering::Relaxed) {
        // An error is a time-out or belongs to an earlier answer that found nobody; the next datagram decides.
        let Ok((bytes, source)) = socket.recv_from(&mut datagram) else {
            continue;
        };
        answer(desk, &datagram[..bytes], source, &mut out, |out, to| {
            let _ = socket.send_to(out, to);
        });
    }
}

/// Answers one datagram through `send`. What is not from a configured peer, or cannot be answered, gets no
/// answer. The record is handed on first, so that records stand in the order in which callers saw answers.
pub fn answer(
    desk: &Desk,
    datagram: &[u8],
    source: SocketAddr,
    out: &mut Vec<u8>,
    send: impl FnOnce(&[u8], SocketAddr),
) {
    if !desk.answers(source.ip()) {
        return;
    }
    let Ok(request) = Request::parse(datagram, desk.caller_header.as_deref()) else {
        return;
    };
    let say = |answer: Answer<'_>| {
        let to = respond(&request, &answer, source, &desk.tag_key, out);
        send(out, to);
    };
    match request.method {
        Method::Ack => {}
        Method::Options if desk.list.load().is_some() => say(Answer::Ready),
        Method::Options => say(Answer::NotReady),
        Method::Cancel => say(Answer::NothingToCancel),
        Method::Other => say(Answer::NotServed),
        Method::Invite => {
            let caller = Caller::parse(&request.caller(desk.caller_header.is_some()));
            let dialled = if request.is_sound {
                phone::resolve_request_uri(request.uri, desk.area)
            } else {
                Err(Refused::Unresolvable)
            };
            let verdict = desk.rule(&caller, &dialled);
            let seen = (
                name_of(&request, &desk.tag_key),
                matches!(verdict, Verdict::Allow(_)),
            );
            if desk.seen.is_new(seen, Instant::now()) {
                desk.record(&caller, &request.dialled(), &dialled, verdict);
            }
            match (verdict, &dialled) {
                (Verdict::Allow(_), Ok(resolved)) => say(Answer::Allow {
                    resolved,
                    trunk: &desk.trunk,
                }),
                _ => say(Answer::Refuse),
            }
        }
    }
}
