//! Numbers that ring a protected person and are not hers: recorded with who said so, and barred in the same step.

use casework::Personal;
use jiff::Timestamp;
use pages::FieldErrors;
use serde::Serialize;

use super::Posted;
use super::targets::{added, number_of};
use crate::store::{AliasNumber, CaseFile, RecordedAlias};
use crate::web::site::Site;
use crate::web::staff::desk::Answer;
use crate::web::staff::fields::Fields;
use crate::web::staff::{Item, words};

/// One alias number as the page shows it.
#[derive(Serialize)]
pub(super) struct Alias {
    number: String,
    rings: Personal,
    said_by: Personal,
    at: Timestamp,
}

pub(super) fn shown(recorded: &RecordedAlias) -> Alias {
    let AliasNumber {
        number,
        rings,
        said_by,
    } = &recorded.alias;
    Alias {
        number: words::written(number),
        rings: rings.clone(),
        said_by: said_by.clone(),
        at: recorded.recorded_at,
    }
}

/// The people of a case, to choose from.
pub(super) fn people(file: &CaseFile) -> Vec<Item> {
    let people = file.requests.iter().flat_map(|filed| &filed.request.people);
    let mut names: Vec<String> = people.map(|person| person.name.expose().to_owned()).collect();
    names.dedup();
    let item = |name: String| Item {
        value: name.clone(),
        text: name,
    };
    names.into_iter().map(item).collect()
}

/// Records one and bars it.
pub(super) async fn add(mut posted: Posted) -> Answer {
    let Some(alias) = read(&posted.desk.site, &posted.fields, &mut posted.errors) else {
        return posted.again().await;
    };
    let desk = &posted.desk;
    let outcome = desk
        .store()
        .add_alias_number(&desk.actor, posted.case, &alias)
        .await;
    posted.answer(outcome.map(added), "alias-number").await
}

fn read(site: &Site, fields: &Fields, errors: &mut FieldErrors) -> Option<AliasNumber> {
    let number = number_of(site, fields.text("alias-number"), "alias-number", errors);
    let rings = fields.words("alias-rings", "alias-rings", "aliases-error-whom", errors);
    let said_by = fields.words("alias-said-by", "alias-said-by", "aliases-error-said-by", errors);
    Some(AliasNumber {
        number: number?,
        rings: rings?,
        said_by: said_by?,
    })
}
