//! Reads a request: the start line and the few header fields that an answer repeats.
//!
//! An INVITE in which something is missing, twice, cut off or such that two readers could take it differently is
//! read as far as an answer needs it, and is not sound: it is refused like every other refused call.

use std::borrow::Cow;

use super::MAX_DATAGRAM_BYTES;
use super::via::TopVia;

/// `Via` fields that a sound request may have; as many proxies as `Max-Forwards` commonly lets through, and more.
pub const MAX_VIAS: usize = 32;

/// What a request asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// May this call be made?
    Invite,
    /// The answer came; nothing is said to this.
    Ack,
    /// Is a list held?
    Options,
    /// Take the INVITE back; it was answered already.
    Cancel,
    /// Anything else.
    Other,
}

/// Not a request that can be answered; it is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a SIP request that can be answered")]
pub struct Malformed;

/// One request, as slices of the datagram. Folded values still hold their line breaks. What is missing is empty.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// What it asks.
    pub method: Method,
    /// The Request-URI: what was dialled.
    pub uri: &'a [u8],
    /// Every reader would take it alike. An INVITE that is not sound is refused.
    pub is_sound: bool,
    /// The top Via as it came, and the others.
    pub(super) via: &'a [u8],
    pub(super) more_vias: Vec<&'a [u8]>,
    pub(super) top_via: TopVia<'a>,
    pub(super) from: &'a [u8],
    pub(super) to: &'a [u8],
    pub(super) call_id: &'a [u8],
    pub(super) cseq: &'a [u8],
    /// The configured field that names the caller; `Err` if it stands there twice.
    named_caller: Option<Result<&'a [u8], ()>>,
}

impl<'a> Request<'a> {
    /// Reads a message. `caller_header` is the field that names the caller, if it is not From. What is not sound
    /// is malformed, unless it is an INVITE with a Via to answer to.
    pub fn parse(datagram: &'a [u8], caller_header: Option<&str>) -> Result<Self, Malformed> {
        let mut lines = Lines::new(&datagram[..datagram.len().min(MAX_DATAGRAM_BYTES)]);
        let start = StartLine::read(lines.next().unwrap_or_default());
        let mut found = Found::default();
        for line in &mut lines {
            found.take(line, caller_header);
        }
        let whole = datagram.len() <= MAX_DATAGRAM_BYTES && lines.ended && !lines.is_unclear;
        let is_sound = whole && start.is_sound && found.is_sound(start.method, lines.rest.len());
        let method = method_of(start.method);
        if !is_sound && method != Method::Invite {
            return Err(Malformed);
        }
        let via = found.via.ok_or(Malformed)?;
        let top_via = TopVia::parse(via).ok_or(Malformed)?;
        Ok(Self {
            method,
            uri: start.uri,
            is_sound,
            via,
            more_vias: found.more_vias,
            top_via,
            from: found.from.unwrap_or_default(),
            to: found.to.unwrap_or_default(),
            call_id: found.call_id.unwrap_or_default(),
            cseq: found.cseq.unwrap_or_default(),
            named_caller: found.named_caller,
        })
    }

    /// The caller's name: the user part of From, or of the configured field. `has_header` says that one is
    /// configured; if it is missing, the caller is nobody known.
    pub fn caller(&self, has_header: bool) -> Cow<'a, str> {
        let value = match (has_header, self.named_caller) {
            (false, _) => self.from,
            (true, Some(Ok(value))) => value,
            (true, _) => return Cow::Borrowed(""),
        };
        // The parameters of a user part do not belong to the name.
        decode(
            user_of(value)
                .split(|byte| *byte == b';')
                .next()
                .unwrap_or_default(),
        )
    }

    /// What was dialled, for the record: the user part of the Request-URI, escapes decoded.
    pub fn dialled(&self) -> Cow<'a, str> {
        decode(user_of(self.uri))
    }
}

