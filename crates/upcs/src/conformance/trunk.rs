//! The mock trunk: keeps every message that reaches it, takes calls as [`super::numbers`] says, and can speak within a
//! call, as the far end does.

use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::end::is_quiet;
use super::message::{Message, answer_to};
use super::numbers::{AtTheTrunk, DIVERTED_TO, at_the_trunk, international};

/// How often a quiet thread looks whether it should end.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Messages that are kept; a run of the suite has some hundreds.
const MOST_KEPT: usize = 200_000;

/// One message that reached the trunk, requests and answers alike.
#[derive(Clone, Debug)]
pub struct Reached {
    /// From where.
    pub from: SocketAddr,
    /// What.
    pub message: Message,
}

/// A listening trunk; ends when dropped.
pub struct Trunk {
    socket: UdpSocket,
    kept: Arc<Kept>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    requests: AtomicU32,
}

#[derive(Default)]
struct Kept {
    messages: Mutex<Vec<Reached>>,
    more: Condvar,
}

impl Kept {
    fn lock(&self) -> MutexGuard<'_, Vec<Reached>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Trunk {
    /// Listens.
    pub fn start(listen: SocketAddr) -> Result<Self> {
        let socket =
            UdpSocket::bind(listen).with_context(|| format!("the trunk cannot listen at {listen}"))?;
        socket.set_read_timeout(Some(LOOK_EVERY))?;
        let (kept, stop) = (Arc::new(Kept::default()), Arc::new(AtomicBool::new(false)));
        let its = (socket.try_clone()?, Arc::clone(&kept), Arc::clone(&stop));
        let thread = std::thread::spawn(move || serve(&its.0, &its.1, &its.2));
        Ok(Self {
            socket,
            kept,
            stop,
            thread: Some(thread),
            requests: AtomicU32::new(1),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> Result<SocketAddr> {
        Ok(self.socket.local_addr()?)
    }

    /// Everything that has reached it.
    pub fn reached(&self) -> Vec<Reached> {
        self.kept.lock().clone()
    }

    /// Forgets what has reached it.
    pub fn forget(&self) {
        self.kept.lock().clear();
    }

    /// Waits for a message that `is_it` knows; `None` when the time is up.
    pub fn wait_for(&self, within: Duration, is_it: impl Fn(&Message) -> bool) -> Option<Reached> {
        let until = Instant::now() + within;
        let mut kept = self.kept.lock();
        let mut looked = 0;
        loop {
            if let Some(found) = kept[looked.min(kept.len())..]
                .iter()
                .find(|reached| is_it(&reached.message))
            {
                return Some(found.clone());
            }
            looked = kept.len();
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            let waited = self.kept.more.wait_timeout(kept, left);
            kept = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Speaks within the call that `invite` began: a request of this method, with further lines. Gives the final
    /// answer, if one comes in time.
    pub fn say_within(
        &self,
        invite: &Reached,
        method: &str,
        more: &str,
        within: Duration,
    ) -> Result<Option<Message>> {
        let here = self.address()?;
        let cseq = self.requests.fetch_add(1, Ordering::Relaxed);
        let (call, asked) = (&invite.message, format!("{cseq} {method}"));
        let routes: String = call
            .each("Record-Route")
            .map(|route| format!("Route: {route}\r\n"))
            .collect();
        let text = format!(
            "{method} {} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKtrunk{cseq};rport\r\nMax-Forwards: 70\r\n\
             {routes}From: {};tag={TAG}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {asked}\r\n{more}Content-Length: 0\r\n\r\n",
            call.contact(),
            call.field("To"),
            call.field("From"),
            call.field("Call-ID"),
        );
        self.socket.send_to(text.as_bytes(), invite.from)?;
        let call_id = call.field("Call-ID").to_owned();
        let answer = self.wait_for(within, |message| {
            let is_final = message.status().is_some_and(|status| status >= 200);
            is_final && message.field("Call-ID") == call_id && message.field("CSeq") == asked
        });
        Ok(answer.map(|reached| reached.message))
    }

    /// Sends any text from the trunk's own address.
    pub fn send(&self, text: &str, to: SocketAddr) -> Result<()> {
        self.socket.send_to(text.as_bytes(), to)?;
        Ok(())
    }
}

impl Drop for Trunk {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It ends by itself; that it ended by a fault shows in what it no longer kept.
            let _ = thread.join();
        }
    }
}

/// The tag of the far end.
const TAG: &str = "far-end";

fn serve(socket: &UdpSocket, kept: &Kept, stop: &AtomicBool) {
    let mut room = vec![0; 65_535];
    while !stop.load(Ordering::Relaxed) {
        let (bytes, from) = match socket.recv_from(&mut room) {
            Ok(got) => got,
            Err(error) if is_quiet(&error) => continue,
            Err(_) => return,
        };
        let message = Message::read(&room[..bytes]);
        let answers = answers(&message, socket);
        // Kept first: whoever has an answer finds what it answers.
        let mut messages = kept.lock();
        if messages.len() < MOST_KEPT {
            messages.push(Reached { from, message });
        }
        drop(messages);
        kept.more.notify_all();
        for answer in answers {
            let _ = socket.send_to(answer.as_bytes(), from);
        }
    }
}

fn answers(request: &Message, socket: &UdpSocket) -> Vec<String> {
    let say = |status: &str, more: &str| answer_to(request, status, TAG, more);
    match request.method() {
        Some("INVITE") => invited(request, socket),
        Some("ACK") | None => Vec::new(),
        Some("CANCEL") => {
            // The INVITE's answer has the INVITE's fields, which the CANCEL repeats but for the method.
            let mut invite = request.clone();
            for (name, value) in &mut invite.fields {
                if name.eq_ignore_ascii_case("CSeq") {
                    *value = value.replace("CANCEL", "INVITE");
                }
            }
            let ended = answer_to(&invite, "487 Request Terminated", TAG, "");
            vec![say("200 OK", ""), ended]
        }
        Some(_) => vec![say("200 OK", "")],
    }
}

fn invited(request: &Message, socket: &UdpSocket) -> Vec<String> {
    let say = |status: &str, more: &str| answer_to(request, status, TAG, more);
    let here = socket
        .local_addr()
        .map(|here| here.to_string())
        .unwrap_or_default();
    let routes: String = request
        .each("Record-Route")
        .map(|route| format!("Record-Route: {route}\r\n"))
        .collect();
    let dialog = format!("{routes}Contact: <sip:far@{here}>\r\n");
    let user = request.uri().split([':', '@', ';']).nth(1).unwrap_or_default();
    match at_the_trunk(user) {
        _ if request.is_within() => vec![say("200 OK", &dialog)],
        AtTheTrunk::Answers => vec![say("200 OK", &dialog)],
        AtTheTrunk::IsBusy => vec![say("486 Busy Here", "")],
        AtTheTrunk::Rings => vec![say("180 Ringing", &dialog)],
        AtTheTrunk::Redirects => {
            let contact = format!("Contact: <sip:{}@{here}>\r\n", international(DIVERTED_TO));
            vec![say("302 Moved Temporarily", &contact)]
        }
    }
}
