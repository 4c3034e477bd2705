//! The assessment: on which ground, why it is needed and in proportion, whether she agrees, and when it is reviewed.

use casework::{Assessment, CaseState, Consent, Personal};
use jiff::civil::Date;
use jiff::tz::Offset;
use pages::FieldErrors;
use serde::Serialize;

use super::requests::said;
use super::{Form, Posted, Shown};
use crate::store::CaseFile;
use crate::web::staff::desk::Answer;
use crate::web::staff::fields::Fields;
use crate::web::staff::words;

/// The grounds to choose from.
pub(super) const GROUNDS: [&str; 5] = [
    "unwanted-contact",
    "court-order",
    "justice",
    "protection-of-others",
    "prevention-of-crime",
];

/// What she may be to the prisoner.
pub(super) const RELATIONSHIPS: [&str; 8] = [
    "partner",
    "former-partner",
    "child",
    "relative",
    "witness",
    "victim-of-offence",
    "other",
    "not-known",
];

/// Records the assessment.
pub(super) async fn assess(posted: Posted) -> Answer {
    let mut posted = posted.in_form(Form::Assess);
    let today = Offset::UTC
        .to_datetime(posted.desk.site.hub.seams.clock.now())
        .date();
    let Some(assessment) = read(&posted.fields, today, &mut posted.errors) else {
        return posted.again().await;
    };
    let desk = &posted.desk;
    let recorded = desk
        .store()
        .record_assessment(&desk.actor, posted.case, assessment)
        .await;
    posted
        .answer(recorded.map(|()| ("decision", "assessed")), "ground")
        .await
}

fn read(fields: &Fields, today: Date, errors: &mut FieldErrors) -> Option<Assessment> {
    let ground = fields.choice("ground", "assess-error-ground", errors);
    let necessity = fields.words("necessity", "necessity", "assess-error-necessity", errors);
    let missing = "assess-error-proportionality";
    let proportionality = fields.words("proportionality", "proportionality", missing, errors);
    let consent = consent(fields, errors);
    let relationship = fields.choice("relationship", "assess-error-relationship", errors);
    let review_on = fields.date("review").ok().flatten().filter(|date| *date > today);
    if review_on.is_none() {
        errors.add("review-day", "assess-error-review");
    }
    Some(Assessment {
        ground: ground?,
        necessity: necessity?,
        proportionality: proportionality?,
        consent: consent?,
        relationship: relationship?,
        review_on: review_on?,
    })
}

fn consent(fields: &Fields, errors: &mut FieldErrors) -> Option<Consent> {
    match fields.text("consent") {
        "given" => Some(Consent::Given),
        "absent" => {
            let missing = "assess-error-consent-reason";
            let reason = fields.words("consent-reason", "consent-reason", missing, errors);
            reason.map(|reason| Consent::Absent { reason })
        }
        _ => {
            errors.add("consent", "assess-error-consent");
            None
        }
    }
}

/// Whether the case can be assessed, or assessed anew, as it stands.
pub(super) fn can_assess(state: &CaseState) -> bool {
    matches!(
        state,
        CaseState::Waiting | CaseState::Located { .. } | CaseState::Assessed { .. }
    )
}

/// The form as it was sent; else with what is on record or in the request.
pub(super) fn typed(file: &CaseFile, shown: &Shown) -> Fields {
    let mut typed = shown.told.typed.clone();
    if shown.form == Form::Assess {
        return typed;
    }
    if let Some(assessment) = file.state.assessment() {
        typed.put("ground", &words::code(assessment.ground));
        typed.put("necessity", assessment.necessity.expose());
        typed.put("proportionality", assessment.proportionality.expose());
        typed.put("relationship", &words::code(assessment.relationship));
        typed.put_date("review", assessment.review_on);
        put_consent(&mut typed, &assessment.consent);
    } else if let Some(first) = file.requests.first() {
        put_consent(&mut typed, &first.request.consent);
    }
    typed
}

fn put_consent(typed: &mut Fields, consent: &Consent) {
    let (consent, reason) = said(consent);
    typed.put("consent", consent);
    let reason = reason.as_ref().map(Personal::expose).unwrap_or_default();
    typed.put("consent-reason", reason);
}

/// The assessment on record, as the page shows it.
#[derive(Serialize)]
pub(super) struct Recorded {
    ground: String,
    necessity: Personal,
    proportionality: Personal,
    consent: &'static str,
    consent_reason: Option<Personal>,
    relationship: String,
    review_on: Date,
}

pub(super) fn recorded(file: &CaseFile) -> Option<Recorded> {
    let assessment = file.state.assessment()?;
    let (consent, consent_reason) = said(&assessment.consent);
    Some(Recorded {
        ground: words::code(assessment.ground),
        necessity: assessment.necessity.clone(),
        proportionality: assessment.proportionality.clone(),
        consent,
        consent_reason,
        relationship: words::code(assessment.relationship),
        review_on: assessment.review_on,
    })
}
