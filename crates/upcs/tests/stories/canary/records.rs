//! What the prison service's own system fetches of the canaries' case: on whose record it is to raise an alert. The answer
//! is searched whole, body and header fields.

use anyhow::{Context, Result, ensure};
use casework::{Personal, Reference, Role};
use hub::custody::RaiseAlerts;
use reqwest::Method;

use crate::clients::{Http, Sent};
use crate::house::House;
use crate::search::Heap;
use crate::store::{HOLDERS, open_store, somebody};

/// Confirms a prisoner of the case, has the alert asked for, and fetches it.
pub(crate) fn drive(house: &House, reference: &str) -> Result<Heap> {
    let key = upcs::cli::runtime()?.block_on(asked_for(house, reference))?;
    let answer = Http::new()?.send(Sent {
        method: Method::GET,
        url: format!("{}/v1/custody/alerts-to-raise", house.url()),
        headers: vec![("Authorization".to_owned(), format!("Bearer {key}"))],
        body: Vec::new(),
    })?;
    let alerts = answer.json()?;
    let alerts = alerts["alerts"].as_array().context("a list of alerts")?;
    ensure!(
        !alerts.is_empty(),
        "no alert is to be raised: the search shows too little"
    );
    Ok(Heap {
        place: "the alerts to be raised".to_owned(),
        bytes: format!("{}\n{}", answer.headers, answer.body).into_bytes(),
    })
}

/// The key with which it is fetched.
async fn asked_for(house: &House, reference: &str) -> Result<String> {
    let store = open_store(&house.folder).await?;
    let handler = somebody(&store, |role| *role == Role::CaseHandler).await?;
    let operator = somebody(&store, |role| *role == Role::Operator).await?;
    let reference: Reference = reference.parse().ok().context("a reference")?;
    let case = store.open_case(&handler, reference).await?.case;
    // Whoever holds none of the story's numbers.
    let prisoners = store.prisoners().await?;
    let mut others = prisoners.iter().map(|record| record.prisoner_number);
    let him = others.find(|number| !HOLDERS.contains(&number.as_str()));
    let him = him.context("the demo holds somebody else")?;
    store
        .locate_prisoner(&handler, case, him, &Personal::new("{}"), "story")
        .await?;
    store.note_alert_requests(RaiseAlerts::Raise).await?;
    let system = store
        .add_account(Some(&operator), "Prison service", Role::PrisonService)
        .await?;
    let key = store.add_key(&operator, system.account).await?;
    Ok(key.expose().to_owned())
}
