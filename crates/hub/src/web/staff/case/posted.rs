//! A form that was posted from the page of a case, and how it is answered: with a redirect to the part of the page that
//! it changed, or with the page and what is wrong beside its field.

use std::sync::Arc;

use axum::Form as Sent;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::response::{IntoResponse, Response};
use casework::{CaseId, ProposedChange, Reference};
use pages::FieldErrors;

use super::{Form, Shown, show};
use crate::error::HubError;
use crate::store::{CaseKey, StoreError};
use crate::web::site::{PageError, Site};
use crate::web::staff::desk::{Answer, Desk, Told};
use crate::web::staff::done;
use crate::web::staff::fields::Fields;
use crate::web::staff::refusal;

/// The form, the case that it belongs to, and what is found wrong with it.
pub(super) struct Posted {
    pub(super) desk: Desk,
    pub(super) case: CaseId,
    pub(super) fields: Fields,
    pub(super) errors: FieldErrors,
    reference: Reference,
    form: Form,
}

impl Posted {
    /// The same, for a form that stands open when the page shows it again.
    pub(super) fn in_form(self, form: Form) -> Self {
        Self { form, ..self }
    }

    /// The case, as a page asks for it.
    pub(super) fn key(&self) -> CaseKey {
        CaseKey::Id(self.case)
    }

    /// Back to a part of the case's page, which says what has been done.
    pub(super) fn done(&self, part: &str, code: &'static str) -> Response {
        done(&format!("/cases/{}#{part}", self.reference), code)
    }

    /// The page again, with what to mend.
    pub(super) async fn again(self) -> Answer {
        let key = self.key();
        let shown = Shown {
            told: Told::mend(self.fields, self.errors),
            form: self.form,
            ..Shown::default()
        };
        show(&self.desk, key, shown).await
    }

    /// Answers a verb: with the part of the page and what has been done there, or with the page and why the store
    /// refused, beside `field`.
    pub(super) async fn answer(
        mut self,
        outcome: Result<(&str, &'static str), StoreError>,
        field: &str,
    ) -> Answer {
        match outcome {
            Ok((part, code)) => Ok(self.done(part, code)),
            Err(error) => {
                let sentence = refusal::sentence(&error).ok_or(error)?;
                self.errors.add(field.to_owned(), sentence);
                self.again().await
            }
        }
    }

    /// Proposes to a second person, with the reason that was typed; without one says so beside `field`.
    pub(super) async fn propose(mut self, change: ProposedChange, field: &str) -> Answer {
        let missing = "staff-error-reason";
        let Some(reason) = self.fields.words("reason", field, missing, &mut self.errors) else {
            return self.again().await;
        };
        let desk = &self.desk;
        let proposed = desk.store().propose(&desk.actor, change, reason.expose()).await;
        self.answer(proposed.map(|_| ("decision", "proposed")), field)
            .await
    }
}

impl FromRequest<Arc<Site>> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let desk = Desk::from_request_parts(&mut parts, site)
            .await
            .map_err(IntoResponse::into_response)?;
        let Path(named) = Path::<String>::from_request_parts(&mut parts, site)
            .await
            .map_err(IntoResponse::into_response)?;
        let Sent(fields) = Sent::<Fields>::from_request(Request::from_parts(parts, body), site)
            .await
            .map_err(IntoResponse::into_response)?;
        let (reference, case) = named_case(&desk, &named)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(Self {
            desk,
            case,
            fields,
            errors: FieldErrors::new(),
            reference,
            form: Form::Other,
        })
    }
}

async fn named_case(desk: &Desk, named: &str) -> Result<(Reference, CaseId), PageError> {
    let reference: Reference = named.parse().map_err(|_| HubError::NotFound)?;
    let case = desk.store().case_of(&desk.actor, &reference).await?;
    Ok((reference, case.ok_or(HubError::NotFound)?))
}
