//! The component libraries as template functions: `govukButton({...})`, `mojTimeline({...})` and so on.
//!
//! In flow the libraries' templates, embedded when the crate was built; out flows an environment in which
//! each component is a global function of one `params` object, as the GOV.UK Design System documents it.
//! A component may be used with `{% call govukFieldset({...}) %}...{% endcall %}`.

use std::borrow::Cow;

use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, State, context};
use rust_embed::RustEmbed;

use crate::nunjucks;

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/components"]
struct Templates;

/// Adds every component to `environment`. Fails only if a template of the libraries does not compile.
pub(crate) fn install(environment: &mut Environment<'static>) -> Result<(), Error> {
    nunjucks::meaning::install(environment);
    environment.set_path_join_callback(beside);
    for path in Templates::iter() {
        let Some(file) = Templates::get(&path) else {
            continue;
        };
        let source = nunjucks::translate(&String::from_utf8_lossy(&file.data));
        environment.add_template_owned(path.to_string(), source)?;
        if let Some(name) = function_name(&path) {
            environment.add_function(name, component(path.to_string()));
        }
    }
    environment.add_function("govukLogo", logo);
    Ok(())
}

/// `govuk/components/error-summary/template.njk` -> `govukErrorSummary`.
fn function_name(path: &str) -> Option<String> {
    let (library, name) = path.strip_suffix("/template.njk")?.split_once("/components/")?;
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    });
    Some(words.fold(library.to_string(), |name, word| name + &word))
}

fn component(
    path: String,
) -> impl Fn(&mut State, Option<Value>, Kwargs) -> Result<Value, Error> + Send + Sync {
    move |state, params, named| {
        let caller = match named.get::<Option<Value>>("caller")? {
            Some(block) => called(block.call(state, &[])?),
            None => Value::UNDEFINED,
        };
        let context = context! { params => params.unwrap_or_default(), caller };
        state
            .env()
            .get_template(&path)?
            .render(context)
            .map(Value::from_safe_string)
    }
}

/// What a `call` block holds, rendered before the component is: the block belongs to the page's own state.
fn called(body: Value) -> Value {
    Value::from_function(move || body.clone())
}

/// The crown; the libraries' header and footer draw it. Our layouts use neither.
fn logo(state: &mut State, params: Option<Value>) -> Result<Value, Error> {
    let source = "{% import 'govuk/macros/logo.njk' as logo %}{{ logo.govukLogo(params) }}";
    state
        .env()
        .render_str(source, context! { params })
        .map(Value::from_safe_string)
}

/// `./_item.njk` stands beside the template that includes it.
fn beside<'a>(name: &'a str, parent: &str) -> Cow<'a, str> {
    match (name.strip_prefix("./"), parent.rsplit_once('/')) {
        (Some(file), Some((folder, _))) => Cow::Owned(format!("{folder}/{file}")),
        _ => Cow::Borrowed(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment<'static> {
        let mut environment = Environment::new();
        install(&mut environment).unwrap();
        environment
    }

    #[test]
    fn components_are_named_as_the_design_system_names_them() {
        assert_eq!(
            function_name("govuk/components/error-summary/template.njk").unwrap(),
            "govukErrorSummary"
        );
        assert_eq!(
            function_name("moj/components/badge/template.njk").unwrap(),
            "mojBadge"
        );
        assert_eq!(
            function_name("moj/components/add-another/_itemTemplate.njk"),
            None
        );
    }

    #[test]
    fn a_component_may_hold_a_block_of_the_page() {
        let page = "{% call govukFieldset({'legend': {'text': 'Who'}}) %}<i>{{ name }}</i>{% endcall %}";
        let html = environment()
            .render_str(page, context! { name => "<b>" })
            .unwrap();
        assert!(
            html.contains("<i>&lt;b&gt;</i>") && html.contains("<fieldset"),
            "{html}"
        );
    }

    #[test]
    fn text_is_escaped_even_where_a_template_turns_escaping_off() {
        let page = "{% autoescape false %}{{ name }}{{ govukTag({'text': name}) }}{% endautoescape %}";
        let html = environment()
            .render_str(page, context! { name => "<b>" })
            .unwrap();
        assert!(html.contains("&lt;b&gt;") && !html.contains("<b>"), "{html}");
    }
}
