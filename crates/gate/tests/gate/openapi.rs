//! The gate's HTTP as it is documented for switches: the same routes, and answers with the documented fields.

use std::collections::BTreeSet;

use feed::Regime;
use serde_json::{Value, json};

use crate::hub::TestHub;
use crate::place::Place;
use crate::source::Source;

fn documented() -> Value {
    serde_json::from_str(include_str!("../../../../docs/api/gate-openapi.json")).unwrap()
}

/// The fields of a schema, and those without which it is not whole.
fn fields(schema: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let document = documented();
    let schema = &document["components"]["schemas"][schema];
    let all = schema["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let required = schema["required"].as_array().unwrap().iter();
    let required = required.map(|name| name.as_str().unwrap().to_owned()).collect();
    (all, required)
}

fn names(said: &Value) -> BTreeSet<String> {
    said.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn the_documentation_names_exactly_the_routes_of_the_gate() {
    let document = documented();
    let paths = document["paths"].as_object().unwrap();
    let documented: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, verbs)| {
            let verbs = verbs.as_object().unwrap().keys();
            verbs.map(|verb| (verb.clone(), path.clone()))
        })
        .collect();
    let routed: BTreeSet<(String, String)> = gate::answer::http::routes()
        .into_iter()
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect();
    assert_eq!(documented, routed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_answers_switches_as_documented() {
    let hub = TestHub::start(Source::new(Regime::CallBarring)).await;
    let gate = Place::enrolled(&hub).await.run().await;
    let helpline = json!({"from": "A1234BC", "dialled": crate::place::HELPLINE});
    for (asked, schema) in [
        (helpline, "Allow"),
        (json!({"from": "A1234BC", "dialled": "no number"}), "Refuse"),
    ] {
        let (status, said) = gate.post(asked).await;
        let (all, required) = fields(schema);
        assert_eq!(status, 200);
        assert!(
            names(&said).is_subset(&all) && required.is_subset(&names(&said)),
            "{said}"
        );
    }
    for (path, schema) in [("/health", "Health"), ("/status", "Status")] {
        let (_, said) = gate.get(path).await;
        let (_, required) = fields(schema);
        assert!(required.is_subset(&names(&said)), "{path}: {said}");
    }
    gate.stop().await;
}
