//! What the form of a letter on the shelf says of it: what becomes of it, on whose authority, and whether he was told.

use pages::FieldErrors;
use uuid::Uuid;

use super::fields::Fields;
use crate::error::HubError;
use crate::store::{LetterRuling, PrisonAuthority, Ruled, Told};
use crate::web::site::PageError;

/// The ruling, or what is to be mended, each beside its field of this letter's form.
pub(super) fn read(
    fields: &Fields,
    letter: Uuid,
    errors: &mut FieldErrors,
) -> Result<Option<LetterRuling>, PageError> {
    let id = |field: &str| format!("{field}-{letter}");
    let ruled = match fields.text("decision") {
        "post" => Some(Ruled::Post),
        "return" => {
            let knew = fields.words("knew", &id("knew"), "letters-error-knew", errors);
            let told = told(fields, &id, errors);
            knew.zip(told)
                .map(|(already_knew, told)| Ruled::Return { already_knew, told })
        }
        "evidence" => told(fields, &id, errors).map(|told| Ruled::Evidence { told }),
        "" => {
            errors.add(id("decision"), "letters-error-decision");
            None
        }
        _ => return Err(PageError(HubError::NotFound)),
    };
    let authority = if fields.has("authority") {
        let office = serde_json::from_value(fields.text("office").into()).ok();
        if office.is_none() {
            errors.add(id("office"), "letters-error-office");
        }
        let name = fields.words(
            "authority",
            &id("authority"),
            "letters-error-authority-name",
            errors,
        );
        office
            .zip(name)
            .map(|(office, name)| PrisonAuthority { office, name })
    } else {
        None
    };
    let ruling = ruled.map(|ruled| LetterRuling { ruled, authority });
    Ok(ruling.filter(|_| errors.is_empty()))
}

fn told(fields: &Fields, id: &impl Fn(&str) -> String, errors: &mut FieldErrors) -> Option<Told> {
    match fields.text("told") {
        "yes" => Some(Told::Yes),
        "no" => {
            let why = fields.words("why-not", &id("why-not"), "letters-error-why-not", errors);
            why.map(Told::No)
        }
        _ => {
            errors.add(id("told"), "letters-error-told");
            None
        }
    }
}
