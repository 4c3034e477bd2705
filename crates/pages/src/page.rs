//! A page before it is rendered: for whom, in which language, under which title, with which errors.

use axum::http::StatusCode;

use crate::{FieldErrors, Sentence, Visit};

/// What the layout needs; the template's own context comes beside it.
///
/// A public page has a neutral title (it stands in the browser's history) and the exit button; a staff page
/// says who is signed in. Which layout is used follows from this and cannot be chosen by a template that
/// begins with `{% extends layout %}`.
#[derive(Debug, Clone)]
pub struct Page {
    pub(crate) visit: Visit,
    pub(crate) title: Sentence,
    pub(crate) signed_in: Option<SignedIn>,
    pub(crate) status: StatusCode,
    pub(crate) errors: FieldErrors,
    pub(crate) back: Option<String>,
    pub(crate) next: Vec<Sentence>,
    pub(crate) navigation: Vec<NavigationItem>,
}

/// Whoever is signed in, for the staff header.
#[derive(Clone)]
pub struct SignedIn {
    /// As the person reads their own name.
    pub name: String,
    /// What they may do, in words.
    pub role: Sentence,
    /// Where the service's name leads.
    pub home: &'static str,
    /// The address that the sign-out form posts to.
    pub sign_out: &'static str,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SignedIn({:?})", self.role)
    }
}

/// One link of the navigation below the header.
#[derive(Debug, Clone)]
pub struct NavigationItem {
    /// The link's words.
    pub text: Sentence,
    /// Where it leads.
    pub href: String,
    /// Is this the part of the service that the page belongs to?
    pub current: bool,
}

impl Page {
    /// A page that anybody may see. The title must be neutral: see [`crate::neutral`].
    pub fn public(visit: &Visit, title: impl Into<Sentence>) -> Page {
        Page {
            visit: visit.clone(),
            title: title.into(),
            signed_in: None,
            status: StatusCode::OK,
            errors: FieldErrors::new(),
            back: None,
            next: Vec::new(),
            navigation: Vec::new(),
        }
    }

    /// A page behind sign-in.
    pub fn staff(visit: &Visit, title: impl Into<Sentence>, signed_in: SignedIn) -> Page {
        Page {
            signed_in: Some(signed_in),
            ..Page::public(visit, title)
        }
    }

    /// The answer's status; 200 unless said.
    pub fn with_status(mut self, status: StatusCode) -> Page {
        self.status = status;
        self
    }

    /// What is wrong with the form. With any error the status becomes 422 and the title begins with "Error".
    pub fn with_errors(mut self, errors: FieldErrors) -> Page {
        if !errors.is_empty() {
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self.errors = errors;
        self
    }

    /// Where the back link leads; without one there is no back link.
    pub fn with_back(mut self, href: impl Into<String>) -> Page {
        self.back = Some(href.into());
        self
    }

    /// The steps of "What happens next", shown below the content.
    pub fn with_next<S: Into<Sentence>>(mut self, steps: impl IntoIterator<Item = S>) -> Page {
        self.next = steps.into_iter().map(Into::into).collect();
        self
    }

    /// The links below the header.
    pub fn with_navigation(mut self, items: impl IntoIterator<Item = NavigationItem>) -> Page {
        self.navigation = items.into_iter().collect();
        self
    }
}
