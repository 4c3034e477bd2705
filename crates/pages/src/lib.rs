//! The web shell: GOV.UK and MoJ components rendered, two languages, assets, safe headers. It knows nothing
//! of the service's rules; the hub brings its templates, its sentences and its handlers.
//!
//! How a page comes about. At start, [`Pages::builder`] takes the hub's templates and locale files and
//! refuses what is broken. A handler takes a [`Visit`] (language, and where the page stands), makes a
//! [`Page`] (public or staff, title, errors) and calls [`Pages::render`] with its template and context.
//! The template begins `{% extends layout %}`, fills `{% block content %}`, calls components by their
//! design-system names (`govukInput({"id": "phone", "errorMessage": errors.phone, ...})`), says sentences
//! with `t("key")` and tells moments with `at|datetime`. Last, [`Pages::guard`] wraps the router: assets,
//! the exit, the language cookie, the same-origin check on forms, the headers, and calm pages for errors.
//!
//! What it holds to: everything printed is escaped; no answer may be cached but an asset; nothing runs
//! inline; every page works without scripts; a public page has a neutral title and a way out.

use std::error::Error as _;

mod assets;
mod builder;
mod components;
pub mod exit;
mod form;
mod frame;
mod guard;
pub mod headers;
mod locale;
pub mod moment;
pub mod neutral;
mod nunjucks;
mod page;
mod render;
mod sentence;
mod speech;
mod visit;

pub use builder::PagesBuilder;
pub use form::FieldErrors;
pub use locale::{Lang, Unsaid};
pub use page::{NavigationItem, Page, SignedIn};
pub use render::Pages;
pub use sentence::{Insert, Sentence};
pub use visit::{Visit, remember_language};

/// What only the programmer can mend: most of it stops the start, the rest fails a test.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// A template does not compile or does not render. Holds no value of the page.
    #[error("the template {template} failed at line {line}: {reason}")]
    Template {
        /// The template that was being rendered, or the one inside it that failed.
        template: String,
        /// Its line; 0 when unknown.
        line: usize,
        /// The kind of failure.
        reason: String,
    },
    /// Two templates bear one name.
    #[error("two templates are named {0}")]
    TemplateTwice(String),
    /// A locale file does not parse, or defines a key twice.
    #[error("the {lang} locale is wrong: {reason}")]
    Locale {
        /// `en` or `cy`.
        lang: &'static str,
        /// What the parser says.
        reason: String,
    },
    /// The two languages hold different keys.
    #[error("sentences only in English: {only_english:?}; only in Welsh: {only_welsh:?}")]
    UnlikeLanguages {
        /// Keys that Welsh lacks.
        only_english: Vec<String>,
        /// Keys that English lacks.
        only_welsh: Vec<String>,
    },
    /// A template names a sentence that no locale file has.
    #[error("the template {template} says {key}, which no locale file has")]
    UnknownSentence {
        /// The template's name.
        template: String,
        /// The key.
        key: String,
    },
    /// A sentence could not be said.
    #[error(transparent)]
    Unsaid(#[from] Unsaid),
    /// The title of a public page tells what the page is about (see [`PagesBuilder::strict`]).
    #[error("the public title {0} is not neutral")]
    TellingTitle(String),
    /// A public page came out without the exit button (see [`PagesBuilder::strict`]).
    #[error("the template {0} took the way out from a public page")]
    NoWayOut(String),
    /// The built-in time zones lack London.
    #[error("the time zone Europe/London is missing from this build")]
    NoTimeZone,
}

impl PagesError {
    /// Keeps where it failed and what kind of failure it was. The engine's own words are kept only for
    /// errors of the template's text: the others may repeat a value of the page.
    fn of_template(asked: &str, error: &minijinja::Error) -> PagesError {
        use minijinja::ErrorKind::{SyntaxError, TemplateNotFound, UnknownFilter, UnknownFunction};
        let mut inner = error;
        while let Some(source) = inner.source() {
            match (
                source.downcast_ref::<minijinja::Error>(),
                source.downcast_ref::<Unsaid>(),
            ) {
                (Some(deeper), _) => inner = deeper,
                (None, Some(unsaid)) => return PagesError::Unsaid(unsaid.clone()),
                (None, None) => break,
            }
        }
        let textual = [SyntaxError, TemplateNotFound, UnknownFilter, UnknownFunction].contains(&inner.kind());
        let detail = inner.detail().filter(|_| textual).unwrap_or_default();
        PagesError::Template {
            template: inner.name().unwrap_or(asked).to_string(),
            line: inner.line().unwrap_or(0),
            reason: format!("{} {detail}", inner.kind()).trim_end().to_string(),
        }
    }
}

/// The components alone, without layouts or sentences: for a test of the translation.
#[doc(hidden)]
pub fn component_environment() -> Result<minijinja::Environment<'static>, PagesError> {
    let mut environment = minijinja::Environment::new();
    components::install(&mut environment).map_err(|error| PagesError::of_template("components", &error))?;
    Ok(environment)
}
