//! Where a form stands between what was sent and the page that follows it.
//!
//! A browser writes what it posted to its disk, so that it can open a lost window again; of a page that it
//! asked for it writes the address alone. So a form is answered with a redirect, and what the page behind it
//! shows waits here: sealed, in memory, under a cookie that ends with the browser's session and that leaving by
//! the exit takes away. After that neither Back nor the browser's files show anything that was typed.
//!
//! The page itself carries the draft too, sealed, so sending it works when nothing is kept here any more.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::step::Step;
use crate::store::Receipt;
use crate::web::site::Site;

/// How long a form that is being filled in is kept after a page of it was sent.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(1);
/// How long what was sent can be gone back to and corrected: long enough to see a slip in it, short for whoever
/// opens the browser's history next.
const KEPT_ONCE_SENT: SignedDuration = SignedDuration::from_mins(10);
/// Most that is kept of all forms together, in bytes; beyond it the oldest go.
pub(super) const MOST_BYTES: usize = 64 * 1024 * 1024;
/// Bytes of randomness in the cookie, which is written in hexadecimal.
const KEY_BYTES: usize = 16;
const COOKIE_NAME: &str = "form";

/// Where sealed forms belong, for the key under which they are sealed.
const TABLE: &str = "form";
const COLUMN: &str = "kept";

/// Where one form stands.
#[derive(Serialize, Deserialize)]
pub(super) struct Standing {
    pub(super) draft: Draft,
    /// The page whose faults are shown.
    pub(super) wrong: Option<Step>,
    /// Once it was sent: the receipt, and whether it corrects an earlier one.
    pub(super) sent: Option<(Receipt, bool)>,
}

/// All forms that are being filled in.
#[derive(Default)]
pub(super) struct Kept(Mutex<HashMap<String, Held>>);

struct Held {
    sealed: Vec<u8>,
    until: Timestamp,
}

impl Kept {
    fn put(&self, key: String, sealed: Vec<u8>, now: Timestamp, until: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, held| now < held.until);
        all.insert(key, Held { sealed, until });
        while all.values().map(|held| held.sealed.len()).sum::<usize>() > MOST_BYTES {
            let oldest = all
                .iter()
                .min_by_key(|(_, held)| held.until)
                .map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { break };
            all.remove(&oldest);
        }
    }

    fn get(&self, key: &str, now: Timestamp) -> Option<Vec<u8>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = all.get(key).filter(|held| now < held.until)?;
        Some(held.sealed.clone())
    }
}

/// The forms, and the key of the one that this browser is filling in, if it has one.
pub(super) struct Keeper {
    kept: Arc<Kept>,
    key: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Keeper {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let kept = parts.extensions.get::<Arc<Kept>>().cloned().unwrap_or_default();
        Ok(Self {
            kept,
            key: key(&parts.headers),
        })
    }
}

impl Keeper {
    /// A layer that hands the same forms to every request.
    pub(super) fn layer() -> Extension<Arc<Kept>> {
        Extension(Arc::default())
    }

    /// Where this browser's form stands; none when it has none, or none any more.
    pub(super) fn standing(&self, site: &Site) -> Option<Standing> {
        let key = self.key.as_deref()?;
        let sealed = self.kept.get(key, site.hub.seams.clock.now())?;
        let plain = site.hub.keys.open_field(TABLE, COLUMN, key, &sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }

    /// Keeps where the form stands and leads to the page that shows it.
    pub(super) fn keep(self, site: &Site, path: &str, page: usize, standing: &Standing) -> Response {
        let Ok(plain) = serde_json::to_vec(standing) else {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        };
        let fresh = || data_encoding::HEXLOWER.encode(&site.hub.seams.bytes::<KEY_BYTES>());
        let key = self.key.unwrap_or_else(fresh);
        let random = site.hub.seams.random.as_ref();
        let sealed = site.hub.keys.seal_field(TABLE, COLUMN, &key, &plain, random);
        // On this machine's loopback a browser may have no TLS to ask for; everywhere else the cookie needs it.
        let secure = if site.demo { "" } else { "; Secure" };
        let cookie = format!("{COOKIE_NAME}={key}; Path={path}; HttpOnly; SameSite=Strict{secure}");
        let kept_for = if standing.sent.is_some() {
            KEPT_ONCE_SENT
        } else {
            KEPT_FOR
        };
        let now = site.hub.seams.clock.now();
        self.kept.put(key, sealed, now, now + kept_for);
        let mut answer = lead(path, page);
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            answer.headers_mut().append(SET_COOKIE, cookie);
        }
        answer
    }
}

/// Leads to one page of the form.
pub(super) fn lead(path: &str, page: usize) -> Response {
    Redirect::to(&format!("{path}?page={page}")).into_response()
}

fn key(headers: &HeaderMap) -> Option<String> {
    let lines = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let found = pairs.find(|(name, _)| *name == COOKIE_NAME)?.1;
    let ours = found.len() == 2 * KEY_BYTES && found.bytes().all(|byte| byte.is_ascii_hexdigit());
    ours.then(|| found.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    #[test]
    fn a_form_is_kept_until_its_time_which_every_page_sent_moves_on() {
        let kept = Kept::default();
        kept.put("a".to_owned(), vec![1], at(0), at(60));
        assert_eq!(kept.get("a", at(59)), Some(vec![1]));
        kept.put("a".to_owned(), vec![2], at(59), at(69));
        assert_eq!(kept.get("a", at(68)), Some(vec![2]));
        assert_eq!(kept.get("a", at(69)), None);
        assert_eq!(kept.get("b", at(0)), None);
    }

    #[test]
    fn beyond_the_limit_the_form_that_would_go_first_goes() {
        let kept = Kept::default();
        kept.put("a".to_owned(), vec![0; MOST_BYTES / 2], at(0), at(60));
        kept.put("b".to_owned(), vec![0; MOST_BYTES / 2], at(1), at(61));
        assert!(kept.get("a", at(1)).is_some());
        kept.put("c".to_owned(), vec![0; 1], at(2), at(62));
        assert!(kept.get("a", at(2)).is_none());
        assert!(kept.get("b", at(2)).is_some() && kept.get("c", at(2)).is_some());
    }
}
