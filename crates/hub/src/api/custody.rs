//! Events of the prison service, posted by its own system: as many as a body holds, each answered.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use casework::Verb;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ApiError;
use super::body::JsonBody;
use crate::callers::Caller;
use crate::custody::{MessageTaken, take_message};
use crate::error::HubError;
use crate::service::Hub;
use crate::store::{CameBy, Refusal, StoreError};

/// Messages of one body.
pub const MESSAGES_AT_ONCE: usize = 100;

/// Messages as the notification service or the queue gives them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Messages {
    messages: Vec<Value>,
}

/// What became of each, in their order.
#[derive(Debug, Serialize)]
pub(super) struct Answers {
    answers: Vec<MessageTaken>,
}

/// Takes each message. Answered once all of them are on disk; if that fails halfway, the same body may be sent again.
pub(super) async fn events(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
    body: JsonBody<Messages>,
) -> Result<Json<Answers>, ApiError> {
    if !by.role.may(Verb::RecordCustody) {
        return Err(StoreError::from(Refusal::NotTheirs).into());
    }
    let messages = body.value.messages;
    if messages.is_empty() || messages.len() > MESSAGES_AT_ONCE {
        return Err(HubError::Invalid {
            field: "messages".to_owned(),
            sentence: "between 1 and 100 messages",
        }
        .into());
    }
    let mut answers = Vec::with_capacity(messages.len());
    for message in messages {
        let message = message.to_string();
        let taken = take_message((&hub.store, &hub.seams), &by, CameBy::Post, message.as_bytes()).await?;
        answers.push(taken);
    }
    Ok(Json(Answers { answers }))
}
