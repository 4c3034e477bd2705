//! The documentation names every route, and every documented route answers.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;

use crate::support::TestHub;

fn documented() -> Value {
    serde_json::from_str(include_str!("../../../../docs/api/openapi.json")).unwrap()
}

#[test]
fn the_documentation_names_exactly_the_routes_that_there_are() {
    let document = documented();
    let paths = document["paths"].as_object().unwrap();
    let documented: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, verbs)| {
            verbs
                .as_object()
                .unwrap()
                .keys()
                .map(|verb| (verb.clone(), path.clone()))
        })
        .collect();
    let routed: BTreeSet<(String, String)> = hub::api::routes()
        .into_iter()
        .map(|(method, path, _)| (method.to_owned(), path.to_owned()))
        .collect();
    assert_eq!(documented, routed);
}

#[test]
fn every_reference_in_the_documentation_leads_somewhere() {
    let document = documented();
    let text = document.to_string();
    let mut found = 0;
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
        found += 1;
    }
    assert!(found > 20);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let hub = TestHub::start().await;
    let answer = hub.get("/v1/nothing", None).await;
    assert_eq!(
        (answer.status, answer.kind.as_str()),
        (StatusCode::NOT_FOUND, "application/problem+json")
    );
    let request = Request::delete("/v1/requests").body(Body::empty()).unwrap();
    let answer = hub.send(request).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.kind, "application/problem+json");
}

#[tokio::test]
async fn the_hub_says_that_it_is_well() {
    let hub = TestHub::start().await;
    let answer = hub.get("/v1/health", None).await;
    assert_eq!(
        (answer.status, answer.json()["status"].as_str()),
        (StatusCode::OK, Some("ok"))
    );
}
