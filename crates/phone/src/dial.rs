//! One line of the batch form: what was dialled, and what became of it.

use serde::Serialize;

use crate::allocations::Allocations;
use crate::class::Class;
use crate::number::PhoneNumber;
use crate::resolve::{AreaCode, Refused, Resolved, resolve};

/// The answer to one dialled string. It serialises as
/// `{"dialled":"141 07700 900123","number":"+447700900123","class":"mobile"}` or as
/// `{"dialled":"*21*","refused":"service-code"}`.
#[derive(Serialize)]
pub struct Dialled<'a> {
    dialled: &'a str,
    #[serde(flatten)]
    became: Became,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Became {
    Number {
        #[serde(with = "crate::number::exposed")]
        number: PhoneNumber,
        class: Class,
    },
    Refused {
        refused: Refused,
    },
}

/// Resolves one dialled string, as it came, for the batch form. `area` is the area code of the place where
/// it was dialled; with `allocations`, a number that they know to be nobody's is refused.
pub fn dial_line<'a>(
    dialled: &'a str,
    area: Option<AreaCode>,
    allocations: Option<&Allocations>,
) -> Dialled<'a> {
    let confirmed = |resolved: Resolved| {
        allocations.map_or(Ok(()), |known| known.confirm(&resolved.number))?;
        Ok(resolved)
    };
    let became = match resolve(dialled, area).and_then(confirmed) {
        Ok(resolved) => Became::Number {
            number: resolved.number,
            class: resolved.class.in_batch(),
        },
        Err(refused) => Became::Refused { refused },
    };
    Dialled { dialled, became }
}
