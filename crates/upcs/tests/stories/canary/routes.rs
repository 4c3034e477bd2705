//! The canaries through every route of the JSON interface: taken, refused, malformed, too long, without a key.
//!
//! The routes come from the hub's own table, so that a new one is not forgotten.

use anyhow::{Result, ensure};
use hub::api::{IDEMPOTENCY_KEY_CHARS, REQUEST_BODY_BYTES};
use reqwest::Method;
use upcs::say;

use super::plant::Canaries;
use crate::clients::{Bar, Referrer, Sent};
use crate::search::Heap;

/// Sends everything; gives every answer, header fields included.
pub(crate) fn drive(police: &Referrer, canaries: &Canaries, reference: &str, bar: &Bar) -> Result<Vec<Heap>> {
    let mut sent = Vec::new();
    for (method, path, _) in hub::api::routes() {
        let method = Method::from_bytes(method.to_uppercase().as_bytes())?;
        for path in paths(path, canaries, reference, bar) {
            for headers in headers(police, canaries) {
                for (kind, body) in bodies(canaries) {
                    let mut headers = headers.clone();
                    headers.push(("Content-Type".to_owned(), kind.to_owned()));
                    let url = format!("{}{path}", police.url);
                    sent.push(Sent {
                        method: method.clone(),
                        url,
                        headers,
                        body,
                    });
                }
            }
        }
    }
    sent.extend(strays(police, canaries));
    let mut answers = Vec::new();
    let mut statuses = std::collections::BTreeMap::new();
    for (at, one) in sent.into_iter().enumerate() {
        let place = format!(
            "answer {at} of the JSON interface ({} {})",
            one.method,
            route_of(&one.url)
        );
        // Too long a body may be cut off by the connection's end.
        let Ok(answer) = police.http.send(one) else {
            continue;
        };
        *statuses.entry(answer.status).or_insert(0) += 1;
        answers.push(Heap {
            place,
            bytes: format!("{}\n{}", answer.headers, answer.body).into_bytes(),
        });
    }
    say::line(&format!(
        "  JSON interface: {} answers, by status {statuses:?}",
        answers.len()
    ));
    for status in [200, 201, 400, 401, 404, 405, 409, 413, 415, 422] {
        ensure!(
            statuses.contains_key(&status),
            "no request was answered with {status}: the search shows too little"
        );
    }
    Ok(answers)
}

/// Named in a complaint: the path without what was put into it.
fn route_of(url: &str) -> String {
    url.split('/')
        .skip(3)
        .filter(|part| {
            part.bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'1' || b == b'-')
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// A path as it should be asked for, and with a canary in the place of an identifier.
fn paths(path: &str, canaries: &Canaries, reference: &str, bar: &Bar) -> Vec<String> {
    let Some((before, after)) = path.split_once('{') else {
        return vec![path.to_owned()];
    };
    let after = after.split_once('}').map_or("", |(_, after)| after);
    let rightly = if before.contains("requests") {
        reference
    } else {
        bar.0.as_str()
    };
    let number = crate::numbers::digits(&canaries.number);
    let word = canaries.email.split('@').next().unwrap_or_default();
    [rightly, &number, word]
        .map(|part| format!("{before}{part}{after}"))
        .to_vec()
}

fn headers(police: &Referrer, canaries: &Canaries) -> Vec<Vec<(String, String)>> {
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let bearer = |key: &str| field("Authorization", &format!("Bearer {key}"));
    vec![
        vec![field(
            "Referer",
            &format!("http://127.0.0.1/?about={}", canaries.email),
        )],
        vec![bearer(&canaries.email), field("User-Agent", &canaries.email)],
        vec![bearer(&police.key)],
        vec![bearer(&police.key), field("Idempotency-Key", &canaries.email)],
        vec![
            bearer(&police.key),
            field("Idempotency-Key", &"k".repeat(IDEMPOTENCY_KEY_CHARS + 1)),
        ],
    ]
}

fn bodies(canaries: &Canaries) -> Vec<(&'static str, Vec<u8>)> {
    let (request, intelligence) = (
        canaries.request().to_string(),
        canaries.intelligence().to_string(),
    );
    let otherwise = request.replacen("\"why\":\"", "\"why\":\"Again: ", 1);
    let without_people = request.replacen("\"people\"", "\"nobody\"", 1);
    let of_other_shape = request.replacen(
        &format!("\"why\":\"{}\"", canaries.account),
        &format!("\"why\":{{\"{}\":1}}", canaries.account),
        1,
    );
    let of_other_kind = request.replacen(
        "\"kind\":\"police\"",
        &format!("\"kind\":\"{}\"", canaries.account),
        1,
    );
    let as_other = request.replacen("\"kind\":\"police\"", "\"kind\":\"probation\"", 1);
    let long_name = request.replacen(&canaries.name, &canaries.name.repeat(30), 1);
    let broken = format!("{}{{{}", &request[..request.len() / 2], canaries.name);
    let too_long = format!("{request}{}", " ".repeat(REQUEST_BODY_BYTES));
    let json = "application/json";
    let mut bodies: Vec<(&str, Vec<u8>)> = vec![
        (json, Vec::new()),
        (json, canaries.name.clone().into_bytes()),
        ("text/plain", request.clone().into_bytes()),
        (
            "application/x-www-form-urlencoded",
            format!("number={}", canaries.number).into_bytes(),
        ),
    ];
    let several = [
        request,
        otherwise,
        intelligence,
        without_people,
        of_other_shape,
        of_other_kind,
        as_other,
        long_name,
        broken,
        too_long,
    ];
    bodies.extend(several.map(|body| (json, body.into_bytes())));
    bodies
}

/// Paths that are no route, methods that a route does not take, canaries in the query.
fn strays(police: &Referrer, canaries: &Canaries) -> Vec<Sent> {
    let word = canaries.email.split('@').next().unwrap_or_default().to_owned();
    let number = crate::numbers::digits(&canaries.number);
    let table = [
        (Method::GET, format!("/v1/{word}")),
        (Method::GET, format!("/{word}/{number}?number={number}")),
        (Method::GET, format!("/v1/health?name={word}")),
        (Method::DELETE, format!("/v1/requests/{number}")),
        (Method::PUT, format!("/v1/requests?number={number}")),
        (Method::GET, format!("/v1/bars/{number}/in-force?{word}")),
    ];
    let one = |(method, path): (Method, String)| Sent {
        method,
        url: format!("{}{path}", police.url),
        headers: police.authorised(),
        body: canaries.request().to_string().into_bytes(),
    };
    table.into_iter().map(one).collect()
}
