//! What Nunjucks means at run time where MiniJinja means something else: how values print, what counts
//! as a sequence, the methods of JavaScript's lists, and the two attribute macros (rewritten in Rust
//! because they look inside `SafeString`, which has no like here).

use minijinja::value::{Rest, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

/// Gives an environment the meaning that the component templates expect.
pub(crate) fn install(environment: &mut Environment<'static>) {
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(print);
    environment.set_unknown_method_callback(list_method);
    environment.add_global("null", Value::from(()));
    environment.add_filter("escape", |value: Value| Value::from_safe_string(escaped(&value)));
    environment.add_filter("string", |value: Value| plain(&value));
    environment.add_filter("length", |value: Value| value.len().unwrap_or(0));
    environment.add_filter(
        "each",
        |value: Value| if value.is_none() { Value::UNDEFINED } else { value },
    );
    environment.add_filter("truthy", |value: Value| truthy(&value));
    environment.add_filter("pairs", pairs);
    environment.add_filter("select", select);
    environment.add_test("null", |value: &Value| value.is_none());
    environment.add_test("escaped", |value: &Value| value.is_safe());
    environment.add_function("govukAttributes", attributes);
    environment.add_function("govukI18nAttributes", translations);
}

/// Everything printed is escaped unless marked safe, whatever a template says of auto-escaping.
fn print(out: &mut Output, _state: &mut State, value: &Value) -> Result<(), Error> {
    out.write_str(&escaped(value)).map_err(Error::from)
}

/// Truth as in JavaScript, where an empty list or object is true.
fn truthy(value: &Value) -> bool {
    value.is_true() || matches!(value.kind(), ValueKind::Seq | ValueKind::Map)
}

/// A value as JavaScript prints it: `true`, `3` for 3.0, nothing for null and undefined.
pub(crate) fn plain(value: &Value) -> String {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => String::new(),
        ValueKind::Bool => if value.is_true() { "true" } else { "false" }.to_string(),
        ValueKind::Number => {
            let number = value.to_string();
            number.strip_suffix(".0").unwrap_or(&number).to_string()
        }
        _ => value.to_string(),
    }
}

/// A value for HTML text or a quoted attribute.
pub(crate) fn escaped(value: &Value) -> String {
    let text = plain(value);
    if value.is_safe() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            '\\' => out.push_str("&#92;"),
            other => out.push(other),
        }
    }
    out
}

/// `for k, v in x`: the pairs of an object; a list of lists is taken as it stands.
fn pairs(value: Value) -> Result<Value, Error> {
    if value.kind() != ValueKind::Map {
        return Ok(if value.is_none() { Value::UNDEFINED } else { value });
    }
    let keys = value.try_iter()?;
    let pairs: Result<Vec<Value>, Error> = keys
        .map(|key| Ok(Value::from(vec![key.clone(), value.get_item(&key)?])))
        .collect();
    pairs.map(Value::from)
}

/// `select("truthy")` and `select("eq", x)`: the two forms in use.
fn select(value: Value, how: Rest<Value>) -> Result<Value, Error> {
    let wanted =
        (how.first().and_then(Value::as_str) == Some("eq")).then(|| how.get(1).cloned().unwrap_or_default());
    let kept = value
        .try_iter()?
        .filter(|item| wanted.as_ref().map_or(item.is_true(), |wanted| wanted == item));
    Ok(Value::from(kept.collect::<Vec<_>>()))
}

/// JavaScript's `includes`, `concat`, `join` and `indexOf` on lists.
fn list_method(_state: &mut State, list: &Value, method: &str, arguments: &[Value]) -> Result<Value, Error> {
    if !matches!(list.kind(), ValueKind::Seq | ValueKind::Iterable) {
        return Err(Error::from(ErrorKind::UnknownMethod));
    }
    let items: Vec<Value> = list.try_iter()?.collect();
    let first = arguments.first().cloned().unwrap_or_default();
    match method {
        "includes" => Ok(Value::from(items.contains(&first))),
        "indexOf" => Ok(Value::from(
            items
                .iter()
                .position(|item| *item == first)
                .map_or(-1, |at| at as i64),
        )),
        "join" => Ok(Value::from(
            items.iter().map(plain).collect::<Vec<_>>().join(&plain(&first)),
        )),
        "concat" => Ok(Value::from(concat(items, arguments))),
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    }
}

fn concat(mut items: Vec<Value>, arguments: &[Value]) -> Vec<Value> {
    for argument in arguments {
        match (argument.kind(), argument.try_iter()) {
            (ValueKind::Seq | ValueKind::Iterable, Ok(more)) => items.extend(more),
            _ => items.push(argument.clone()),
        }
    }
    items
}

/// The library's `govukAttributes`: ` name="value"` for each, with its rules for optional ones.
fn attributes(given: Value) -> Result<Value, Error> {
    let mut out = String::new();
    match given.kind() {
        ValueKind::String => out = given.to_string(),
        ValueKind::Map => {
            for name in given.try_iter()? {
                out.push_str(&attribute(&name, &given.get_item(&name)?)?);
            }
        }
        _ => {}
    }
    Ok(Value::from_safe_string(out))
}

fn attribute(name: &Value, item: &Value) -> Result<String, Error> {
    let (value, optional) = match item.kind() {
        ValueKind::Map => (
            item.get_attr("value")?,
            item.get_attr("optional")? == Value::from(true),
        ),
        _ => (item.clone(), false),
    };
    let empty = value.is_none() || value.is_undefined();
    Ok(match (optional, value.kind() == ValueKind::Bool) {
        (true, true) if value.is_true() => format!(" {}", escaped(name)),
        (true, true) => String::new(),
        (true, false) if empty => String::new(),
        _ => format!(" {}=\"{}\"", escaped(name), escaped(&value)),
    })
}

/// The library's `govukI18nAttributes`: translations for the behaviour, as `data-i18n` attributes.
fn translations(params: Value) -> Result<Value, Error> {
    let key = escaped(&params.get_attr("key")?);
    let (one, many) = (params.get_attr("message")?, params.get_attr("messages")?);
    let mut out = String::new();
    if many.kind() == ValueKind::Map {
        for rule in many.try_iter()? {
            let message = many.get_item(&rule)?;
            out.push_str(&format!(
                " data-i18n.{key}.{}=\"{}\"",
                escaped(&rule),
                escaped(&message)
            ));
        }
    } else if one.is_true() {
        out.push_str(&format!(" data-i18n.{key}=\"{}\"", escaped(&one)));
    }
    Ok(Value::from_safe_string(out))
}
