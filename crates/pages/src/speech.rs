//! How templates speak: `t("key", name=value)` for a sentence, and filters that tell a moment.
//!
//! `t` gives plain text, escaped when printed. `t_html` gives markup from the locale file itself, with
//! everything put in escaped first. `at|datetime`, `at|minute`, `at|day` and `at|clock` tell a moment, as
//! do the MoJ components' own filters `mojDate` and `date`.

use std::sync::Arc;

use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};

use crate::locale::Sentences;
use crate::moment::{Form, Teller};
use crate::nunjucks::meaning::{escaped, plain};
use crate::{Lang, Sentence, Unsaid};

/// Gives the environment of one language its voice.
pub(crate) fn install(
    environment: &mut Environment<'static>,
    lang: Lang,
    sentences: &Arc<Sentences>,
    teller: &Teller,
) {
    let source = Arc::clone(sentences);
    environment.add_function("t", move |key: &str, values: Kwargs| {
        let sentence = filled(key, &values, plain)?;
        source.say_or_key(lang, &sentence).map_err(failed)
    });
    let source = Arc::clone(sentences);
    environment.add_function("t_html", move |key: &str, values: Kwargs| {
        let sentence = filled(key, &values, escaped)?;
        source
            .say_or_key(lang, &sentence)
            .map(Value::from_safe_string)
            .map_err(failed)
    });
    for (name, form) in [
        ("datetime", Form::ToTheSecond),
        ("minute", Form::ToTheMinute),
        ("day", Form::Day),
        ("clock", Form::Clock),
    ] {
        let teller = teller.clone();
        environment.add_filter(name, move |at: Value| told(&teller, &at, form, lang));
    }
    for name in ["mojDate", "date"] {
        let teller = teller.clone();
        environment.add_filter(name, move |at: Value, form: Option<String>| {
            told(&teller, &at, moj_form(form.as_deref().unwrap_or_default()), lang)
        });
    }
}

/// The keys that a template names outright, as in `t("key"`; not those that it puts together, as in
/// `t("state-" ~ code)`.
pub(crate) fn keys(source: &str) -> Vec<&str> {
    let calls = source
        .match_indices("t(\"")
        .chain(source.match_indices("t_html(\""));
    let literal = |(at, call): (usize, &str)| {
        let named_so = source[..at]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let rest = &source[at + call.len()..];
        let (key, after) = rest.split_once('"')?;
        let whole = !after.trim_start().starts_with('~');
        (named_so && whole).then_some(key)
    };
    calls.filter_map(literal).collect()
}

fn filled(key: &str, values: &Kwargs, as_text: fn(&Value) -> String) -> Result<Sentence, Error> {
    let mut sentence = Sentence::new(key.to_string());
    for name in values.args() {
        let value: Value = values.get(name)?;
        sentence = match value.as_i64().filter(|_| value.kind() == ValueKind::Number) {
            Some(count) => sentence.with(name.to_string(), count),
            None => sentence.with(name.to_string(), as_text(&value)),
        };
    }
    Ok(sentence)
}

/// The engine's error keeps ours as its source, where [`crate::PagesError`] finds it again.
fn failed(unsaid: Unsaid) -> Error {
    Error::new(ErrorKind::InvalidOperation, "a sentence could not be said").with_source(unsaid)
}

fn told(teller: &Teller, at: &Value, form: Form, lang: Lang) -> Result<String, Error> {
    if at.is_none() || at.is_undefined() {
        return Ok(String::new());
    }
    let wrong = || {
        Error::new(
            ErrorKind::InvalidOperation,
            "a moment must be written as in RFC 3339",
        )
    };
    teller.tell_text(&plain(at), form, lang).ok_or_else(wrong)
}

/// The names that MoJ's timeline and messages use; any other format tells day and minute.
fn moj_form(name: &str) -> Form {
    match name {
        "shortdatetime" => Form::Short,
        "date" => Form::Day,
        "shortdate" => Form::ShortDay,
        "time" => Form::Clock,
        _ => Form::ToTheMinute,
    }
}
