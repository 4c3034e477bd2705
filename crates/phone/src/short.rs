//! Short numbers: those that begin with 1, and 999. The table is `data/short_codes.csv`.

use std::sync::OnceLock;

use crate::class::Class;
use crate::number::PhoneNumber;
use crate::prefix;
use crate::resolve::Refused;
use crate::table::{Fit, Pattern, rows};

#[derive(Clone, Copy)]
enum Means {
    Number(Class),
    Refuse(Refused),
}

fn table() -> &'static [(Pattern, Means)] {
    static TABLE: OnceLock<Vec<(Pattern, Means)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let row = |cells: Vec<&'static str>| {
            let means = match *cells.get(1)? {
                "onward-dialler" => Means::Refuse(Refused::OnwardDialler),
                "service-code" => Means::Refuse(Refused::ServiceCode),
                class => Means::Number(Class::from_word(class)?),
            };
            Some((Pattern::new(cells[0]), means))
        };
        rows(include_str!("../data/short_codes.csv"))
            .filter_map(row)
            .collect()
    })
}

/// Reads a short number, from which all prefixes are stripped.
pub(crate) fn short(dialled: &[u8]) -> Result<(PhoneNumber, Class), Refused> {
    let found = table()
        .iter()
        .map(|(pattern, means)| (*pattern, pattern.fit(dialled), *means))
        .find(|(pattern, fit, _)| *fit == Fit::Whole || (pattern.is_open() && *fit != Fit::Not));
    match found {
        Some((_, Fit::Whole, Means::Number(class))) => {
            let number = PhoneNumber::from_parts("", dialled).ok_or(Refused::TooLong)?;
            Ok((number, class))
        }
        Some((_, Fit::Whole, Means::Refuse(refused))) => Err(refused),
        Some((_, Fit::Shorter, _)) => Err(Refused::TooShort),
        Some(_) => Err(Refused::TooLong),
        None if prefix::is_alone(dialled) => Err(Refused::ServiceCode),
        None => Err(Refused::Unresolvable),
    }
}
