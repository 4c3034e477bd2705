//! What becomes of each number and address of a request, each on its own.

use casework::{BarTarget, ContactRequest, Personal, RuleOutcome, Ruling, WrittenAddress};
use phone::{Class, PhoneNumber};

use super::AskWhy;
use crate::always_allowed::AlwaysAllowedNumbers;
use crate::store::{ScreenedTarget, Wanted};

/// Screens everything that a request names. A number that cannot be resolved or an address that cannot be
/// read goes back to the referrer and stops none of the others.
pub(super) fn screen(
    request: &ContactRequest,
    ruling: &Ruling,
    always_allowed: &AlwaysAllowedNumbers,
) -> Vec<ScreenedTarget> {
    let complete = request.lacks().is_empty();
    let screener = Screener {
        complete,
        outcome: ruling.outcome,
        always_allowed,
    };
    let mut targets = Vec::new();
    for (at, person) in request.people.iter().enumerate() {
        for (n, number) in person
            .numbers
            .iter()
            .enumerate()
            .filter(|(_, number)| !number.is_blank())
        {
            targets.push(screener.number(number.expose(), format!("people[{at}].numbers[{n}]")));
        }
        let addresses = person.addresses.iter().enumerate();
        for (n, address) in addresses.filter(|(_, address)| !address.lines.is_blank()) {
            targets.push(screener.address(address, format!("people[{at}].addresses[{n}]")));
        }
        for (n, _) in person
            .emails
            .iter()
            .enumerate()
            .filter(|(_, email)| !email.is_blank())
        {
            targets.push(asked(AskWhy::EmailNotBarred, format!("people[{at}].emails[{n}]")));
        }
    }
    targets
}

struct Screener<'a> {
    complete: bool,
    outcome: RuleOutcome,
    always_allowed: &'a AlwaysAllowedNumbers,
}

impl Screener<'_> {
    fn number(&self, written: &str, position: String) -> ScreenedTarget {
        match read_number(written, self.always_allowed) {
            Ok(number) => self.screened(BarTarget::Number(number), position),
            Err(why) => asked(why, position),
        }
    }

    fn address(&self, written: &WrittenAddress, position: String) -> ScreenedTarget {
        match read_address(written) {
            Ok(()) => self.screened(BarTarget::Address(written.clone()), position),
            Err(why) => asked(why, position),
        }
    }

    fn screened(&self, target: BarTarget, position: String) -> ScreenedTarget {
        let wanted = match (self.complete, self.outcome) {
            (false, _) | (true, RuleOutcome::HandlerFirst) => Wanted::HandlerFirst,
            (true, RuleOutcome::AtOnce) => Wanted::Bar,
        };
        ScreenedTarget {
            target: Some(target),
            wanted,
            position,
        }
    }
}

/// The number that is written, if it can be barred. It depends on what is written and on the always-allowed list
/// alone, so that anybody may be told.
pub(crate) fn read_number(
    written: &str,
    always_allowed: &AlwaysAllowedNumbers,
) -> Result<PhoneNumber, AskWhy> {
    let resolved = phone::resolve(written, None).map_err(|_| AskWhy::NumberNotResolved)?;
    if always_allowed.contains(&resolved.number) {
        return Err(AskWhy::AlwaysAllowed);
    }
    if resolved.class == Class::Emergency {
        return Err(AskWhy::EmergencyNumber);
    }
    Ok(resolved.number)
}

/// Whether an address can be barred. It depends on what is written alone.
pub(crate) fn read_address(written: &WrittenAddress) -> Result<(), AskWhy> {
    // A town or a house's name alone would stop other people's letters.
    match crate::mailroom::read_address(written) {
        Ok(_) if has_number_or_postcode(written) => Ok(()),
        Ok(_) | Err(_) => Err(AskWhy::AddressNotRead),
    }
}

/// A postcode holds a digit too, so that any digit will do.
fn has_number_or_postcode(written: &WrittenAddress) -> bool {
    let postcode = written.postcode.iter().map(Personal::expose);
    postcode
        .chain([written.lines.expose()])
        .any(|text| text.contains(|c: char| c.is_ascii_digit()))
}

fn asked(why: AskWhy, position: String) -> ScreenedTarget {
    ScreenedTarget {
        target: None,
        wanted: Wanted::AskReferrer(why.code()),
        position,
    }
}
