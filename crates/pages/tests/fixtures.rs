//! The component libraries' own examples: each fixture that govuk-frontend ships must render to the HTML
//! that it ships with it, after white space is evened out. An npm update fails here and not on a page.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use minijinja::value::Value;
use minijinja::{Environment, context};
use serde::Deserialize;

#[derive(Deserialize)]
struct Component {
    fixtures: Vec<Fixture>,
}

/// One example as the package ships it; `options` keeps the order of its keys.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fixture {
    name: String,
    options: Value,
    html: String,
    #[serde(default)]
    call_block: Vec<String>,
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

fn fixtures() -> BTreeMap<String, Vec<Fixture>> {
    let folder = Path::new(env!("OUT_DIR")).join("fixtures");
    let read = |path: &Path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_string();
        let component: Component = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        (name, component.fixtures)
    };
    fs::read_dir(folder).unwrap().map(|entry| read(&entry.unwrap().path())).collect()
}

fn render(environment: &Environment, component: &str, fixture: &Fixture) -> Result<String, String> {
    let function: String = component.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
    let page = match fixture.call_block.as_slice() {
        [] => format!("{{{{ govuk{function}(params) }}}}"),
        body => format!("{{% call govuk{function}(params) %}}{}{{% endcall %}}", body.join("\n")),
    };
    let context = context! { params => fixture.options.clone() };
    environment.render_str(&page, context).map_err(|error| error.to_string())
}

/// White space counts for nothing between tags; two ways to write a quotation mark are one.
fn evened(html: &str) -> String {
    let plain = html.replace("&#x27;", "'").replace("&#39;", "'").replace("&quot;", "\"").replace("=\"\"", "");
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").replace(" <", "<").replace("< ", "<").replace(" >", ">").replace("> ", ">")
}
