//! From a dialled string to a number.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::class::Class;
use crate::number::PhoneNumber;
use crate::short::short;
use crate::{international, prefix, uk, uri};

/// The longest string that is looked at, in bytes. The longest sensible one, an international number behind
/// a few prefixes and generous spacing, has about 40.
pub const MAX_DIALLED_BYTES: usize = 64;

/// What was dialled, resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The number.
    pub number: PhoneNumber,
    /// Its class.
    pub class: Class,
    /// What the stripped prefixes asked for.
    pub service: Service,
}

/// What service prefixes asked of the network, as far as the trunk must be asked too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// 141: withhold the caller's number.
    pub withhold: bool,
    /// 18001 or 18002: through the text relay.
    pub relay: bool,
}

/// Why what was dialled is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Refused {
    /// Nothing was dialled.
    #[error("nothing was dialled")]
    Empty,
    /// Digits or signs of another script.
    #[error("there are characters other than those of a telephone keypad")]
    NotAscii,
    /// Not a form of any number that is known for certain.
    #[error("this is not a phone number")]
    Unresolvable,
    /// A star or hash code, or a number that only sets something at the exchange.
    #[error("this is a service code, not a number")]
    ServiceCode,
    /// Connects the caller onwards to any number.
    #[error("this connects onwards to other numbers")]
    OnwardDialler,
    /// Digits are missing.
    #[error("there are too few digits")]
    TooShort,
    /// There are digits too many; a network may ignore them.
    #[error("there are too many digits")]
    TooLong,
    /// A local number where none can be dialled, or from a place whose area code is not known.
    #[error("a number without its area code cannot be dialled from here")]
    LocalClosed,
}

/// An area code with its leading 0, as `0113`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AreaCode {
    text: [u8; 6],
    bytes: u8,
}

/// The text is not an area code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an area code begins with 01 or 02 and has three to six digits, as 0113")]
pub struct NotAnAreaCode;

impl AreaCode {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.text[..usize::from(self.bytes)]
    }
}

impl FromStr for AreaCode {
    type Err = NotAnAreaCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        let well_formed = (3..=6).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
        if !well_formed || !(code.starts_with("01") || code.starts_with("02")) {
            return Err(NotAnAreaCode);
        }
        let mut text = [0; 6];
        text[..code.len()].copy_from_slice(code.as_bytes());
        Ok(Self {
            text,
            bytes: code.len() as u8,
        })
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AreaCode({})", String::from_utf8_lossy(self.as_bytes()))
    }
}

/// Resolves what was dialled. `area` is the area code of the place where it was dialled; without one a
/// number dialled without its code is refused.
pub fn resolve(dialled: &str, area: Option<AreaCode>) -> Result<Resolved, Refused> {
    if let Some(resolved) = plain(dialled.as_bytes()) {
        return resolved;
    }
    let trimmed = dialled.trim_ascii();
    if uri::has_scheme(trimmed.as_bytes()) {
        return uri::resolve_request_uri(trimmed.as_bytes(), area);
    }
    resolve_bytes(trimmed.as_bytes(), area)
}

/// The way most calls take: a national number of ten digits behind its 0 or +44, and nothing else. It leaves out
/// what [`resolve_bytes`] would find nothing to do for; a test holds the two to the same answer.
fn plain(dialled: &[u8]) -> Option<Result<Resolved, Refused>> {
    let national = match dialled {
        [b'0', b'1'..=b'9', ..] if dialled.len() == 11 => &dialled[1..],
        [b'+', b'4', b'4', b'1'..=b'9', ..] if dialled.len() == 13 => &dialled[3..],
        _ => return None,
    };
    national.iter().all(u8::is_ascii_digit).then(|| {
        let (number, class) = uk::national(national)?;
        Ok(Resolved {
            number,
            class,
            service: Service::default(),
        })
    })
}

pub(crate) fn resolve_bytes(dialled: &[u8], area: Option<AreaCode>) -> Result<Resolved, Refused> {
    if dialled.len() > MAX_DIALLED_BYTES {
        return Err(Refused::TooLong);
    }
    let mut room = [0; MAX_DIALLED_BYTES];
    let cleaned = clean(dialled, &mut room)?;
    if cleaned.iter().any(|byte| matches!(byte, b'*' | b'#')) {
        return Err(Refused::ServiceCode);
    }
    let prefix::Stripped {
        rest,
        service,
        by_carrier,
    } = prefix::strip(cleaned);
    let (number, class) = read(rest, area.filter(|_| !by_carrier))?;
    Ok(Resolved {
        number,
        class,
        service,
    })
}

/// Takes out spaces, hyphens, dots and brackets; refuses what no telephone keypad has.
fn clean<'a>(dialled: &[u8], room: &'a mut [u8; MAX_DIALLED_BYTES]) -> Result<&'a [u8], Refused> {
    let mut length = 0;
    let mut strange = false;
    for byte in dialled {
        match byte {
            b'0'..=b'9' | b'+' | b'*' | b'#' => {
                room[length] = *byte;
                length += 1;
            }
            b' ' | b'\t' | b'-' | b'.' | b'(' | b')' => {}
            0x80.. => return Err(Refused::NotAscii),
            _ => strange = true,
        }
    }
    match (strange, length) {
        (true, _) => Err(Refused::Unresolvable),
        (false, 0) => Err(Refused::Empty),
        (false, _) => Ok(&room[..length]),
    }
}

/// Reads digits, perhaps with a plus sign in front, from which all prefixes are stripped.
fn read(dialled: &[u8], area: Option<AreaCode>) -> Result<(PhoneNumber, Class), Refused> {
    if let Some(digits) = dialled.strip_prefix(b"+") {
        return with_country(digits);
    }
    if dialled.contains(&b'+') {
        return Err(Refused::Unresolvable);
    }
    match dialled {
        [b'0', b'0', digits @ ..] => with_country(digits),
        [b'0', digits @ ..] => uk::national(digits),
        [b'1', ..] | b"999" => short(dialled),
        [b'9', b'9', b'9', ..] => Err(Refused::Unresolvable),
        [b'4', b'4', rest @ ..] if rest.len() >= 9 => with_country(dialled),
        _ => match dialled.len() {
            0..=4 => Err(Refused::TooShort),
            5..=8 => uk::local(dialled, area),
            _ => Err(Refused::Unresolvable),
        },
    }
}

/// Digits that begin with a country code.
fn with_country(digits: &[u8]) -> Result<(PhoneNumber, Class), Refused> {
    if digits.contains(&b'+') {
        return Err(Refused::Unresolvable);
    }
    match digits {
        // The bracketed 0 of +44 (0), which is not part of the number.
        [b'4', b'4', b'0', national @ ..] | [b'4', b'4', national @ ..] => uk::national(national),
        [] => Err(Refused::TooShort),
        _ => international::international(digits),
    }
}
