//! What every page handler is given: the hub, the templates and sentences, and whether this is the
//! demonstration.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use pages::{Lang, Pages, PagesError};
use rust_embed::RustEmbed;

use crate::error::HubError;
use crate::service::Hub;

#[derive(RustEmbed)]
#[folder = "templates"]
struct Templates;

#[derive(RustEmbed)]
#[folder = "locales"]
struct Locales;

/// What a template is given: names, each with a value as serde writes it.
macro_rules! view {
    ($($name:ident $(=> $value:expr)?),* $(,)?) => {
        minijinja::context! { $($name => $crate::web::site::written!($name $(=> $value)?)),* }
    };
}

/// One value of a [`view`].
macro_rules! written {
    ($name:ident) => {
        minijinja::Value::from(minijinja::value::Serde(&$name))
    };
    ($name:ident => $value:expr) => {
        minijinja::Value::from(minijinja::value::Serde(&$value))
    };
}

pub(super) use {view, written};

/// The state of all page routes.
pub struct Site {
    /// The hub.
    pub hub: Arc<Hub>,
    /// Renders pages.
    pub pages: Pages,
    /// Whether the role chooser is mounted. Then the hub listens on this machine alone.
    pub demo: bool,
}

impl Site {
    /// Compiles all templates and sentences; a broken one stops the start.
    pub fn new(hub: Arc<Hub>, demo: bool) -> Result<Arc<Self>, PagesError> {
        Ok(Arc::new(Self {
            hub,
            pages: compiled()?,
            demo,
        }))
    }
}

/// The templates and sentences of this crate, compiled.
pub(super) fn compiled() -> Result<Pages, PagesError> {
    let templates = sources(Templates::iter(), Templates::get);
    let borrowed: Vec<(&str, &str)> = templates
        .iter()
        .map(|(name, source)| (name.as_str(), source.as_str()))
        .collect();
    let mut builder = Pages::builder().templates(&borrowed);
    for (name, source) in sources(Locales::iter(), Locales::get) {
        let lang = name
            .split('/')
            .next()
            .and_then(Lang::from_code)
            .unwrap_or_default();
        builder = builder.locale(lang, source);
    }
    builder.build()
}

fn sources(
    names: impl Iterator<Item = Cow<'static, str>>,
    get: fn(&str) -> Option<rust_embed::EmbeddedFile>,
) -> Vec<(String, String)> {
    let read = |name: Cow<'static, str>| {
        let source = String::from_utf8_lossy(&get(&name)?.data).into_owned();
        Some((name.into_owned(), source))
    };
    names.filter_map(read).collect()
}

/// A refusal on its way out as a page: a bare status, which the shell dresses in calm words. What a person
/// can mend is told beside the field by the handler itself, and does not come here.
pub(super) struct PageError(pub(super) HubError);

impl<E: Into<HubError>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let status = match self.0 {
            HubError::Unauthenticated | HubError::Refused(_) => StatusCode::FORBIDDEN,
            HubError::NotFound => StatusCode::NOT_FOUND,
            HubError::Incomplete(_) | HubError::Invalid { .. } | HubError::NotJson => StatusCode::BAD_REQUEST,
            HubError::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            HubError::Conflict(_) => StatusCode::CONFLICT,
            HubError::TooMany => StatusCode::TOO_MANY_REQUESTS,
            HubError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            HubError::Damaged => StatusCode::INTERNAL_SERVER_ERROR,
        };
        status.into_response()
    }
}
