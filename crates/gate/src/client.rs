//! A phone switch in small: asks a gate about one call by SIP, as a switch would.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The first wait before an INVITE is sent again (RFC 3261, T1); doubled each time.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Bytes of an answer.
const ANSWER_BYTES: usize = 8 * 1024;

/// A gate's answer to one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallAnswer {
    /// 302 allows, 403 refuses; with anything else, as with no answer, the call fails.
    pub status: u16,
    /// The words behind the status.
    pub reason: String,
    /// What to dial, if the call is allowed: a SIP URI.
    pub contact: Option<String>,
    /// The whole answer.
    pub raw: Vec<u8>,
}

impl CallAnswer {
    /// The number to dial, if the call is allowed.
    pub fn number(&self) -> Option<&str> {
        let contact = self.contact.as_deref().filter(|_| self.status == 302)?;
        contact.strip_prefix("sip:")?.split('@').next()
    }
}

/// Asks a gate whether `from` (a prison number, `generic`, `official-NAME`) may dial what stands in
/// `dialled`, sends the ACK, and returns the answer. No answer in time is an error of kind `TimedOut`.
pub fn call(gate: SocketAddr, from: &str, dialled: &str, timeout: Duration) -> io::Result<CallAnswer> {
    let any: SocketAddr = if gate.is_ipv4() {
        ([0, 0, 0, 0], 0).into()
    } else {
        ([0u16; 8], 0).into()
    };
    let socket = UdpSocket::bind(any)?;
    socket.connect(gate)?;
    let asked = Asked::new(gate, socket.local_addr()?, from, dialled);
    let invite = asked.request("INVITE", &asked.to());
    let until = Instant::now() + timeout;
    let mut wait = FIRST_WAIT;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the gate did not answer"));
        }
        socket.send(invite.as_bytes())?;
        if let Some(raw) = final_answer(&socket, &asked, left.min(wait))? {
            let answer = CallAnswer::read(raw);
            let to = header(&answer.raw, "To").unwrap_or_else(|| asked.to());
            socket.send(asked.request("ACK", &to).as_bytes())?;
            return Ok(answer);
        }
        wait *= 2;
    }
}

/// Waits for the final answer to this call; `None` when the time is up.
fn final_answer(socket: &UdpSocket, asked: &Asked, wait: Duration) -> io::Result<Option<Vec<u8>>> {
    let until = Instant::now() + wait;
    let mut answer = [0; ANSWER_BYTES];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv(&mut answer) {
            Ok(bytes) => {
                let raw = &answer[..bytes];
                let is_ours = header(raw, "Call-ID").is_some_and(|id| id == asked.call_id);
                if is_ours && status(raw).is_some_and(|status| status >= 200) {
                    return Ok(Some(raw.to_vec()));
                }
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {}
            Err(error) => return Err(error),
        }
    }
}

/// One call as it is asked.
struct Asked {
    uri: String,
    here: SocketAddr,
    from: String,
    call_id: String,
    branch: String,
}

impl Asked {
    fn new(gate: SocketAddr, here: SocketAddr, from: &str, dialled: &str) -> Self {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        let count = CALLS.fetch_add(1, Ordering::Relaxed);
        let name = format!("{:x}-{:x}-{count:x}", std::process::id(), here.port());
        Self {
            uri: format!("sip:{}@{gate}", escape(dialled)),
            here,
            from: format!("<sip:{}@{here}>;tag={name}", escape(from)),
            call_id: format!("{name}@{here}"),
            branch: format!("z9hG4bK{name}"),
        }
    }

    fn to(&self) -> String {
        format!("<{}>", self.uri)
    }

    fn request(&self, method: &str, to: &str) -> String {
        let Self {
            uri,
            here,
            from,
            call_id,
            branch,
        } = self;
        format!(
            "{method} {uri} SIP/2.0\r\n\
             Via: SIP/2.0/UDP {here};branch={branch};rport\r\n\
             Max-Forwards: 70\r\n\
             From: {from}\r\n\
             To: {to}\r\n\
             Call-ID: {call_id}\r\n\
             CSeq: 1 {method}\r\n\
             Contact: <sip:{here}>\r\n\
             Content-Length: 0\r\n\r\n"
        )
    }
}

impl CallAnswer {
    fn read(raw: Vec<u8>) -> Self {
        let text = String::from_utf8_lossy(&raw);
        let line = text.lines().next().unwrap_or_default();
        let reason = line.splitn(3, ' ').nth(2).unwrap_or_default().to_owned();
        let contact = header(&raw, "Contact");
        let contact = contact.map(|contact| contact.trim_matches(['<', '>']).to_owned());
        Self {
            status: status(&raw).unwrap_or(0),
            reason,
            contact,
            raw,
        }
    }
}

fn status(raw: &[u8]) -> Option<u16> {
    std::str::from_utf8(raw.strip_prefix(b"SIP/2.0 ")?.get(..3)?)
        .ok()?
        .parse()
        .ok()
}

fn header(raw: &[u8], name: &str) -> Option<String> {
    raw.split(|byte| *byte == b'\n').skip(1).find_map(|line| {
        let line = String::from_utf8_lossy(line);
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

/// Writes text as the user part of a SIP URI: everything but letters, digits and a few signs in escapes.
fn escape(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.' | b'*' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}
