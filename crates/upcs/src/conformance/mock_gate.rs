//! The mock gate: answers by the number dialled, without keys, list or hub, also as no gate should
//! ([`super::numbers`]). SIP over UDP and TCP, and `POST /v1/calls` over HTTP.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use phone::{Refused, Resolved};
use serde_json::{Value, json};

use super::end::is_quiet;
use super::message::{Message, answer_to};
use super::numbers::{Does, at_the_gate};

/// How often a quiet thread looks whether it should end.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How exactly a late answer is late.
const LATE_TO_WITHIN: Duration = Duration::from_millis(20);
/// Bytes of an HTTP request.
const MOST_HTTP_BYTES: usize = 8 * 1024;

/// Where a mock gate answers.
#[derive(Clone, Debug)]
pub struct Places {
    /// SIP over UDP and TCP.
    pub sip: SocketAddr,
    /// HTTP, if it is wanted.
    pub http: Option<SocketAddr>,
    /// What stands behind the number in an allowed call's Contact.
    pub trunk: String,
    /// When an answer is too late.
    pub late: Duration,
}

/// A running mock gate; ends when dropped.
pub struct MockGate {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl MockGate {
    /// Binds everything and answers.
    pub fn start(places: &Places) -> Result<Self> {
        let here = places.sip;
        let bound = || format!("the mock gate cannot listen at {here}");
        let socket = UdpSocket::bind(here).with_context(bound)?;
        socket.set_read_timeout(Some(LOOK_EVERY))?;
        let tcp = TcpListener::bind(here).with_context(bound)?;
        let stop = Arc::new(AtomicBool::new(false));
        let desk = Desk::new(places, &socket)?;
        let (send, late) = channel();
        let mut threads = vec![
            spawn(&stop, move |stop| send_late(&late, stop)),
            {
                let (desk, send) = (desk.clone(), send.clone());
                spawn(&stop, move |stop| serve_udp(&desk, &socket, &send, stop))
            },
            {
                let desk = desk.clone();
                spawn(&stop, move |stop| {
                    accept(&tcp, stop, move |stream| serve_tcp(&desk, stream))
                })
            },
        ];
        if let Some(http) = places.http {
            let listener =
                TcpListener::bind(http).with_context(|| format!("the mock gate cannot listen at {http}"))?;
            threads.push(spawn(&stop, move |stop| accept(&listener, stop, serve_http)));
        }
        Ok(Self { stop, threads })
    }
}

impl Drop for MockGate {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn spawn(stop: &Arc<AtomicBool>, serve: impl FnOnce(&AtomicBool) + Send + 'static) -> JoinHandle<()> {
    let stop = Arc::clone(stop);
    std::thread::spawn(move || serve(&stop))
}

/// What every answer needs.
#[derive(Clone)]
struct Desk {
    trunk: String,
    late: Duration,
    /// Another port of the gate's address.
    other_port: Arc<UdpSocket>,
    /// Another address of this machine; the same when the gate is not on loopback.
    other_host: Arc<UdpSocket>,
}

impl Desk {
    fn new(places: &Places, socket: &UdpSocket) -> Result<Self> {
        let here = socket.local_addr()?.ip();
        let other = match here {
            IpAddr::V4(ip) if ip.is_loopback() => IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)),
            ip => ip,
        };
        Ok(Self {
            trunk: places.trunk.clone(),
            late: places.late,
            other_port: Arc::new(UdpSocket::bind((here, 0))?),
            other_host: Arc::new(UdpSocket::bind((other, 0))?),
        })
    }

