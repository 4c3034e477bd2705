//! Is it in force? One panel for each bar that stands, prison by prison.

use casework::Actor;
use jiff::Timestamp;
use serde::Serialize;

use crate::error::HubError;
use crate::proof::{self, Channel, InForce};
use crate::store::CaseFile;
use crate::web::site::Site;
use crate::web::staff::words;

/// How far one bar is in force, as the page shows it.
#[derive(Serialize)]
pub(super) struct Panel {
    target: String,
    letters: bool,
    /// Every prison that is switched on is covered.
    whole: bool,
    prisons: usize,
    covered: usize,
    at: Option<Timestamp>,
    not_covered: usize,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    covered: bool,
    at: Option<Timestamp>,
    why_not: Option<String>,
}

/// The panels of the bars in force, oldest bar first.
pub(super) async fn panels(site: &Site, actor: &Actor, file: &CaseFile) -> Result<Vec<Panel>, HubError> {
    let mut panels = Vec::new();
    for record in file.bars.iter().filter(|record| record.bar.state.in_force()) {
        let proof = proof::in_force(&site.hub, actor, record.bar.id).await?;
        panels.push(panel(words::target(&record.bar.target), proof));
    }
    Ok(panels)
}

fn panel(target: String, proof: InForce) -> Panel {
    let rows = proof.by_prison.into_iter().map(|row| Row {
        name: row.name,
        covered: row.covered,
        at: row.at,
        why_not: row.why_not.map(words::code),
    });
    Panel {
        target,
        letters: proof.channel == Channel::Letters,
        whole: proof.prisons > 0 && proof.covered == proof.prisons,
        prisons: proof.prisons,
        covered: proof.covered,
        at: proof.at,
        not_covered: proof.not_covered,
        rows: rows.collect(),
    }
}
