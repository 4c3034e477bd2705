//! What can go wrong at the hub, told apart by what the caller can do about it.
//!
//! Nothing here holds a number, an address or a name: errors travel into logs and answers.

use casework::Problem;

use crate::store::{Refusal, StoreError};

/// Why the hub did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The caller shows who he is: no key, an unknown one, a revoked one, all alike.
    #[error("a valid key is needed")]
    Unauthenticated,
    /// Not there, or not this caller's: the same answer.
    #[error("there is nothing here that is yours to see")]
    NotFound,
    /// The caller mends the request.
    #[error("the request lacks something or is too long")]
    Incomplete(Vec<Problem>),
    /// The caller mends one field.
    #[error("{field}: {sentence}")]
    Invalid {
        /// The field, as `people[0].numbers[1]`.
        field: String,
        /// What is wrong with it, without its value.
        sentence: &'static str,
    },
    /// The caller sends less.
    #[error("the body is longer than {limit_bytes} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit_bytes: usize,
    },
    /// The caller sends JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// A rule forbids it; someone else, or nobody, may do it.
    #[error("{0}")]
    Refused(String),
    /// Something else was done before under the same key or in the meantime.
    #[error("{0}")]
    Conflict(String),
    /// The caller waits.
    #[error("too many of these in one hour; wait and try again")]
    TooMany,
    /// The caller tries again.
    #[error("the hub cannot answer now; try again")]
    Unavailable,
    /// The operator acts: something stored cannot be read.
    #[error("something stored cannot be read; the operator has been told")]
    Damaged,
}

impl From<StoreError> for HubError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Conflict(_) => Self::Conflict(error.to_string()),
            StoreError::Refused(Refusal::TooManyChecks) => Self::TooMany,
            StoreError::Refused(Refusal::TooManySetAside) => Self::Unavailable,
            StoreError::Refused(_) => Self::Refused(error.to_string()),
            StoreError::Invalid(sentence) => Self::Invalid {
                field: "body".to_owned(),
                sentence,
            },
            StoreError::Unavailable(_) => Self::Unavailable,
            StoreError::Damaged { .. } => {
                tracing::error!(%error, "something stored cannot be read");
                Self::Damaged
            }
        }
    }
}