    /// The answer of an INVITE, and how it goes out. `None`: silence.
    fn ruled(&self, request: &Message) -> Option<(String, How)> {
        let dialled = phone::resolve_request_uri(request.uri().as_bytes(), None);
        let number = dialled.as_ref().ok().map(|resolved| &resolved.number);
        let allow = |status: &str| say(request, status, &self.contact(&dialled));
        let now = |text: String| Some((text, How::Now));
        match at_the_gate(number) {
            Does::KeepsSilent => None,
            Does::Allow => now(allow("302 Moved Temporarily")),
            Does::Refuse => now(say(request, "403 Forbidden", "")),
            Does::AllowsLate => Some((allow("302 Moved Temporarily"), How::After(self.late))),
            Does::AllowsSlowly => Some((allow("302 Moved Temporarily"), How::After(self.late / 4))),
            Does::Rings => now(say(request, "183 Session Progress", "")),
            Does::Says(status) => now(say(request, status, "")),
            Does::SaysWithContact(status) => now(allow(status)),
            Does::Redirects(contacts) => {
                let contacts = self.filled(contacts, &dialled);
                now(say(request, "302 Moved Temporarily", &contacts))
            }
            Does::AnswersFromAnotherPort => Some((allow("302 Moved Temporarily"), How::FromAnotherPort)),
            Does::AnswersFromAnotherHost => Some((allow("302 Moved Temporarily"), How::FromAnotherHost)),
            Does::AnswersAnother => {
                now(allow("302 Moved Temporarily").replacen(";branch=z9hG4bK", ";branch=z9hG4bKx", 1))
            }
        }
    }

    fn contact(&self, dialled: &Result<Resolved, Refused>) -> String {
        let flag = match dialled.as_ref().map(|resolved| resolved.service) {
            Ok(phone::Service { relay: true, .. }) => ";service=relay",
            Ok(phone::Service { withhold: true, .. }) => ";service=withhold",
            _ => "",
        };
        self.filled(&format!("Contact: <sip:{{number}}@{{trunk}}{flag}>\r\n"), dialled)
    }

    fn filled(&self, lines: &str, dialled: &Result<Resolved, Refused>) -> String {
        let number = dialled
            .as_ref()
            .map_or("", |resolved| resolved.number.expose())
            .to_owned();
        let digits = number.trim_start_matches('+');
        let host = self.trunk.split(':').next().unwrap_or_default();
        lines
            .replace("{number}", &number)
            .replace("{digits}", digits)
            .replace("{national}", digits.strip_prefix("44").unwrap_or(digits))
            .replace("{trunk}", &self.trunk)
            .replace("{host}", host)
    }
}

/// How an answer goes out.
enum How {
    Now,
    After(Duration),
    FromAnotherPort,
    FromAnotherHost,
}

fn say(request: &Message, status: &str, more: &str) -> String {
    answer_to(request, status, "mock-gate", more)
}

/// The answer to anything but an INVITE.
fn aside(request: &Message) -> Option<String> {
    match request.method()? {
        "ACK" | "INVITE" => None,
        "OPTIONS" => Some(say(request, "200 OK", "Allow: INVITE, ACK, OPTIONS\r\n")),
        "CANCEL" => Some(say(request, "481 Call/Transaction Does Not Exist", "")),
        _ => Some(say(
            request,
            "405 Method Not Allowed",
            "Allow: INVITE, ACK, OPTIONS\r\n",
        )),
    }
}

type Waiting = (Instant, Arc<UdpSocket>, String, SocketAddr);

fn serve_udp(desk: &Desk, socket: &UdpSocket, late: &Sender<Waiting>, stop: &AtomicBool) {
    let Ok(later) = socket.try_clone().map(Arc::new) else {
        return;
    };
    let mut room = vec![0; 65_535];
    while !stop.load(Ordering::Relaxed) {
        let (bytes, from) = match socket.recv_from(&mut room) {
            Ok(got) => got,
            Err(error) if is_quiet(&error) => continue,
            Err(_) => return,
        };
        let request = Message::read(&room[..bytes]);
        let ruled = match request.method() {
            Some("INVITE") => desk.ruled(&request),
            _ => aside(&request).map(|text| (text, How::Now)),
        };
        let Some((text, how)) = ruled else { continue };
        let text = text.replacen(";rport\r\n", &format!(";rport={}\r\n", from.port()), 1);
        // A failed answer is no answer: what the switch does then is what is tested.
        let _ = match how {
            How::Now => socket.send_to(text.as_bytes(), from),
            How::FromAnotherPort => desk.other_port.send_to(text.as_bytes(), from),
            How::FromAnotherHost => desk.other_host.send_to(text.as_bytes(), from),
            How::After(wait) => {
                let _ = late.send((Instant::now() + wait, Arc::clone(&later), text, from));
                Ok(0)
            }
        };
    }
}

