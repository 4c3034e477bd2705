//! SIP messages as text, read loosely and written by hand: a suite that tests switches shares no parser with them or
//! with the gate.

use std::fmt::Write as _;

/// One message as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The start line.
    pub start: String,
    /// Header fields in their order; compact names written out.
    pub fields: Vec<(String, String)>,
    /// All of it.
    pub raw: String,
}

/// Compact names, and what they stand for (RFC 3261, section 7.3.3).
const COMPACT: [(&str, &str); 7] = [
    ("v", "Via"),
    ("f", "From"),
    ("t", "To"),
    ("i", "Call-ID"),
    ("m", "Contact"),
    ("c", "Content-Type"),
    ("l", "Content-Length"),
];

impl Message {
    /// Reads what came. Lines that are no field are passed over.
    pub fn read(bytes: &[u8]) -> Self {
        let raw = String::from_utf8_lossy(bytes).into_owned();
        let head = raw.split("\r\n\r\n").next().unwrap_or_default();
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let mut lines = unfolded.split("\r\n");
        let start = lines.next().unwrap_or_default().to_owned();
        let fields = lines.filter_map(|line| line.split_once(':'));
        let fields = fields
            .map(|(name, value)| (full_name(name.trim()), value.trim().to_owned()))
            .collect();
        Self { start, fields, raw }
    }

    /// The status, if it is an answer.
    pub fn status(&self) -> Option<u16> {
        self.start
            .strip_prefix("SIP/2.0 ")?
            .split(' ')
            .next()?
            .parse()
            .ok()
    }

    /// The method, if it is a request.
    pub fn method(&self) -> Option<&str> {
        self.status()
            .is_none()
            .then(|| self.start.split(' ').next().unwrap_or_default())
    }

    /// The Request-URI, if it is a request.
    pub fn uri(&self) -> &str {
        self.start.split(' ').nth(1).unwrap_or_default()
    }

    /// The first field of this name, or nothing.
    pub fn field(&self, name: &str) -> &str {
        let mut fields = self.fields.iter();
        let found = fields.find(|(field, _)| field.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// All fields of this name.
    pub fn each<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self
            .fields
            .iter()
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }

    /// The method that CSeq names.
    pub fn cseq_method(&self) -> &str {
        self.field("CSeq").split(' ').nth(1).unwrap_or_default()
    }

    /// The number of CSeq.
    pub fn cseq(&self) -> u32 {
        let number = self.field("CSeq").split(' ').next();
        number.and_then(|number| number.parse().ok()).unwrap_or_default()
    }

    /// Whether To has a tag: the request belongs to a call that there is.
    pub fn is_within(&self) -> bool {
        self.field("To").contains(";tag=")
    }

    /// The branch of the topmost Via.
    pub fn branch(&self) -> &str {
        let via = self.field("Via");
        let branch = via.split(";branch=").nth(1).unwrap_or_default();
        branch.split([';', ',', ' ']).next().unwrap_or_default()
    }

    /// The address of the first Contact.
    pub fn contact(&self) -> &str {
        address(self.field("Contact"))
    }

    /// Bytes of a message whose head ends at `head_end`, by Content-Length.
    pub fn whole_bytes(text: &[u8]) -> Option<usize> {
        let head = text.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
        let length = Self::read(&text[..head])
            .field("Content-Length")
            .parse::<usize>()
            .unwrap_or(0);
        (text.len() >= head + length).then_some(head + length)
    }
}

fn full_name(name: &str) -> String {
    let long = COMPACT
        .iter()
        .find(|(compact, _)| compact.eq_ignore_ascii_case(name));
    long.map_or(name, |(_, long)| long).to_owned()
}

/// The address in a From, To or Contact: what stands in angle brackets, or all up to the first parameter.
pub fn address(value: &str) -> &str {
    match value.split_once('<') {
        Some((_, rest)) => rest.split('>').next().unwrap_or_default(),
        None => value.split(';').next().unwrap_or_default().trim(),
    }
}

/// The answer to a request: its Via, From, To, Call-ID and CSeq, a To tag, and `more` lines, each with its end.
pub fn answer_to(request: &Message, status: &str, tag: &str, more: &str) -> String {
    let mut text = format!("SIP/2.0 {status}\r\n");
    for via in request.each("Via") {
        // Writing to a string does not fail.
        let _ = write!(text, "Via: {via}\r\n");
    }
    let to = request.field("To");
    let tag = if to.contains(";tag=") {
        String::new()
    } else {
        format!(";tag={tag}")
    };
    let _ = write!(
        text,
        "From: {}\r\nTo: {to}{tag}\r\nCall-ID: {}\r\nCSeq: {}\r\n{more}Content-Length: 0\r\n\r\n",
        request.field("From"),
        request.field("Call-ID"),
        request.field("CSeq"),
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_with_compact_names_and_folds() {
        let text = "INVITE sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP x;branch=z9hG4bK1;rport\r\nt: <sip:a@b>\r\n ;tag=1\r\n\
                    m: <sip:c@d;x=y>;q=1\r\nCSeq: 7 INVITE\r\nl: 3\r\n\r\nabcd";
        let message = Message::read(text.as_bytes());
        assert_eq!((message.method(), message.uri()), (Some("INVITE"), "sip:a@b"));
        assert_eq!((message.branch(), message.contact()), ("z9hG4bK1", "sip:c@d;x=y"));
        assert_eq!((message.cseq(), message.cseq_method()), (7, "INVITE"));
        assert_eq!(message.field("Content-Length"), "3");
        assert_eq!(Message::whole_bytes(text.as_bytes()), Some(text.len() - 1));
        assert_eq!(Message::whole_bytes(&text.as_bytes()[..text.len() - 2]), None);
    }
}
