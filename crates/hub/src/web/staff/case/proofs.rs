//! Is it in force? One panel for each bar that stands, prison by prison.

use casework::Actor;
use jiff::Timestamp;
use serde::Serialize;

use crate::error::HubError;
use crate::proof::{self, Channel, InForce};
use crate::store::CaseFile;
use crate::web::site::Site;
use crate::web::staff::words;

/// Up to so many prisons are all shown; of more, those that are covered are folded away.
const ALL_SHOWN: usize = 5;

/// How far one bar is in force, as the page shows it.
#[derive(Serialize)]
pub(super) struct Panel {
    target: String,
    /// Whether it is applied in the mailrooms; else at every call.
    pub(super) letters: bool,
    /// Every prison that is switched on is covered.
    whole: bool,
    prisons: usize,
    covered: usize,
    at: Option<Timestamp>,
    /// Prisoners who keep the number because two people so decided.
    kept: u64,
    /// Prisons of the register that are not switched on.
    pub(super) not_counted: usize,
    /// Prisons in which a call that was up when the bar came goes on.
    calls_go_on: Vec<String>,
    open_rows: Vec<Row>,
    folded_rows: Vec<Row>,
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
    let calls_go_on = proof.by_prison.iter().filter(|row| row.ends_calls == Some(false));
    let calls_go_on = calls_go_on.map(|row| row.name.clone()).collect();
    let rows = proof.by_prison.into_iter().map(|row| Row {
        name: row.name,
        covered: row.covered,
        at: row.at,
        why_not: row.why_not.map(words::code),
    });
    let few = proof.prisons <= ALL_SHOWN;
    let (open_rows, folded_rows) = rows.partition(|row| few || !row.covered);
    Panel {
        target,
        letters: proof.channel == Channel::Letters,
        whole: proof.prisons > 0 && proof.covered == proof.prisons,
        prisons: proof.prisons,
        covered: proof.covered,
        at: proof.at,
        kept: proof.kept,
        not_counted: proof.not_covered,
        calls_go_on,
        open_rows,
        folded_rows,
    }
}
