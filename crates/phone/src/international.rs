//! Numbers outside +44: their country, lengths and price are libphonenumber's to know.

use std::sync::OnceLock;

use rlibphonenumber::{
    NumberLengthType, PhoneNumber as Parsed, PhoneNumberFormat, PhoneNumberType, ValidationError,
};

use crate::class::Class;
use crate::number::PhoneNumber;
use crate::resolve::Refused;
use crate::table::rows;

/// Beginnings by which another country's telephones are reached, so that one telephone would have two numbers.
fn aliases() -> &'static [&'static str] {
    static ALIASES: OnceLock<Vec<&'static str>> = OnceLock::new();
    ALIASES.get_or_init(|| {
        rows(include_str!("../data/aliases_abroad.csv"))
            .map(|cells| cells[0])
            .collect()
    })
}

/// Digits with their country code, without any prefix.
pub(crate) fn international(digits: &[u8]) -> Result<(PhoneNumber, Class), Refused> {
    // E.164: at most fifteen digits.
    if digits.len() > 15 {
        return Err(Refused::TooLong);
    }
    if aliases().iter().any(|alias| digits.starts_with(alias.as_bytes())) {
        return Err(Refused::Unresolvable);
    }
    let number = PhoneNumber::from_parts("+", digits).ok_or(Refused::Unresolvable)?;
    let parsed = Parsed::parse(number.expose(), None).map_err(|_| Refused::Unresolvable)?;
    match parsed.is_possible_with_reason() {
        Ok(NumberLengthType::IsPossible) => {}
        Ok(NumberLengthType::IsPossibleLocalOnly) | Err(ValidationError::TooShort) => {
            return Err(Refused::TooShort);
        }
        Err(ValidationError::TooLong) => return Err(Refused::TooLong),
        Err(_) => return Err(Refused::Unresolvable),
    }
    if !parsed.is_valid() && number.beginnings().any(|shorter| is_valid(&shorter)) {
        return Err(Refused::TooLong);
    }
    let canonical = parsed.format_as(PhoneNumberFormat::E164);
    if canonical != number.expose() {
        return without_trunk_zero(digits, &canonical);
    }
    let class = match parsed.get_type() {
        PhoneNumberType::PremiumRate | PhoneNumberType::SharedCost => Class::InternationalPremium,
        _ => Class::International,
    };
    Ok((number, class))
}

/// People write the bracketed 0 of another country's numbers too, as `+33 (0)1`. Where the library takes out that one
/// digit and nothing else, the number is the one without it. Anything else that the library would change is refused:
/// two strings would be one number.
fn without_trunk_zero(digits: &[u8], canonical: &str) -> Result<(PhoneNumber, Class), Refused> {
    let shorter = canonical.as_bytes().get(1..).unwrap_or_default();
    let differs = digits.iter().zip(shorter).position(|(given, kept)| given != kept);
    match differs {
        // Country codes have one to three digits.
        Some(at @ 1..=3) if digits[at] == b'0' && digits[at + 1..] == shorter[at..] => international(shorter),
        _ => Err(Refused::Unresolvable),
    }
}

/// Whether the library knows the number's range and its length there.
fn is_valid(number: &PhoneNumber) -> bool {
    Parsed::parse(number.expose(), None).is_ok_and(|parsed| parsed.is_valid())
}
