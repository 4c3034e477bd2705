//! As much of HTML as it takes to follow links and fill in forms: tags with their attributes, in order.

/// One form of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) is_post: bool,
    pub(crate) fields: Vec<Field>,
    /// Name and value of each button that sends it.
    pub(crate) buttons: Vec<(String, String)>,
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Hidden,
    Text,
    Radio,
    Checkbox,
    /// One option of a list to choose from.
    Choice,
}

/// Where a page's links lead, on the same site.
pub(crate) fn links(page: &str) -> Vec<String> {
    let anchors = tags(page).into_iter().filter(|tag| tag.name == "a");
    anchors
        .filter_map(|tag| tag.get("href"))
        .filter(|href| href.starts_with('/'))
        .collect()
}

/// The forms of a page.
pub(crate) fn forms(page: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let (mut inside, mut choice) = (false, String::new());
    for tag in tags(page) {
        match tag.name.as_str() {
            "form" => {
                inside = true;
                let is_post = tag
                    .get("method")
                    .is_some_and(|method| method.eq_ignore_ascii_case("post"));
                forms.push(Form {
                    action: tag.get("action").unwrap_or_default(),
                    is_post,
                    ..Form::default()
                });
            }
            "/form" => inside = false,
            "select" => choice = tag.get("name").unwrap_or_default(),
            _ if inside => {
                if let Some(form) = forms.last_mut() {
                    form.take(&tag, &choice);
                }
            }
            _ => {}
        }
    }
    forms
}

impl Form {
    fn take(&mut self, tag: &Tag, choice: &str) {
        let (name, value) = (
            tag.get("name").unwrap_or_default(),
            tag.get("value").unwrap_or_default(),
        );
        let kind = match (tag.name.as_str(), tag.get("type").as_deref()) {
            ("button", _) | ("input", Some("submit")) => {
                self.buttons.push((name, value));
                return;
            }
            ("input", Some("hidden")) => Kind::Hidden,
            ("input", Some("radio")) => Kind::Radio,
            ("input", Some("checkbox")) => Kind::Checkbox,
            ("input" | "textarea", _) => Kind::Text,
            ("option", _) => Kind::Choice,
            _ => return,
        };
        let name = if kind == Kind::Choice {
            choice.to_owned()
        } else {
            name
        };
        self.fields.push(Field { name, value, kind });
    }

    /// What tells this form from others, whatever stands in it.
    pub(crate) fn key(&self) -> String {
        let mut names: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
        names.dedup();
        let steps = self
            .fields
            .iter()
            .filter(|field| field.name == "step")
            .map(|field| field.value.as_str());
        format!(
            "{} {} {}",
            pattern(&self.action),
            names.join(" "),
            steps.collect::<Vec<_>>().join(" ")
        )
    }
}

/// A path without what differs from case to case.
pub(crate) fn pattern(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let is_word = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let parts = path
        .split('/')
        .map(|part| if is_word(part) { part } else { "{}" });
    parts.collect::<Vec<_>>().join("/")
}

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<String> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }
}

fn tags(page: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let inside = &rest[start + 1..];
        let end = end_of_tag(inside);
        tags.push(tag(&inside[..end]));
        rest = &inside[end..];
    }
    tags
}

/// The first `>` that stands in no quotes.
fn end_of_tag(text: &str) -> usize {
    let mut quoted = None;
    for (at, sign) in text.char_indices() {
        match (quoted, sign) {
            (None, '>') => return at,
            (None, '"' | '\'') => quoted = Some(sign),
            (Some(quote), sign) if quote == sign => quoted = None,
            _ => {}
        }
    }
    text.len()
}

fn tag(text: &str) -> Tag {
    let (name, mut rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        let end = rest
            .find(|sign: char| sign == '=' || sign.is_whitespace())
            .unwrap_or(rest.len());
        if end == 0 {
            break;
        }
        let attribute = rest[..end].to_lowercase();
        rest = &rest[end..];
        let mut value = "";
        if let Some(given) = rest.strip_prefix('=') {
            let quote = given.chars().next().filter(|sign| matches!(sign, '"' | '\''));
            let given = if quote.is_some() { &given[1..] } else { given };
            let end = given.find(|sign: char| quote.map_or(sign.is_whitespace(), |quote| sign == quote));
            let end = end.unwrap_or(given.len());
            value = &given[..end];
            rest = given[end..].strip_prefix(['"', '\'']).unwrap_or(&given[end..]);
        }
        attributes.push((attribute, decoded(value)));
    }
    Tag {
        name: name.to_lowercase(),
        attributes,
    }
}

fn decoded(text: &str) -> String {
    let table = [
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2f;", "/"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    table
        .iter()
        .fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}
