//! The topmost Via: where the answer goes, and what the server adds to it (RFC 3261 18.2.2, RFC 3581).

use std::io::Write;
use std::net::{IpAddr, SocketAddr};

/// Where SIP goes when no port is named.
const DEFAULT_PORT: u16 = 5060;

/// The first value of the first Via field.
#[derive(Clone, Debug)]
pub(super) struct TopVia<'a> {
    /// `SIP/2.0/UDP host:port`.
    head: &'a [u8],
    host: &'a [u8],
    port: Option<u16>,
    /// Parameters, each without its `;`.
    parameters: &'a [u8],
    /// What follows: further values of the same field, with their comma.
    behind: &'a [u8],
}

impl<'a> TopVia<'a> {
    pub(super) fn parse(field: &'a [u8]) -> Option<Self> {
        let end = field.iter().position(|byte| *byte == b',').unwrap_or(field.len());
        let (value, behind) = field.split_at(end);
        let semicolon = value.iter().position(|byte| *byte == b';').unwrap_or(value.len());
        let head = value[..semicolon].trim_ascii();
        let sent_by = head
            .rsplit(u8::is_ascii_whitespace)
            .next()
            .filter(|word| word.len() < head.len())?;
        if !head.get(..8)?.eq_ignore_ascii_case(b"SIP/2.0/") {
            return None;
        }
        let (host, port) = split_port(sent_by)?;
        let parameters = value.get(semicolon + 1..).unwrap_or_default();
        Some(Self {
            head,
            host,
            port,
            parameters,
            behind,
        })
    }

    /// Where the answer goes: back to where the request came from, at the port that the sender asked for.
    pub(super) fn destination(&self, source: SocketAddr) -> SocketAddr {
        if self.has("rport") {
            return source;
        }
        SocketAddr::new(source.ip(), self.port.unwrap_or(DEFAULT_PORT))
    }

    /// Writes the field, with `received` and `rport` as they were seen.
    pub(super) fn write(&self, source: SocketAddr, out: &mut Vec<u8>) {
        super::response::put(out, self.head);
        for parameter in self.each() {
            let name = name_of(parameter);
            if !name.eq_ignore_ascii_case(b"received") && !name.eq_ignore_ascii_case(b"rport") {
                out.push(b';');
                super::response::put(out, parameter);
            }
        }
        let has_rport = self.has("rport");
        if has_rport || !self.host_is(source.ip()) {
            // Writing to a Vec cannot fail.
            let _ = write!(out, ";received={}", source.ip());
        }
        if has_rport {
            let _ = write!(out, ";rport={}", source.port());
        }
        super::response::put(out, self.behind);
    }

    fn each(&self) -> impl Iterator<Item = &'a [u8]> {
        self.parameters
            .split(|byte| *byte == b';')
            .filter(|parameter| !parameter.trim_ascii().is_empty())
    }

    fn has(&self, name: &str) -> bool {
        self.each()
            .any(|parameter| name_of(parameter).eq_ignore_ascii_case(name.as_bytes()))
    }

    fn host_is(&self, source: IpAddr) -> bool {
        let host = self
            .host
            .strip_prefix(b"[")
            .and_then(|host| host.strip_suffix(b"]"))
            .unwrap_or(self.host);
        std::str::from_utf8(host).ok().and_then(|host| host.parse().ok()) == Some(source)
    }
}

fn name_of(parameter: &[u8]) -> &[u8] {
    parameter
        .split(|byte| *byte == b'=')
        .next()
        .unwrap_or_default()
        .trim_ascii()
}

/// Splits `host`, `host:port`, `[v6]` or `[v6]:port`.
fn split_port(sent_by: &[u8]) -> Option<(&[u8], Option<u16>)> {
    let host_end = match sent_by.iter().position(|byte| *byte == b']') {
        Some(bracket) => bracket + 1,
        None => sent_by
            .iter()
            .position(|byte| *byte == b':')
            .unwrap_or(sent_by.len()),
    };
    let (host, rest) = sent_by.split_at(host_end);
    if host.is_empty() {
        return None;
    }
    match rest.strip_prefix(b":") {
        None if rest.is_empty() => Some((host, None)),
        None => None,
        Some(port) => Some((host, Some(std::str::from_utf8(port).ok()?.parse().ok()?))),
    }
}