/// The fields found so far. Of a field that may stand once, the first counts.
#[derive(Default)]
struct Found<'a> {
    via: Option<&'a [u8]>,
    more_vias: Vec<&'a [u8]>,
    from: Option<&'a [u8]>,
    to: Option<&'a [u8]>,
    call_id: Option<&'a [u8]>,
    cseq: Option<&'a [u8]>,
    content_length: Option<&'a [u8]>,
    named_caller: Option<Result<&'a [u8], ()>>,
    /// A field was empty, stood twice, or was none.
    is_unclear: bool,
}

impl<'a> Found<'a> {
    fn take(&mut self, line: &'a [u8], caller_header: Option<&str>) {
        let Some(colon) = memchr::memchr(b':', line) else {
            self.is_unclear = true;
            return;
        };
        let (name, value) = (line[..colon].trim_ascii_end(), line[colon + 1..].trim_ascii());
        let is = |long: &str, short: &str| {
            name.eq_ignore_ascii_case(long.as_bytes()) || name.eq_ignore_ascii_case(short.as_bytes())
        };
        let once = if is("Via", "v") {
            match self.via {
                None => self.via = Some(value),
                Some(_) => self.more_vias.push(value),
            }
            None
        } else if is("From", "f") {
            Some(&mut self.from)
        } else if is("To", "t") {
            Some(&mut self.to)
        } else if is("Call-ID", "i") {
            Some(&mut self.call_id)
        } else if is("CSeq", "CSeq") {
            Some(&mut self.cseq)
        } else if is("Content-Length", "l") {
            Some(&mut self.content_length)
        } else {
            None
        };
        if let Some(field) = once {
            self.is_unclear |= field.is_some() || value.is_empty();
            field.get_or_insert(value);
        }
        if caller_header.is_some_and(|header| is(header, header)) {
            self.named_caller = Some(if self.named_caller.is_none() {
                Ok(value)
            } else {
                Err(())
            });
        }
    }

    /// Whether every reader would take these fields alike; `behind` are the bytes behind the header.
    fn is_sound(&self, method: &[u8], behind: usize) -> bool {
        let is_whole = self.from.is_some() && self.to.is_some() && self.call_id.is_some();
        let agrees = self.cseq.is_some_and(|cseq| cseq_names(cseq, method));
        let is_cut_off = self
            .content_length
            .is_some_and(|length| number_of(length).is_none_or(|length| length > behind));
        is_whole && agrees && !is_cut_off && !self.is_unclear && self.more_vias.len() < MAX_VIAS
    }
}

/// Bytes of the body that a header announces: on a stream exactly one field must say so, and every line be clear.
pub(super) fn body_bytes(header: &[u8]) -> Option<usize> {
    let mut lines = Lines::new(header);
    lines.next();
    let mut found = Found::default();
    for line in &mut lines {
        found.take(line, None);
    }
    let is_clear = lines.ended && lines.rest.is_empty() && !lines.is_unclear && !found.is_unclear;
    number_of(found.content_length.filter(|_| is_clear)?)
}

/// A number as a field has it: up to nine digits and nothing else.
fn number_of(value: &[u8]) -> Option<usize> {
    let digits = (1..=9).contains(&value.len()) && value.iter().all(u8::is_ascii_digit);
    let digit = |number, byte: &u8| number * 10 + usize::from(byte - b'0');
    digits.then(|| value.iter().fold(0, digit))
}

/// The lines of a message up to the empty one. A line ends in CR LF, unless the next one begins with white space:
/// then it goes on there. With CR or LF alone two readers could split the message differently: it is unclear.
struct Lines<'a> {
    rest: &'a [u8],
    is_unclear: bool,
    /// The empty line was found.
    ended: bool,
}

