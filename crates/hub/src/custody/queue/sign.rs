//! A request to the queue is signed as AWS asks (Signature Version 4): one POST to `/` without a query.
//!
//! The steps are numbered as in AWS's own description: 1 the canonical request, 2 the string to sign, 3 the signature.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jiff::tz::Offset;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Who reads the queue.
#[derive(Clone)]
pub struct Credentials {
    /// The access key's name.
    pub key_id: String,
    /// Its secret.
    pub secret: Zeroizing<String>,
    /// The token that goes with a key for a while.
    pub token: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// Where a request goes: part of what is signed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub(super) region: &'a str,
    pub(super) service: &'a str,
}

/// The time as it is signed, `20150830T123600Z`.
pub(super) fn amz_date(at: Timestamp) -> String {
    let time = Offset::UTC.to_datetime(at);
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// The value of `Authorization`. The headers are in lower case, in the order of their names, `x-amz-date` among them.
pub(super) fn authorization(
    credentials: &Credentials,
    scope: Scope<'_>,
    date: &str,
    (headers, body): (&[(&str, &str)], &[u8]),
) -> String {
    // 1
    let listed: String = headers
        .iter()
        .map(|(name, value)| format!("{name}:{}\n", value.trim()))
        .collect();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let hash = HEXLOWER.encode(&Sha256::digest(body));
    let canonical = format!("POST\n/\n\n{listed}\n{names}\n{hash}");
    // 2
    let day = date.get(..8).unwrap_or(date);
    let within = format!("{day}/{}/{}/aws4_request", scope.region, scope.service);
    let canonical = HEXLOWER.encode(&Sha256::digest(canonical.as_bytes()));
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{within}\n{canonical}");
    // 3
    let secret = Zeroizing::new(format!("AWS4{}", &*credentials.secret));
    let parts = [day, scope.region, scope.service, "aws4_request", &to_sign];
    let signature = parts.iter().fold(secret.as_bytes().to_vec(), |key, part| {
        keyed(&key, part.as_bytes())
    });
    let signature = HEXLOWER.encode(&signature);
    let key_id = &credentials.key_id;
    format!("AWS4-HMAC-SHA256 Credential={key_id}/{within}, SignedHeaders={names}, Signature={signature}")
}

fn keyed(key: &[u8], message: &[u8]) -> Vec<u8> {
    // Unwrap safety: this kind of hash takes a key of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `post-vanilla` of the test suite that AWS publishes for this signature.
    #[test]
    fn a_published_request_gets_its_published_signature() {
        let credentials = Credentials {
            key_id: "AKIDEXAMPLE".to_owned(),
            secret: Zeroizing::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned()),
            token: None,
        };
        let scope = Scope {
            region: "us-east-1",
            service: "service",
        };
        let date = amz_date("2015-08-30T12:36:00Z".parse().unwrap());
        let headers = [("host", "example.amazonaws.com"), ("x-amz-date", date.as_str())];
        let signed = authorization(&credentials, scope, &date, (&headers, b""));
        assert_eq!(
            signed,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=host;x-amz-date, \
             Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
        );
        assert_eq!(format!("{credentials:?}"), "Credentials(..)");
    }
}
