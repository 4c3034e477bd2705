//! Who calls: a bearer key becomes an [`Actor`] before any handler runs.
//!
//! A handler that asks for a [`Caller`] cannot be reached without a good key. A missing, malformed, unknown
//! or revoked key gets one and the same answer.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use casework::{AccountId, Actor, Role};

use crate::api::ApiError;
use crate::error::HubError;
use crate::service::Hub;

/// Longer than any key that the hub gives out; a longer header is not looked at.
const KEY_BYTES: usize = 128;

/// The authenticated caller of a JSON verb.
#[derive(Clone, Debug)]
pub struct Caller(pub Actor);

impl FromRequestParts<Arc<Hub>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, hub: &Arc<Hub>) -> Result<Self, Self::Rejection> {
        let key = bearer_key(parts).ok_or(HubError::Unauthenticated)?;
        let actor = hub.store.find_key(key).await.map_err(HubError::from)?;
        Ok(Self(actor.ok_or(HubError::Unauthenticated)?))
    }
}

fn bearer_key(parts: &Parts) -> Option<&str> {
    let header = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = header.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && key.len() <= KEY_BYTES).then_some(key)
}

/// Whoever fills in the public form: an actor without an account, who may file a request and nothing else.
pub fn public_caller() -> Actor {
    Actor {
        account: AccountId::PUBLIC,
        created_by: None,
        name: "public form".to_owned(),
        role: Role::Public,
    }
}