impl<'a> Lines<'a> {
    fn new(rest: &'a [u8]) -> Self {
        Self {
            rest,
            is_unclear: false,
            ended: false,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.ended {
            return None;
        }
        let text = std::mem::take(&mut self.rest);
        let mut at = 0;
        while let Some(end) = memchr::memchr2(b'\r', b'\n', &text[at..]) {
            at += end;
            let is_whole = text[at..].starts_with(b"\r\n");
            self.is_unclear |= !is_whole;
            let next = at + if is_whole { 2 } else { 1 };
            let is_end = is_whole || text[at] == b'\n';
            if is_end && at == 0 {
                self.ended = true;
                self.rest = &text[next..];
                return None;
            }
            if is_end && !matches!(text.get(next), Some(b' ' | b'\t')) {
                self.rest = &text[next..];
                return Some(&text[..at]);
            }
            at = next;
        }
        self.is_unclear = true;
        (!text.is_empty()).then_some(text)
    }
}

struct StartLine<'a> {
    method: &'a [u8],
    uri: &'a [u8],
    is_sound: bool,
}

impl<'a> StartLine<'a> {
    fn read(line: &'a [u8]) -> Self {
        let space = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
        let (method, rest) = line.split_at(space);
        let rest = rest.get(1..).unwrap_or_default();
        let uri = rest.strip_suffix(b" SIP/2.0");
        let is_token = !method.is_empty() && method.iter().all(u8::is_ascii_graphic);
        let is_one_word = |uri: &[u8]| !uri.is_empty() && !uri.iter().any(u8::is_ascii_whitespace);
        Self {
            method,
            uri: uri.unwrap_or(rest),
            is_sound: is_token && uri.is_some_and(is_one_word),
        }
    }
}

fn method_of(word: &[u8]) -> Method {
    match word {
        b"INVITE" => Method::Invite,
        b"ACK" => Method::Ack,
        b"OPTIONS" => Method::Options,
        b"CANCEL" => Method::Cancel,
        _ => Method::Other,
    }
}

fn cseq_names(cseq: &[u8], method: &[u8]) -> bool {
    let mut words = cseq
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    let number = words
        .next()
        .is_some_and(|word| word.len() <= 10 && word.iter().all(u8::is_ascii_digit));
    number && words.next() == Some(method) && words.next().is_none()
}

/// Where the parameters of a From or To value begin: behind `>`, or at the first `;` if there is no `<`.
pub(super) fn parameters(value: &[u8]) -> &[u8] {
    match angle(value) {
        Some((_, end)) => &value[end + 1..],
        None => value
            .iter()
            .position(|byte| *byte == b';')
            .map_or(&[], |at| &value[at..]),
    }
}

/// Whether a value has this parameter; `name` in lower case.
pub(super) fn has_parameter(value: &[u8], name: &str) -> bool {
    parameters(value)
        .split(|byte| *byte == b';')
        .skip(1)
        .any(|parameter| {
            let word = parameter.split(|byte| *byte == b'=').next().unwrap_or_default();
            word.trim_ascii().eq_ignore_ascii_case(name.as_bytes())
        })
}

/// The places of `<` and `>` around the address, display names in quotes passed over.
fn angle(value: &[u8]) -> Option<(usize, usize)> {
    let mut in_quotes = false;
    let mut open = None;
    let mut at = 0;
    while at < value.len() {
        match (value[at], open) {
            (b'\\', _) if in_quotes => at += 1,
            (b'"', None) => in_quotes = !in_quotes,
            (b'<', None) if !in_quotes => open = Some(at),
            (b'>', Some(open)) => return Some((open, at)),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The user part of an address in any form: `"A" <sip:user@host>;tag=x`, `sip:user@host;tag=x`, `tel:user`,
/// or a bare word.
fn user_of(value: &[u8]) -> &[u8] {
    let address = match angle(value) {
        Some((open, close)) => &value[open + 1..close],
        None => value,
    };
    let schemes: [&[u8]; 3] = [b"sips:", b"sip:", b"tel:"];
    let bare = schemes.iter().find_map(|scheme| {
        let (head, rest) = address.split_at_checked(scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    bare.unwrap_or(address)
        .split(|byte| *byte == b'@')
        .next()
        .unwrap_or_default()
}

/// Decodes percent escapes; what is not UTF-8 then is shown as such.
fn decode(text: &[u8]) -> Cow<'_, str> {
    if !text.contains(&b'%') {
        return String::from_utf8_lossy(text);
    }
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        match (text[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&decoded).into_owned())
}
