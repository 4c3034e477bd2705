//! Numbers inside +44. The ranges are `data/uk_ranges.csv`; lengths are strict, because a network may
//! ignore trailing digits and so make two strings one number.

use std::sync::OnceLock;

use crate::class::Class;
use crate::number::PhoneNumber;
use crate::resolve::{AreaCode, Refused};
use crate::table::rows;

/// Area codes, without their 0, in which a local number cannot be dialled without its code.
fn closed() -> &'static [&'static str] {
    static CLOSED: OnceLock<Vec<&'static str>> = OnceLock::new();
    CLOSED.get_or_init(|| {
        rows(include_str!("../data/closed_areas.csv"))
            .map(|cells| cells[0])
            .collect()
    })
}

/// Leading digits by which a number's range is looked up.
const LOOKED_UP_DIGITS: usize = 4;

#[derive(Clone, Copy)]
struct Range {
    class: Class,
    /// Bit n is set where a number of n digits exists.
    lengths: u16,
}

/// By the first four digits of the national number.
fn ranges() -> &'static [Option<Range>] {
    static RANGES: OnceLock<Vec<Option<Range>>> = OnceLock::new();
    RANGES.get_or_init(|| {
        let rows = rows(include_str!("../data/uk_ranges.csv"));
        let mut rows: Vec<(&str, Range)> = rows.filter_map(|cells| range(&cells)).collect();
        rows.sort_by_key(|(prefix, _)| prefix.len());
        let mut ranges = vec![None; 10_usize.pow(LOOKED_UP_DIGITS as u32)];
        for (prefix, range) in rows {
            let span = 10_usize.pow((LOOKED_UP_DIGITS - prefix.len()) as u32);
            let first = prefix.parse::<usize>().unwrap_or_default() * span;
            ranges[first..first + span].fill(Some(range));
        }
        ranges
    })
}

fn range(cells: &[&'static str]) -> Option<(&'static str, Range)> {
    let (prefix, class, lengths) = (*cells.first()?, Class::from_word(cells.get(1)?)?, cells.get(2)?);
    let lengths = lengths.split('|').filter_map(|length| length.parse::<u16>().ok());
    Some((
        prefix,
        Range {
            class,
            lengths: lengths.fold(0, |bits, length| bits | 1 << length),
        },
    ))
}

/// A national significant number: the digits without the leading 0.
pub(crate) fn national(digits: &[u8]) -> Result<(PhoneNumber, Class), Refused> {
    if digits.len() < LOOKED_UP_DIGITS {
        return Err(Refused::TooShort);
    }
    let start = value_of(&digits[..LOOKED_UP_DIGITS]);
    let range = ranges()[start as usize].ok_or(Refused::Unresolvable)?;
    let longest = 15 - range.lengths.leading_zeros() as usize;
    match digits.len() {
        length if length > longest => Err(Refused::TooLong),
        _ if is_overdialled(digits) => Err(Refused::TooLong),
        length if range.lengths & (1 << length) == 0 => Err(Refused::TooShort),
        _ if !is_plausible(digits) => Err(Refused::Unresolvable),
        _ => {
            let number = PhoneNumber::from_parts("+44", digits);
            Ok((number.ok_or(Refused::TooLong)?, range.class))
        }
    }
}

/// Whether the range of a national number of ten digits has numbers of nine as well.
pub(crate) fn has_nine_digits(national: &[u8]) -> bool {
    let range = national
        .get(..LOOKED_UP_DIGITS)
        .and_then(|start| ranges()[value_of(start) as usize]);
    national.len() == 10 && range.is_some_and(|range| range.lengths & (1 << 9) != 0)
}

/// Whether digits follow a number that is already complete, in a range that also has longer numbers: a
/// network may ring after the complete number, so that both strings would reach one telephone.
fn is_overdialled(digits: &[u8]) -> bool {
    let in_block = |block: u32| {
        let after = nine_digits().partition_point(|(from, _)| *from <= block);
        after > 0 && block <= nine_digits()[after - 1].1
    };
    match digits.len() {
        // Blocks of nine digits are geographic.
        10 if digits[0] == b'1' => in_block(value_of(&digits[..BLOCK_DIGITS])),
        8.. => digits.starts_with(CHILDLINE),
        _ => false,
    }
}

/// 0800 1111, after which no number is longer.
const CHILDLINE: &[u8] = b"8001111";

/// Digits by which a block of nine-digit numbers is known.
const BLOCK_DIGITS: usize = 6;

/// The blocks of `data/nine_digits.csv`, first and last, in rising order.
fn nine_digits() -> &'static [(u32, u32)] {
    static BLOCKS: OnceLock<Vec<(u32, u32)>> = OnceLock::new();
    BLOCKS.get_or_init(|| {
        let block = |cells: Vec<&str>| Some((cells.first()?.parse().ok()?, cells.get(1)?.parse().ok()?));
        rows(include_str!("../data/nine_digits.csv"))
            .filter_map(block)
            .collect()
    })
}

fn value_of(digits: &[u8]) -> u32 {
    digits
        .iter()
        .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
}

/// The two seven-digit numbers of old: 0800 1111 and 0845 46 4x.
fn is_plausible(digits: &[u8]) -> bool {
    digits.len() != 7 || digits == b"8001111" || digits.starts_with(b"845464")
}

/// A local number, dialled without its area code.
pub(crate) fn local(digits: &[u8], area: Option<AreaCode>) -> Result<(PhoneNumber, Class), Refused> {
    let area = area.ok_or(Refused::LocalClosed)?;
    let code = &area.as_bytes()[1..];
    if closed().iter().any(|closed| closed.as_bytes() == code) {
        return Err(Refused::LocalClosed);
    }
    let mut whole = [0; 16];
    let length = code.len() + digits.len();
    whole[..code.len()].copy_from_slice(code);
    whole[code.len()..length].copy_from_slice(digits);
    national(&whole[..length])
}
