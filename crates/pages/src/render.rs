//! From a page and its context to HTML: one environment for each language, all templates compiled when the
//! service starts, so that a broken template stops the start and not a visitor.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use minijinja::value::{Serde, Value};
use minijinja::{Environment, context};
use serde::Serialize;

use crate::frame::Frame;
use crate::locale::Sentences;
use crate::{Lang, Page, PagesBuilder, PagesError, Sentence, Unsaid};

/// Renders pages. Cheap to clone; share it as router state.
#[derive(Clone)]
pub struct Pages(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) english: Environment<'static>,
    pub(crate) welsh: Environment<'static>,
    pub(crate) sentences: Arc<Sentences>,
    pub(crate) edition: String,
    pub(crate) strict: bool,
}

impl Pages {
    /// Begins with the shell's own layouts and sentences.
    pub fn builder() -> PagesBuilder {
        PagesBuilder::default()
    }

    /// The page as an answer. A template that fails is the programmer's error: it is logged by its name and
    /// line, never with a value, and the visitor gets the calm page for a problem.
    pub fn render(&self, template: &str, page: &Page, context: impl Serialize) -> Response {
        match self.html(template, page, context) {
            Ok(html) => (page.status, Html(html)).into_response(),
            Err(error) => {
                tracing::error!(template, %error, "a page could not be rendered");
                self.problem(StatusCode::INTERNAL_SERVER_ERROR, &page.visit)
            }
        }
    }

    /// The page as text, for tests and for callers that want the error. `context` is a struct, a map or a
    /// MiniJinja value; in the template it stands beside `page`, `errors` and `layout`.
    pub fn html(&self, template: &str, page: &Page, context: impl Serialize) -> Result<String, PagesError> {
        let frame = Frame {
            page,
            sentences: &self.0.sentences,
            strict: self.0.strict,
        };
        let whole = context! { ..frame.context()?, ..Value::from(Serde(context)) };
        let environment = match page.visit.lang {
            Lang::En => &self.0.english,
            Lang::Cy => &self.0.welsh,
        };
        let rendered = environment
            .get_template(template)
            .and_then(|template| template.render(whole));
        let html = rendered.map_err(|error| PagesError::of_template(template, &error))?;
        self.check_way_out(template, page, &html)?;
        Ok(html)
    }

    /// A sentence in words, for an answer that is not a page.
    pub fn say(&self, lang: Lang, sentence: &Sentence) -> Result<String, Unsaid> {
        self.0.sentences.say(lang, sentence)
    }

    /// A script of ours that a browser runs beside pages, such as `mailroom-worker.js`; 404 if there is none of this name.
    pub fn worker(&self, name: &str) -> Response {
        crate::assets::worker(name)
    }

    pub(crate) fn edition(&self) -> &str {
        &self.0.edition
    }

    /// A template may replace any block, the one with the exit button too; a public page must not.
    fn check_way_out(&self, template: &str, page: &Page, html: &str) -> Result<(), PagesError> {
        let needed = self.0.strict && page.signed_in.is_none();
        match needed && !html.contains("govuk-js-exit-this-page-button") {
            true => Err(PagesError::NoWayOut(template.to_string())),
            false => Ok(()),
        }
    }
}

impl From<Inner> for Pages {
    fn from(inner: Inner) -> Pages {
        Pages(Arc::new(inner))
    }
}
