//! The Request-URI of a call, taken apart.

use crate::resolve::{AreaCode, MAX_DIALLED_BYTES, Refused, Resolved, resolve_bytes};

/// Whether the text is a URI that [`resolve_request_uri`] reads.
pub(crate) fn has_scheme(text: &[u8]) -> bool {
    scheme(text).is_some()
}

/// Splits `sip:`, `sips:` or `tel:` off.
fn scheme(text: &[u8]) -> Option<(bool, &[u8])> {
    [("sips:", false), ("sip:", false), ("tel:", true)]
        .into_iter()
        .find_map(|(scheme, is_tel)| {
            let (head, rest) = text.split_at_checked(scheme.len())?;
            head.eq_ignore_ascii_case(scheme.as_bytes())
                .then_some((is_tel, rest))
        })
}

/// Resolves the number in a SIP, SIPS or tel URI. Of the parameters of the number only a `phone-context` of
/// +44 is understood; any other (`ext`, `postd`, `isub` ...) would change what is dialled, and refuses.
pub fn resolve_request_uri(uri: &[u8], area: Option<AreaCode>) -> Result<Resolved, Refused> {
    if !uri.is_ascii() {
        return Err(Refused::NotAscii);
    }
    let (is_tel, rest) = scheme(uri).ok_or(Refused::Unresolvable)?;
    let user = if is_tel {
        rest
    } else {
        let at = rest
            .iter()
            .position(|byte| *byte == b'@')
            .ok_or(Refused::Unresolvable)?;
        if rest[at + 1..].iter().any(|byte| matches!(byte, b'?' | b'@')) {
            return Err(Refused::Unresolvable);
        }
        &rest[..at]
    };
    let mut parts = user.split(|byte| *byte == b';');
    let number = parts.next().unwrap_or_default();
    let mut in_country = false;
    for parameter in parts {
        in_country = is_uk_context(parameter)
            .then_some(true)
            .ok_or(Refused::Unresolvable)?;
    }
    let mut room = [0; MAX_DIALLED_BYTES + 3];
    let number = decode(number, in_country, &mut room)?;
    resolve_bytes(number, area)
}

fn is_uk_context(parameter: &[u8]) -> bool {
    parameter.eq_ignore_ascii_case(b"phone-context=+44")
}

/// Decodes percent escapes into `room`, behind `+44` where the context says so and the number does not.
fn decode<'a>(
    number: &[u8],
    in_country: bool,
    room: &'a mut [u8; MAX_DIALLED_BYTES + 3],
) -> Result<&'a [u8], Refused> {
    let mut length = 0;
    if in_country && !number.starts_with(b"+") && !number.starts_with(b"%2B") && !number.starts_with(b"%2b") {
        room[..3].copy_from_slice(b"+44");
        length = 3;
    }
    let mut at = 0;
    while at < number.len() {
        let byte = match number[at] {
            b'%' => {
                at += 2;
                escaped(number, at)?
            }
            byte => byte,
        };
        at += 1;
        *room.get_mut(length).ok_or(Refused::TooLong)? = byte;
        length += 1;
    }
    Ok(&room[..length])
}

/// The byte whose second hexadecimal digit stands at `at`.
fn escaped(number: &[u8], at: usize) -> Result<u8, Refused> {
    let digit = |at: usize| number.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (Some(high), Some(low)) = (digit(at - 1), digit(at)) else {
        return Err(Refused::Unresolvable);
    };
    let byte = (high * 16 + low) as u8;
    if byte.is_ascii() {
        Ok(byte)
    } else {
        Err(Refused::NotAscii)
    }
}
