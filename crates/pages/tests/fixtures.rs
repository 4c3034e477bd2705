//! The component libraries' own examples: each fixture that govuk-frontend ships must render to the HTML
//! that it ships with it, after white space is evened out. An npm update fails here and not on a page.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use minijinja::value::Value;
use minijinja::{Environment, context};
use pages::{Lang, Page, Pages, Visit};
use serde::Deserialize;

#[derive(Deserialize)]
struct Component {
    fixtures: Vec<Fixture>,
}

/// One example as the package ships it; `options` keeps the order of its keys.
#[derive(Deserialize)]
struct Fixture {
    name: String,
    options: Value,
    html: String,
}

/// Fixtures that differ, and why.
const DIFFERING: &[(&str, &str)] = &[];

/// Fixtures in govuk-frontend 6.6.0.
const FIXTURES: usize = 725;

#[test]
fn every_fixture_of_the_design_system_renders_as_it_ships() {
    let environment = pages::component_environment().unwrap();
    let (mut seen, mut differing) = (0, BTreeSet::new());
    for (component, fixtures) in fixtures() {
        for fixture in fixtures {
            seen += 1;
            let (wanted, name) = (evened(&fixture.html), &fixture.name);
            let rendered = render(&environment, &component, &fixture).map(|html| evened(&html));
            let inline = rendered
                .as_ref()
                .is_ok_and(|html| adds_inline(html, &fixture.options));
            assert!(!inline, "{component}: {name} has something inline");
            if rendered.as_deref() != Ok(&wanted) {
                println!("{component}: {name}\n  wanted {wanted}\n  got    {rendered:?}");
                differing.insert(format!("{component}: {name}"));
            }
        }
    }
    let known: BTreeSet<String> = DIFFERING.iter().map(|(name, _)| name.to_string()).collect();
    assert_eq!(differing, known);
    assert_eq!(seen, FIXTURES);
}

/// One set of parameters that fills the usual ones of every MoJ component.
fn usual() -> Value {
    let item = context! {
        text => "Words", href => "#", html => "<b>Words</b>", active => true, id => "one", timestamp => "2026-11-23T10:00:00Z",
        label => context! { text => "Barred" }, byline => context! { text => "Sam" }, attributes => context! { lang => "cy" },
        datetime => context! { timestamp => "2026-11-23T10:00:00Z", type => "datetime" },
    };
    context! {
        id => "x", name => "x", text => "3", title => "Title", type => "information", variant => "success", classes => "own",
        label => context! { text => "Label" }, attributes => context! { lang => "cy" }, items => vec![item.clone(), item],
        heading => context! { text => "Heading" }, results => context! { from => 1, to => 2, count => 3 },
        hint => context! { text => "Hint" }, input => context! { id => "x", name => "x" }, button => context! { text => "Go" },
    }
}

#[test]
fn every_component_of_the_ministry_renders_with_its_usual_parameters() {
    let components = fs::read_dir(Path::new(env!("OUT_DIR")).join("components/moj/components")).unwrap();
    let names: Vec<String> = components
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let calls: Vec<String> = names
        .iter()
        .map(|name| format!("{{% call moj{}(params) %}}Words{{% endcall %}}", joined(name)))
        .collect();
    let templates: Vec<(&str, &str)> = names
        .iter()
        .map(String::as_str)
        .zip(calls.iter().map(String::as_str))
        .collect();
    let pages = Pages::builder()
        .templates(&templates)
        .strict(false)
        .build()
        .unwrap();
    let page = Page::public(
        &Visit {
            lang: Lang::En,
            here: None,
        },
        "neutral-title",
    );
    for name in &names {
        let html = pages.html(name, &page, context! { params => usual() }).unwrap();
        assert!(
            html.contains("moj-") && !html.contains("<script") && !html.contains(" style="),
            "{name}: {html}"
        );
    }
    assert_eq!(names.len(), 26);
}

/// Something inline that was not in what the component was given.
fn adds_inline(html: &str, given: &Value) -> bool {
    let given = given.to_string();
    ["<script", " style=", " onclick="]
        .iter()
        .any(|mark| html.contains(mark) && !given.contains(mark))
}

/// `error-summary` -> `ErrorSummary`.
fn joined(name: &str) -> String {
    name.split('-')
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect()
}

fn fixtures() -> BTreeMap<String, Vec<Fixture>> {
    let folder = Path::new(env!("OUT_DIR")).join("fixtures");
    let read = |path: &Path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_string();
        let component: Component = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        (name, component.fixtures)
    };
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| read(&entry.unwrap().path()))
        .collect()
}

fn render(environment: &Environment, component: &str, fixture: &Fixture) -> Result<String, String> {
    let function = joined(component);
    let page = format!("{{{{ govuk{function}(params) }}}}");
    let context = context! { params => fixture.options.clone() };
    environment
        .render_str(&page, context)
        .map_err(|error| error.to_string())
}

/// White space counts for nothing between tags; two ways to write a quotation mark are one.
fn evened(html: &str) -> String {
    let plain = html
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("=\"\"", "");
    let words: Vec<&str> = plain.split_whitespace().collect();
    words
        .join(" ")
        .replace(" <", "<")
        .replace("< ", "<")
        .replace(" >", ">")
        .replace("> ", ">")
}
