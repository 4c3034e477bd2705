//! Writes answers. There is one form of refusal, and nothing in it depends on the reason.

use std::io::Write;
use std::net::SocketAddr;

use phone::Resolved;

use super::request::{Request, has_parameter};
use super::tag::Tag;

/// What is answered.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a> {
    /// 302: dial this number, through this trunk.
    Allow {
        /// What was dialled, resolved.
        resolved: &'a Resolved,
        /// Host and port of the trunk.
        trunk: &'a str,
    },
    /// 403, in its one form.
    Refuse,
    /// 200 to OPTIONS: a list is held.
    Ready,
    /// 503 to OPTIONS: none is.
    NotReady,
    /// 405: nothing but INVITE, ACK and OPTIONS is served.
    NotServed,
    /// 481: there is nothing to cancel; every INVITE is answered at once.
    NothingToCancel,
}

impl Answer<'_> {
    const fn line(&self) -> &'static str {
        match self {
            Self::Allow { .. } => "SIP/2.0 302 Moved Temporarily",
            Self::Refuse => "SIP/2.0 403 Forbidden",
            Self::Ready => "SIP/2.0 200 OK",
            Self::NotReady => "SIP/2.0 503 Service Unavailable",
            Self::NotServed => "SIP/2.0 405 Method Not Allowed",
            Self::NothingToCancel => "SIP/2.0 481 Call/Transaction Does Not Exist",
        }
    }
}

/// Writes the answer to a request that came from `source`, over whatever `out` held; returns where it goes.
/// `tag` becomes the To tag: the same for a retransmission, and saying nothing of the verdict.
pub fn respond(
    request: &Request<'_>,
    answer: &Answer<'_>,
    source: SocketAddr,
    tag: &Tag,
    out: &mut Vec<u8>,
) -> SocketAddr {
    out.clear();
    out.extend_from_slice(answer.line().as_bytes());
    out.extend_from_slice(b"\r\nVia: ");
    request.top_via.write(source, out);
    for via in &request.more_vias {
        field(out, "Via", via);
    }
    field_if_any(out, "From", request.from);
    field(out, "To", request.to);
    if !has_parameter(request.to, "tag") {
        out.extend_from_slice(b";tag=");
        out.extend_from_slice(&tag.digits());
    }
    field_if_any(out, "Call-ID", request.call_id);
    field_if_any(out, "CSeq", request.cseq);
    match answer {
        Answer::Allow { resolved, trunk } => contact(out, resolved, trunk),
        Answer::NotServed | Answer::Ready => out.extend_from_slice(b"\r\nAllow: INVITE, ACK, OPTIONS"),
        _ => {}
    }
    out.extend_from_slice(b"\r\nContent-Length: 0\r\n\r\n");
    request.top_via.destination(source)
}

/// The number as this gate resolved it, never as it was dialled, and at most one word from the prefix table.
fn contact(out: &mut Vec<u8>, resolved: &Resolved, trunk: &str) {
    let _ = write!(out, "\r\nContact: <sip:{}@{trunk}", resolved.number.expose());
    if let Some(service) = service(resolved) {
        let _ = write!(out, ";service={service}");
    }
    out.push(b'>');
}

/// The one service that the trunk is asked for. The relay goes before withholding: without it two people
/// cannot talk, and a prison's trunk can withhold every call.
pub(crate) fn service(resolved: &Resolved) -> Option<&'static str> {
    match resolved.service {
        phone::Service { relay: true, .. } => Some("relay"),
        phone::Service { withhold: true, .. } => Some("withhold"),
        phone::Service { .. } => None,
    }
}

fn field_if_any(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    if !value.is_empty() {
        field(out, name, value);
    }
}

fn field(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    put(out, value);
}

/// Writes a value, its folds opened.
pub(super) fn put(out: &mut Vec<u8>, value: &[u8]) {
    let from = out.len();
    out.extend_from_slice(value);
    if memchr::memchr2(b'\r', b'\n', value).is_some() {
        let folds = out[from..]
            .iter_mut()
            .filter(|byte| matches!(byte, b'\r' | b'\n'));
        folds.for_each(|byte| *byte = b' ');
    }
}
