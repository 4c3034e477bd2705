//! Dialled strings and Request-URIs.

use phone::{AreaCode, PhoneNumber, Refused, Resolved, resolve, resolve_request_uri};

/// Digits at the end that a number shares with what was dialled, if it has so many behind its country code.
const LAST: usize = 6;
/// Digits of the longest country code.
const COUNTRY: usize = 3;

/// A dialled string, from a place with local dialling and from one without.
pub(crate) fn dialled(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let leeds: Option<AreaCode> = "0113".parse().ok();
    assert!(leeds.is_some());
    let (at_home, nowhere) = (resolve(text, leeds), resolve(text, None));
    let typed = if text.contains(':') {
        decoded(user_of(bytes))
    } else {
        bytes.to_vec()
    };
    for resolved in [at_home, nowhere] {
        holds(resolved, &typed);
    }
    if let Ok(resolved) = nowhere {
        assert_eq!(at_home, Ok(resolved), "a whole number depends on no place");
    }
    if let (Ok(resolved), Err(refused)) = (at_home, nowhere) {
        assert_eq!(refused, Refused::LocalClosed);
        assert!(resolved.number.expose().starts_with("+44113"));
    }
    // A sign that is cleaned away changes nothing; a URI has no such place at its end.
    let trimmed = text.trim_ascii();
    if !text.contains(':') && trimmed.len() < phone::MAX_DIALLED_BYTES {
        assert_eq!(nowhere, resolve(&format!("{trimmed}-"), None));
    }
}

/// The Request-URI of a call.
pub(crate) fn request_uri(bytes: &[u8]) {
    let resolved = resolve_request_uri(bytes, None);
    holds(resolved, &decoded(user_of(bytes)));
    if let Ok(resolved) = resolved {
        let tel = format!("tel:{}", resolved.number.expose());
        let is_short = !resolved.number.expose().starts_with('+');
        let again = resolve_request_uri(tel.as_bytes(), None);
        assert!(is_short || again.is_ok_and(|again| again.number == resolved.number));
    }
}

/// What resolves is canonical, resolves to itself, and ends as the digits do that were dialled.
fn holds(resolved: Result<Resolved, Refused>, dialled: &[u8]) {
    let Ok(Resolved { number, class, .. }) = resolved else {
        return;
    };
    let canonical = number.expose();
    let again = resolve(canonical, None).map(|again| (again.number, again.class));
    assert_eq!(again, Ok((number, class)), "what resolves resolves to itself");
    assert_eq!(PhoneNumber::parse_canonical(canonical), Ok(number));
    let dialled: Vec<u8> = dialled.iter().copied().filter(u8::is_ascii_digit).collect();
    let (digits, country) = canonical
        .strip_prefix('+')
        .map_or((canonical, 0), |digits| (digits, COUNTRY));
    let digits = digits.as_bytes();
    let last = LAST.min(digits.len().saturating_sub(country));
    assert!(
        dialled.ends_with(&digits[digits.len() - last..]),
        "the number ends otherwise than what was dialled"
    );
}

/// A URI without its host and parameters.
fn user_of(uri: &[u8]) -> &[u8] {
    uri.split(|byte| matches!(byte, b'@' | b';'))
        .next()
        .unwrap_or_default()
}

/// Percent escapes read, as plainly as can be.
fn decoded(user: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = user;
    while let Some((first, after)) = rest.split_first() {
        let escaped = (*first == b'%' && after.len() >= 2)
            .then(|| std::str::from_utf8(&after[..2]).ok())
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    out
}
