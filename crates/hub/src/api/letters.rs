//! The mailroom's check as JSON, for whoever prints, scans or photocopies a prison's mail: the same check, counted
//! against the same cap and recorded in the same way as on the page.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use casework::WrittenAddress;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::body::{IdempotencyHeader, JsonBody};
use crate::callers::Caller;
use crate::error::HubError;
use crate::mailroom::{ADDRESS_CHARS, Envelope, LetterAnswer, check_letter};
use crate::service::Hub;
use crate::store::{Beside, LetterDecision, MailKind, Via};

/// What is said in the place of a prison number when the sender is unknown.
const UNKNOWN: &str = "unknown";

/// One letter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LetterBody {
    /// The sender's prison number, or `unknown`; it is never left out.
    prison_number: String,
    address: WrittenAddress,
    #[serde(default)]
    kind: MailKind,
}

/// What becomes of it.
#[derive(Debug, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(super) enum Checked {
    /// It leaves.
    Pass,
    /// It stays, under this code.
    Shelf { code: String },
}

/// What is to be done with a letter on the shelf.
#[derive(Debug, Serialize)]
pub(super) struct Decided {
    code: String,
    decision: LetterDecision,
    decided_at: Timestamp,
}

/// The newest decisions.
#[derive(Debug, Serialize)]
pub(super) struct DecidedLetters {
    letters: Vec<Decided>,
}

/// Checks one letter of the caller's own prison.
pub(super) async fn check(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
    IdempotencyHeader(key): IdempotencyHeader,
    body: JsonBody<LetterBody>,
) -> Result<Json<Checked>, ApiError> {
    let prison = by.role.prison().ok_or(HubError::NotFound)?;
    let beside = Beside {
        key: key.map(|key| hub.idempotency_key(key, &body.bytes)),
        ..Beside::default()
    };
    let envelope = envelope(body.value)?;
    Ok(Json(
        match check_letter(&hub, &by, prison, &envelope, beside).await? {
            LetterAnswer::Pass => Checked::Pass,
            LetterAnswer::Shelf(code) => Checked::Shelf {
                code: code.as_str().to_owned(),
            },
        },
    ))
}

fn envelope(body: LetterBody) -> Result<Envelope, HubError> {
    let invalid = |field: &str, sentence| HubError::Invalid {
        field: field.to_owned(),
        sentence,
    };
    let sender = match body.prison_number.as_str() {
        UNKNOWN => None,
        number => Some(
            number
                .parse()
                .map_err(|_| invalid("prison_number", "a prison number like A1234BC, or unknown"))?,
        ),
    };
    let postcode = body.address.postcode.as_ref();
    let chars = |text: &casework::Personal| text.expose().chars().count();
    if chars(&body.address.lines) + postcode.map_or(0, chars) > ADDRESS_CHARS {
        return Err(invalid("address", "an address has at most 500 characters"));
    }
    Ok(Envelope {
        sender,
        written: body.address,
        kind: body.kind,
        via: Via::Json,
    })
}

/// The newest decisions on letters that went to the shelf of the caller's own prison.
pub(super) async fn decided(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
) -> Result<Json<DecidedLetters>, ApiError> {
    let prison = by.role.prison().ok_or(HubError::NotFound)?;
    let decided = hub.store.decided_letters(&by, prison).await?;
    let letters = decided.into_iter().map(|letter| Decided {
        code: letter.code,
        decision: letter.decision,
        decided_at: letter.decided_at,
    });
    Ok(Json(DecidedLetters {
        letters: letters.collect(),
    }))
}
