//! The Request-URI of a call, taken apart.

use crate::class::Class;
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
    let mut room = [0; MAX_DIALLED_BYTES + COUNTRY.len()];
    let number = decode(number, &mut room)?;
    match number.strip_prefix(COUNTRY) {
        // A number with a plus sign needs no context, and a short one is whole within its own.
        Some(alone) if !in_country || alone.starts_with(b"+") || is_short(alone) => {
            resolve_bytes(alone, area)
        }
        _ => resolve_bytes(number, area),
    }
}

/// What a `phone-context` of the UK puts before a number.
const COUNTRY: &[u8] = b"+44";

/// No short number has more than six digits; a longer one may be a prefix's and an area code's as well.
fn is_short(number: &[u8]) -> bool {
    let class = resolve_bytes(number, None).map(|resolved| resolved.class);
    number.len() <= 6 && matches!(class, Ok(Class::Short | Class::Emergency))
}

fn is_uk_context(parameter: &[u8]) -> bool {
    parameter.eq_ignore_ascii_case(b"phone-context=+44")
}

/// Decodes percent escapes into `room`, behind the country code of the UK.
fn decode<'a>(
    number: &[u8],
    room: &'a mut [u8; MAX_DIALLED_BYTES + COUNTRY.len()],
) -> Result<&'a [u8], Refused> {
    room[..COUNTRY.len()].copy_from_slice(COUNTRY);
    let mut length = COUNTRY.len();
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
