//! A message of the prison service, read and acted upon, or set aside: the one way for those that are posted and those
//! that stand in the queue.

use casework::Actor;
use serde::Serialize;
use uuid::Uuid;

use super::{Message, Unreadable, read_message};
use crate::seams::Seams;
use crate::store::{CameBy, EventTaken, Store, StoreError};

/// What became of a message. Once there is an answer it is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum MessageTaken {
    /// It was acted upon.
    Taken,
    /// It was taken before.
    Repeated,
    /// Something newer was known.
    Overtaken,
    /// Its kind is of no concern here.
    Passed,
    /// It cannot be acted upon and waits for an operator.
    SetAside {
        /// Why, as a code.
        why: &'static str,
    },
}

impl From<EventTaken> for MessageTaken {
    fn from(taken: EventTaken) -> Self {
        match taken {
            EventTaken::Taken => Self::Taken,
            EventTaken::Repeated => Self::Repeated,
            EventTaken::Overtaken => Self::Overtaken,
        }
    }
}

/// Acts upon one message, or sets it aside.
///
/// # Errors
/// The store's: whoever has the message keeps it and gives it again.
pub async fn take_message(
    (store, seams): (&Store, &Seams),
    by: &Actor,
    via: CameBy,
    message: &[u8],
) -> Result<MessageTaken, StoreError> {
    match read_message(message, seams.clock.now()) {
        Ok(Message::Event(kind, occurred)) => {
            let taken = store.record_custody_event(by, kind, &occurred).await?;
            Ok(taken.into())
        }
        Ok(Message::OfAnotherKind(kind)) => {
            store.pass_custody_message(by, &kind).await?;
            Ok(MessageTaken::Passed)
        }
        Err(why) => {
            store.set_message_aside(by, via, why, message).await?;
            Ok(MessageTaken::SetAside { why: why.code() })
        }
    }
}

/// Reads a message that was set aside anew; why, if it still cannot be acted upon.
pub async fn try_again(
    (store, seams): (&Store, &Seams),
    by: &Actor,
    id: Uuid,
) -> Result<Result<(), Unreadable>, StoreError> {
    let message = store.message_set_aside(by, id).await?;
    let (kind, occurred) = match read_message(&message, seams.clock.now()) {
        Ok(Message::Event(kind, occurred)) => (kind.to_owned(), Some(occurred)),
        Ok(Message::OfAnotherKind(kind)) => (kind, None),
        Err(why) => return Ok(Err(why)),
    };
    let read = (kind.as_str(), occurred.as_ref());
    store.take_message_again(by, id, read).await?;
    Ok(Ok(()))
}
