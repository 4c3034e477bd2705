//! Reads a request: the start line and the few header fields that an answer repeats.

use std::borrow::Cow;

use super::via::TopVia;

/// `Via` fields that a request may have; as many proxies as `Max-Forwards` commonly lets through, and more.
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

/// One request, as slices of the datagram. Folded values still hold their line breaks.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// What it asks.
    pub method: Method,
    /// The Request-URI: what was dialled.
    pub uri: &'a [u8],
    /// `CSeq` names the method of the start line.
    pub is_consistent: bool,
    pub(super) vias: [&'a [u8]; MAX_VIAS],
    pub(super) via_count: usize,
    pub(super) top_via: TopVia<'a>,
    pub(super) from: &'a [u8],
    pub(super) to: &'a [u8],
    pub(super) call_id: &'a [u8],
    pub(super) cseq: &'a [u8],
    /// The configured field that names the caller; `Err` if it stands there twice.
    named_caller: Option<Result<&'a [u8], ()>>,
}

impl<'a> Request<'a> {
    /// Reads a datagram. `caller_header` is the field that names the caller, if it is not From.
    pub fn parse(datagram: &'a [u8], caller_header: Option<&str>) -> Result<Self, Malformed> {
        let mut lines = Lines(datagram);
        let (method_word, uri) = start_line(lines.next().ok_or(Malformed)??)?;
        let mut found = Found::default();
        let mut ended = false;
        for line in lines {
            let line = line?;
            if line.is_empty() {
                ended = true;
                break;
            }
            found.take(line, caller_header)?;
        }
        let vias = &found.vias[..found.via_count];
        let top_via = TopVia::parse(vias.first().ok_or(Malformed)?).ok_or(Malformed)?;
        let cseq = found.cseq.ok_or(Malformed)?;
        if !ended {
            return Err(Malformed);
        }
        Ok(Self {
            method: method_of(method_word),
            uri,
            is_consistent: cseq_names(cseq, method_word),
            vias: found.vias,
            via_count: found.via_count,
            top_via,
            from: found.from.ok_or(Malformed)?,
            to: found.to.ok_or(Malformed)?,
            call_id: found.call_id.ok_or(Malformed)?,
            cseq,
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

/// The fields found so far. A second From, To, Call-ID or CSeq makes the request malformed: two readers could
/// take different ones.
struct Found<'a> {
    vias: [&'a [u8]; MAX_VIAS],
    via_count: usize,
    from: Option<&'a [u8]>,
    to: Option<&'a [u8]>,
    call_id: Option<&'a [u8]>,
    cseq: Option<&'a [u8]>,
    named_caller: Option<Result<&'a [u8], ()>>,
}

impl Default for Found<'_> {
    fn default() -> Self {
        Self {
            vias: [&[]; MAX_VIAS],
            via_count: 0,
            from: None,
            to: None,
            call_id: None,
            cseq: None,
            named_caller: None,
        }
    }
}

impl<'a> Found<'a> {
    fn take(&mut self, line: &'a [u8], caller_header: Option<&str>) -> Result<(), Malformed> {
        let colon = line.iter().position(|byte| *byte == b':').ok_or(Malformed)?;
        let (name, value) = (line[..colon].trim_ascii_end(), line[colon + 1..].trim_ascii());
        let is = |long: &str, short: &str| {
            name.eq_ignore_ascii_case(long.as_bytes()) || name.eq_ignore_ascii_case(short.as_bytes())
        };
        if is("Via", "v") {
            *self.vias.get_mut(self.via_count).ok_or(Malformed)? = value;
            self.via_count += 1;
        } else if is("From", "f") {
            once(&mut self.from, value)?;
        } else if is("To", "t") {
            once(&mut self.to, value)?;
        } else if is("Call-ID", "i") {
            once(&mut self.call_id, value)?;
        } else if is("CSeq", "CSeq") {
            once(&mut self.cseq, value)?;
        }
        if caller_header.is_some_and(|header| is(header, header)) {
            self.named_caller = Some(if self.named_caller.is_none() {
                Ok(value)
            } else {
                Err(())
            });
        }
        Ok(())
    }
}

fn once<'a>(field: &mut Option<&'a [u8]>, value: &'a [u8]) -> Result<(), Malformed> {
    if field.replace(value).is_some() || value.is_empty() {
        Err(Malformed)
    } else {
        Ok(())
    }
}

/// The lines of a message. A line ends in CR LF, unless the next one begins with white space: then it goes on
/// there. CR or LF alone is malformed, for two readers could split the message differently.
struct Lines<'a>(&'a [u8]);

impl<'a> Iterator for Lines<'a> {
    type Item = Result<&'a [u8], Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.0;
        let mut at = 0;
        loop {
            at += text
                .get(at..)?
                .iter()
                .position(|byte| matches!(byte, b'\r' | b'\n'))?;
            if !text[at..].starts_with(b"\r\n") {
                self.0 = &[];
                return Some(Err(Malformed));
            }
            let is_folded = at > 0 && matches!(text.get(at + 2), Some(b' ' | b'\t'));
            if !is_folded {
                self.0 = &text[at + 2..];
                return Some(Ok(&text[..at]));
            }
            at += 2;
        }
    }
}

fn start_line(line: &[u8]) -> Result<(&[u8], &[u8]), Malformed> {
    let rest = line.strip_suffix(b" SIP/2.0").ok_or(Malformed)?;
    let space = rest.iter().position(|byte| *byte == b' ').ok_or(Malformed)?;
    let (method, uri) = (&rest[..space], &rest[space + 1..]);
    let is_token = !method.is_empty() && method.iter().all(|byte| byte.is_ascii_graphic());
    if !is_token || uri.is_empty() || uri.iter().any(|byte| byte.is_ascii_whitespace()) {
        return Err(Malformed);
    }
    Ok((method, uri))
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