/// Sends late answers when their time has come.
fn send_late(late: &Receiver<Waiting>, stop: &AtomicBool) {
    let mut waiting: Vec<Waiting> = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        match late.recv_timeout(LATE_TO_WITHIN) {
            Ok(more) => waiting.push(more),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        waiting.retain(|(at, socket, text, to)| {
            let is_due = *at <= Instant::now();
            if is_due {
                let _ = socket.send_to(text.as_bytes(), to);
            }
            !is_due
        });
    }
}

fn accept(listener: &TcpListener, stop: &AtomicBool, serve: impl Fn(TcpStream) + Clone + Send + 'static) {
    if listener.set_nonblocking(true).is_err() {
        return;
    }
    let (_never, quiet) = channel::<()>();
    while !stop.load(Ordering::Relaxed) {
        let Ok((stream, _)) = listener.accept() else {
            // Waits, and hears nothing.
            let _ = quiet.recv_timeout(LOOK_EVERY);
            continue;
        };
        let is_ready = stream.set_nonblocking(false).is_ok()
            && stream.set_read_timeout(Some(Duration::from_secs(5))).is_ok();
        let serve = serve.clone();
        if is_ready {
            std::thread::spawn(move || serve(stream));
        }
    }
}

/// SIP over TCP: answers in the order of the requests, for as long as there are some.
fn serve_tcp(desk: &Desk, mut stream: TcpStream) {
    let mut text = Vec::new();
    let mut room = [0; 4096];
    loop {
        while let Some(bytes) = Message::whole_bytes(&text) {
            let request = Message::read(&text[..bytes]);
            text.drain(..bytes);
            let answer = match request.method() {
                Some("INVITE") => desk.ruled(&request).map(|(text, _)| text),
                _ => aside(&request),
            };
            if let Some(answer) = answer
                && stream.write_all(answer.as_bytes()).is_err()
            {
                return;
            }
        }
        match stream.read(&mut room) {
            Ok(bytes) if bytes > 0 && text.len() < 65_535 => text.extend_from_slice(&room[..bytes]),
            _ => return,
        }
    }
}

/// One request a connection.
fn serve_http(mut stream: TcpStream) {
    // Whoever hung up gets no answer.
    let _ = http(&mut stream);
}

fn http(stream: &mut TcpStream) -> io::Result<()> {
    let mut text = Vec::new();
    let mut room = [0; 4096];
    let whole = loop {
        if let Some(bytes) = Message::whole_bytes(&text) {
            break bytes;
        }
        match stream.read(&mut room)? {
            0 => return Ok(()),
            bytes if text.len() + bytes <= MOST_HTTP_BYTES => text.extend_from_slice(&room[..bytes]),
            _ => return Ok(()),
        }
    };
    let text = String::from_utf8_lossy(&text[..whole]).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    let (status, said) = if head.starts_with("POST /v1/calls ") {
        asked_over_http(body)
    } else {
        ("404 Not Found", Value::Null)
    };
    let said = if said.is_null() {
        String::new()
    } else {
        said.to_string()
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{said}",
        said.len()
    );
    stream.write_all(answer.as_bytes())
}

/// What a gate says over HTTP. Only allow, refuse and silence have a form there: whatever else a number stands for is
/// a status of 500.
fn asked_over_http(body: &str) -> (&'static str, Value) {
    let asked: Value = serde_json::from_str(body).unwrap_or_default();
    let (Some(_), Some(dialled)) = (asked["from"].as_str(), asked["dialled"].as_str()) else {
        return ("400 Bad Request", Value::Null);
    };
    let resolved = phone::resolve(dialled, None);
    let number = resolved.as_ref().ok().map(|resolved| &resolved.number);
    match (at_the_gate(number), number) {
        (Does::Allow, Some(number)) => ("200 OK", json!({"verdict": "allow", "dial": number.expose()})),
        (Does::Refuse, _) => ("200 OK", json!({"verdict": "refuse"})),
        _ => ("500 Internal Server Error", Value::Null),
    }
}
