//! Numbers that ring a protected person and are not hers: recorded with who said so, and barred in the same step.

use std::sync::Arc;

use axum::Form as Sent;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::Personal;
use jiff::Timestamp;
use pages::{FieldErrors, Visit};
use serde::Serialize;

use super::{Form, Posted, Shown, refused, show};
use crate::intake::{AskWhy, read_number};
use crate::store::{Added, AliasNumber, CaseFile, RecordedAlias};
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};
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
pub(super) async fn add(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(named): Path<String>,
    Sent(fields): Sent<Fields>,
) -> Result<Response, PageError> {
    let posted = Posted::find(&site, &actor, &named).await?;
    let mut errors = FieldErrors::new();
    let Some(alias) = read(&site, &fields, &mut errors) else {
        let again = Shown::again(Form::Other, fields, errors);
        return show(&site, &visit, &actor, posted.key(), again).await;
    };
    match site.hub.store.add_alias_number(&actor, posted.case, &alias).await {
        Ok(Added::Barred(_)) => Ok(posted.done("proof", "added")),
        Ok(Added::Held(_)) => Ok(posted.done("targets", "added-held")),
        Err(error) => {
            let form = (&posted, Form::Other, fields);
            refused(&site, &visit, &actor, form, ("alias-number", error)).await
        }
    }
}

fn read(site: &Site, fields: &Fields, errors: &mut FieldErrors) -> Option<AliasNumber> {
    let number = match read_number(fields.text("alias-number"), &site.hub.always_allowed) {
        Ok(number) => Some(number),
        Err(why) => {
            let sentence = match why {
                AskWhy::AlwaysAllowed => "targets-error-always",
                AskWhy::EmergencyNumber => "targets-error-emergency",
                _ => "targets-error-number",
            };
            errors.add("alias-number", sentence);
            None
        }
    };
    let rings = fields.words("alias-rings", "alias-rings", "aliases-error-whom", errors);
    let said_by = fields.words("alias-said-by", "alias-said-by", "aliases-error-said-by", errors);
    Some(AliasNumber {
        number: number?,
        rings: rings?,
        said_by: said_by?,
    })
}
