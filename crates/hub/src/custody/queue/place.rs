//! Where the queue is: its address, as AWS gives it.

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::Uri;

use super::QueueError;

/// A queue's address. Only one on this machine may do without TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuePlace {
    /// The whole of it.
    pub(super) url: String,
    /// Its scheme and host: where its requests go.
    pub(super) origin: String,
}

impl FromStr for QueuePlace {
    type Err = QueueError;

    fn from_str(text: &str) -> Result<Self, QueueError> {
        let uri: Uri = text.parse().map_err(|_| QueueError::NoAddress)?;
        let (scheme, host) = uri
            .scheme_str()
            .zip(uri.authority())
            .ok_or(QueueError::NoAddress)?;
        if uri.path().len() < 2 || uri.query().is_some() || host.as_str().contains('@') {
            return Err(QueueError::NoAddress);
        }
        match scheme {
            "https" => {}
            "http" if is_this_machine(host.host()) => {}
            "http" => return Err(QueueError::NoTls),
            _ => return Err(QueueError::NoAddress),
        }
        Ok(Self {
            url: text.to_owned(),
            origin: format!("{scheme}://{host}"),
        })
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse();
    host == "localhost" || address.is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_named_by_its_address_and_only_this_machine_does_without_tls() {
        let origin = |text: &str| text.parse().map(|place: QueuePlace| place.origin);
        for (text, expected) in [
            (
                "https://sqs.eu-west-2.amazonaws.com/123456789012/upcs",
                "https://sqs.eu-west-2.amazonaws.com",
            ),
            ("http://127.0.0.1:4566/123456789012/upcs", "http://127.0.0.1:4566"),
            ("http://[::1]:4566/123456789012/upcs", "http://[::1]:4566"),
            ("http://localhost/123456789012/upcs", "http://localhost"),
        ] {
            assert_eq!(origin(text).unwrap(), expected);
        }
        for text in [
            "",
            "upcs",
            "https://sqs.eu-west-2.amazonaws.com",
            "ftp://127.0.0.1/1/upcs",
            "https://key:secret@sqs.eu-west-2.amazonaws.com/1/upcs",
            "https://127.0.0.1/1/upcs?a=b",
        ] {
            assert!(matches!(origin(text), Err(QueueError::NoAddress)), "{text}");
        }
        for text in [
            "http://sqs.eu-west-2.amazonaws.com/1/upcs",
            "http://127.0.0.1.example/1/upcs",
        ] {
            assert!(matches!(origin(text), Err(QueueError::NoTls)), "{text}");
        }
    }
}
