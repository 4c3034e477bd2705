//! Numbers outside +44: their country, lengths and price are libphonenumber's to know.

use rlibphonenumber::{
    NumberLengthType, PhoneNumber as Parsed, PhoneNumberFormat, PhoneNumberType, ValidationError,
};

use crate::class::Class;
use crate::number::PhoneNumber;
use crate::resolve::Refused;

/// Numbers of one country by which another country's telephones are reached, so that one telephone would
/// have two numbers: Northern Ireland as Ireland dials it (+44 28), San Marino through Italy (+378 0549),
/// Palestinian mobiles through Israel (+970 56 and 59).
/// Source: the national plans of Ireland, Italy and Israel, ITU-T E.164.
const ALIASES: [&[u8]; 4] = [b"35348", b"390549", b"97256", b"97259"];

/// Digits with their country code, without any prefix.
pub(crate) fn international(digits: &[u8]) -> Result<(PhoneNumber, Class), Refused> {
    // E.164: at most fifteen digits.
    if digits.len() > 15 {
        return Err(Refused::TooLong);
    }
    if ALIASES.iter().any(|alias| digits.starts_with(alias)) {
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
    // A trunk 0 behind the country code, or anything else that the library would change: two strings
    // would be one number.
    if parsed.format_as(PhoneNumberFormat::E164) != number.expose() {
        return Err(Refused::Unresolvable);
    }
    let class = match parsed.get_type() {
        PhoneNumberType::PremiumRate | PhoneNumberType::SharedCost => Class::InternationalPremium,
        _ => Class::International,
    };
    Ok((number, class))
}

/// Whether the library knows the number's range and its length there.
fn is_valid(number: &PhoneNumber) -> bool {
    Parsed::parse(number.expose(), None).is_ok_and(|parsed| parsed.is_valid())
}
