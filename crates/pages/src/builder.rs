//! What the service brings to the shell, checked and compiled once, when it starts.

use std::collections::BTreeSet;
use std::sync::Arc;

use minijinja::{Environment, Error, ErrorKind};

use crate::locale::Sentences;
use crate::moment::Teller;
use crate::render::Inner;
use crate::{Lang, Pages, PagesError, assets, components, exit, speech};

const SHELL_TEMPLATES: [(&str, &str); 4] = [
    ("shell.html", include_str!("../templates/shell.html")),
    ("layout.html", include_str!("../templates/layout.html")),
    (
        "staff_layout.html",
        include_str!("../templates/staff_layout.html"),
    ),
    ("problem.html", include_str!("../templates/problem.html")),
];

const SHELL_SENTENCES: [(Lang, &str); 2] = [
    (Lang::En, include_str!("../locales/en/shell.ftl")),
    (Lang::Cy, include_str!("../locales/cy/shell.ftl")),
];

/// Gathers the service's templates and sentences: see [`Pages::builder`].
pub struct PagesBuilder {
    templates: Vec<(String, String)>,
    sentences: Vec<(Lang, String)>,
    strict: bool,
}

impl Default for PagesBuilder {
    /// Strict in debug builds, hence in tests; forgiving in a release, where a visitor would lose the page.
    fn default() -> PagesBuilder {
        PagesBuilder {
            templates: Vec::new(),
            sentences: Vec::new(),
            strict: cfg!(debug_assertions),
        }
    }
}

impl PagesBuilder {
    /// Adds templates: name and source, in MiniJinja's language (object keys in quotation marks). A template
    /// begins with `{% extends layout %}` and fills `{% block content %}`.
    pub fn templates(mut self, templates: &[(&str, &str)]) -> PagesBuilder {
        let owned = templates
            .iter()
            .map(|(name, source)| (name.to_string(), source.to_string()));
        self.templates.extend(owned);
        self
    }

    /// Adds sentences: one Fluent source. It may put its own words in place of the shell's.
    pub fn locale(mut self, lang: Lang, source: impl Into<String>) -> PagesBuilder {
        self.sentences.push((lang, source.into()));
        self
    }

    /// When strict, a sentence that cannot be said, a public title that tells, and a public page without its
    /// way out are errors. When not, the page shows the key, the neutral title, or itself, and the log says so.
    pub fn strict(mut self, strict: bool) -> PagesBuilder {
        self.strict = strict;
        self
    }

    /// Compiles everything. Refuses a template or locale file that does not parse, languages that hold
    /// different keys, and a template that names a sentence which is not there.
    pub fn build(self) -> Result<Pages, PagesError> {
        let sentences = Arc::new(Sentences::new(&SHELL_SENTENCES, &self.sentences, self.strict)?);
        let templates = self.all_templates()?;
        for (name, source) in &templates {
            if let Some(key) = speech::keys(source).into_iter().find(|key| !sentences.has(key)) {
                return Err(PagesError::UnknownSentence {
                    template: name.clone(),
                    key: key.to_string(),
                });
            }
        }
        let edition = assets::edition();
        let teller = Teller::new().ok_or(PagesError::NoTimeZone)?;
        let environment = |lang| environment(lang, &templates, &sentences, &teller, &edition);
        let (english, welsh) = (environment(Lang::En)?, environment(Lang::Cy)?);
        Ok(Pages::from(Inner {
            english,
            welsh,
            sentences,
            edition,
            strict: self.strict,
        }))
    }

    fn all_templates(&self) -> Result<Vec<(String, String)>, PagesError> {
        let shell = SHELL_TEMPLATES.map(|(name, source)| (name.to_string(), source.to_string()));
        let all: Vec<_> = shell.into_iter().chain(self.templates.iter().cloned()).collect();
        let mut names = BTreeSet::new();
        match all.iter().find(|(name, _)| !names.insert(name.clone())) {
            Some((name, _)) => Err(PagesError::TemplateTwice(name.clone())),
            None => Ok(all),
        }
    }
}

/// One language's environment: components, the shell's and the service's templates, `t`, `asset`.
fn environment(
    lang: Lang,
    templates: &[(String, String)],
    sentences: &Arc<Sentences>,
    teller: &Teller,
    edition: &str,
) -> Result<Environment<'static>, PagesError> {
    let mut environment = Environment::new();
    components::install(&mut environment).map_err(|error| PagesError::of_template("components", &error))?;
    speech::install(&mut environment, lang, sentences, teller);
    let edition = edition.to_string();
    let missing = |name: &str| Error::new(ErrorKind::InvalidOperation, format!("there is no asset {name}"));
    environment.add_function("asset", move |name: &str| {
        assets::address(&edition, name).ok_or_else(|| missing(name))
    });
    environment.add_global("exit", exit::PATH);
    for (name, source) in templates {
        let added = environment.add_template_owned(name.clone(), source.clone());
        added.map_err(|error| PagesError::of_template(name, &error))?;
    }
    Ok(environment)
}
