//! Why the queue, or the store behind it, was not served: by what somebody can do about it.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};

use crate::store::StoreError;

/// What the queue's reader has to be allowed, as AWS calls it.
macro_rules! rights {
    () => {
        "sqs:ReceiveMessage, sqs:DeleteMessage and sqs:GetQueueAttributes"
    };
}

/// Why the queue, or the store behind it, was not served.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The address is none.
    #[error("the queue is named by its address, as https://sqs.eu-west-2.amazonaws.com/123456789012/upcs")]
    NoAddress,
    /// The address is another machine's and without TLS.
    #[error("only a queue on this machine may be asked without TLS: give its address as https://...")]
    NoTls,
    /// There is nothing to sign with.
    #[error(
        "there are no credentials for the queue ({0}): set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE, \
         or give this machine or container a role that may {rights}",
        rights = rights!()
    )]
    NoCredentials(String),
    /// What was signed with counts for nothing.
    #[error(
        "AWS does not accept the credentials ({0}): they are wrong, have run out or are another region's (--region), or \
         this machine's clock is wrong"
    )]
    WrongCredentials(String),
    /// The credentials do not reach so far.
    #[error("these credentials may not read the queue ({0}): they need {rights} on it", rights = rights!())]
    NoRight(String),
    /// There is no such queue.
    #[error("there is no queue at this address ({0}): look at --queue and --region")]
    NotThere(String),
    /// The queue answered with another error.
    #[error("the queue answers {0}")]
    Answered(String),
    /// The queue answered something else than it does.
    #[error("the queue's answer cannot be read")]
    Unreadable,
    /// The queue did not answer, or not as the one that its certificate names.
    #[error("the queue cannot be reached: {0}")]
    Silent(String),
    /// The store did not take a message: it stays in the queue.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Characters of an error's code that are shown.
const CODE_CHARS: usize = 80;

impl QueueError {
    /// Whether it stays so until somebody does something about it.
    pub(super) const fn is_to_be_mended(&self) -> bool {
        matches!(
            self,
            Self::NoCredentials(_) | Self::WrongCredentials(_) | Self::NoRight(_) | Self::NotThere(_)
        )
    }

    /// What an error of the queue means, by its code: `AWS.SimpleQueueService.NonExistentQueue` and the like.
    fn answered(code: &str) -> Self {
        let shown: String = code.chars().take(CODE_CHARS).collect();
        match code.rsplit(['.', '#']).next().unwrap_or(code) {
            "NonExistentQueue" | "QueueDoesNotExist" | "InvalidAddress" => Self::NotThere(shown),
            "AccessDenied" | "AccessDeniedException" | "KmsAccessDenied" => Self::NoRight(shown),
            "AuthFailure"
            | "ExpiredToken"
            | "ExpiredTokenException"
            | "IncompleteSignature"
            | "InvalidAccessKeyId"
            | "InvalidClientTokenId"
            | "InvalidSecurity"
            | "InvalidSignatureException"
            | "MissingAuthenticationToken"
            | "RequestExpired"
            | "SignatureDoesNotMatch"
            | "UnrecognizedClientException" => Self::WrongCredentials(shown),
            _ => Self::Answered(shown),
        }
    }
}

impl<E: ProvideErrorMetadata + Error + 'static> From<SdkError<E>> for QueueError {
    fn from(error: SdkError<E>) -> Self {
        if let SdkError::ServiceError(answered) = &error {
            let status = answered.raw().status().as_u16();
            return match answered.err().code() {
                Some(code) => Self::answered(code),
                None if matches!(status, 401 | 403) => Self::WrongCredentials(status.to_string()),
                None => Self::Answered(status.to_string()),
            };
        }
        if matches!(error, SdkError::ResponseError(_)) {
            return Self::Unreadable;
        }
        let causes = || {
            let outermost: &(dyn Error + 'static) = &error;
            std::iter::successors(Some(outermost), |error| (*error).source())
        };
        let innermost = causes().last().map(ToString::to_string).unwrap_or_default();
        if causes().any(|cause| cause.is::<CredentialsError>()) {
            return Self::NoCredentials(innermost);
        }
        Self::Silent(innermost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_queue_says_whether_to_look_at_its_address_the_credentials_or_their_rights() {
        for (code, expected) in [
            (
                "AWS.SimpleQueueService.NonExistentQueue",
                "there is no queue at this address",
            ),
            (
                "com.amazonaws.sqs#QueueDoesNotExist",
                "there is no queue at this address",
            ),
            ("AccessDenied", "may not read the queue"),
            ("InvalidClientTokenId", "does not accept the credentials"),
            ("RequestThrottled", "the queue answers RequestThrottled"),
        ] {
            let error = QueueError::answered(code);
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}
