//! One SIP message in, one answer out, whichever way it came: UDP, TCP and TLS read the same headers, rule the
//! same and write the same bytes.

use std::net::SocketAddr;
use std::time::Instant;

use phone::Refused;

use super::Desk;
use super::sip::{Answer, Method, Request, Tag, respond};
use crate::authorise::{Caller, Verdict};

/// A message as it came.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Where it begins and ends is known. An INVITE of which it is not is refused.
    pub is_whole: bool,
    /// Who sent it.
    pub source: SocketAddr,
}

/// Answers one message: writes the answer over whatever `out` held, and says where it goes. What is not from a
/// configured peer, or cannot be answered, gets no answer. The record is handed on first, so that records stand in
/// the order in which callers saw answers.
pub fn answer(desk: &Desk, received: Received<'_>, out: &mut Vec<u8>) -> Option<SocketAddr> {
    let Received {
        bytes,
        is_whole,
        source,
    } = received;
    // Nothing is ever said to an ACK; it is not read at all.
    if !desk.answers(source.ip()) || bytes.starts_with(b"ACK ") {
        return None;
    }
    let mut request = Request::parse(bytes, desk.caller_header.as_deref()).ok()?;
    request.is_sound &= is_whole;
    let tag = Tag::of(&request, &desk.tag_key);
    let mut say = |answer: Answer<'_>| Some(respond(&request, &answer, source, &tag, out));
    match request.method {
        Method::Ack => None,
        Method::Invite => {
            let (verdict, dialled) = rule(desk, &request, &tag);
            match (verdict, &dialled) {
                (Verdict::Allow(_), Ok(resolved)) => say(Answer::Allow {
                    resolved,
                    trunk: &desk.trunk,
                }),
                _ => say(Answer::Refuse),
            }
        }
        // What is not whole gets no other answer either.
        _ if !request.is_sound => None,
        Method::Options if desk.list.load().is_some() => say(Answer::Ready),
        Method::Options => say(Answer::NotReady),
        Method::Cancel => say(Answer::NothingToCancel),
        Method::Other => say(Answer::NotServed),
    }
}

/// Rules on an INVITE, and records it unless it was sent a moment ago.
fn rule(desk: &Desk, request: &Request<'_>, tag: &Tag) -> (Verdict, Result<phone::Resolved, Refused>) {
    let caller = Caller::parse(&request.caller(desk.caller_header.is_some()));
    let dialled = if request.is_sound {
        phone::resolve_request_uri(request.uri, desk.area)
    } else {
        Err(Refused::Unresolvable)
    };
    let verdict = desk.rule(&caller, &dialled);
    let is_allowed = matches!(verdict, Verdict::Allow(_));
    let seen = (tag.name_of(request, &desk.tag_key), is_allowed);
    if desk.seen.is_new(seen, Instant::now()) {
        desk.record(&caller, &request.dialled(), &dialled, verdict);
    }
    (verdict, dialled)
}
