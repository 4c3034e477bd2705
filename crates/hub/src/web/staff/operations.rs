//! Running the service: prisons on, gates and their keys, enrolment codes. No case shows here. Whatever
//! removes cover, every new gate and every prison under call barring takes a second operator.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use casework::{Actor, ProposalId, ProposedChange, Verb};
use feed::{EnrolmentCode, GateId, Regime};
use jiff::Timestamp;
use pages::{FieldErrors, Visit};
use prison::{PrisonId, Register};
use serde::Serialize;

use super::fields::Fields;
use super::{Item, ToldBy, done, frame, proposals, refusal, words};
use crate::error::HubError;
use crate::proof::alarms::late_prisons;
use crate::publish::Room;
use crate::store::{GateRecord, GateState, MissingAttempts, PrisonOn, StoreError};
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};

const PATH: &str = "/operations";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(PATH, get(open))
        .route("/operations/enrolment-code", post(enrolment_code))
        .route("/operations/switch-on", post(switch_on))
        .route("/operations/propose", post(propose))
        .route("/operations/revoke-gate", post(revoke_gate))
        .route("/operations/proposals/{id}/approve", post(approve))
        .route("/operations/proposals/{id}/withdraw", post(withdraw))
}

/// What the page shows besides what is on record.
#[derive(Default)]
struct Shown {
    typed: Fields,
    errors: FieldErrors,
    finished: Option<&'static str>,
    problem: Option<&'static str>,
    code: Option<Code>,
}

/// An enrolment code, on the one page that ever shows it.
#[derive(Serialize)]
struct Code {
    prison: String,
    text: String,
}

async fn open(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Query(told): ToldBy,
) -> Result<Response, PageError> {
    show(
        &site,
        &visit,
        &actor,
        Shown {
            finished: told.finished(),
            ..Shown::default()
        },
    )
    .await
}

/// Answers with the page itself and not with a redirect: the code is kept nowhere to be shown again.
async fn enrolment_code(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let mut shown = Shown::default();
    match fields.text("prison").parse::<PrisonId>() {
        Ok(prison) => {
            let secret = site.hub.store.issue_enrolment_code(&actor, prison).await?;
            let hub = site.hub.keys.feed_signing_key().verifying_key();
            let text = EnrolmentCode { prison, secret, hub }.to_string();
            shown.code = Some(Code {
                prison: frame::prison_name(prison),
                text,
            });
        }
        Err(_) => drop(shown.errors.add("code-prison", "operations-error-prison")),
    }
    show(&site, &visit, &actor, shown).await
}

async fn switch_on(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Form(typed): Form<Fields>,
) -> Result<Response, PageError> {
    let mut errors = FieldErrors::new();
    let prison: Option<PrisonId> = typed.parsed("prison", "operations-error-prison", &mut errors);
    let regime: Option<Regime> = typed.choice("regime", "operations-error-regime", &mut errors);
    let (Some(prison), Some(regime)) = (prison, regime) else {
        return show(
            &site,
            &visit,
            &actor,
            Shown {
                typed,
                errors,
                ..Shown::default()
            },
        )
        .await;
    };
    if regime == Regime::CallEnabling {
        let switched = site.hub.store.switch_prison_on(&actor, prison, regime).await;
        return answer(&site, &visit, &actor, switched, "switched-on").await;
    }
    let change = ProposedChange::SwitchOnCallBarring { prison };
    propose_with_reason(&site, &visit, &actor, change, typed, "on-reason").await
}

/// Admitting a gate, retiring one, switching a prison off.
async fn propose(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Form(typed): Form<Fields>,
) -> Result<Response, PageError> {
    let prison: PrisonId = typed.text("prison").parse().map_err(|_| HubError::NotFound)?;
    let gate = typed.text("gate").to_owned();
    let (change, field) = match typed.text("change") {
        "admit-gate" => (
            ProposedChange::AdmitGate {
                gate: gate.clone(),
                prison,
            },
            format!("retire-{gate}"),
        ),
        "retire-gate" => (
            ProposedChange::RetireGate {
                gate: gate.clone(),
                prison,
            },
            format!("retire-{gate}"),
        ),
        "switch-prison-off" => (
            ProposedChange::SwitchPrisonOff { prison },
            format!("off-{prison}"),
        ),
        _ => return Err(PageError(HubError::NotFound)),
    };
    propose_with_reason(&site, &visit, &actor, change, typed, &field).await
}

/// Proposes with the reason that was typed; without one says so beside `field`.
async fn propose_with_reason(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    change: ProposedChange,
    typed: Fields,
    field: &str,
) -> Result<Response, PageError> {
    let mut errors = FieldErrors::new();
    let Some(reason) = typed.words("reason", field, "operations-error-reason", &mut errors) else {
        return show(
            site,
            visit,
            actor,
            Shown {
                typed,
                errors,
                ..Shown::default()
            },
        )
        .await;
    };
    let proposed = site.hub.store.propose(actor, change, reason.expose()).await;
    answer(site, visit, actor, proposed.map(drop), "proposed").await
}

/// One step: it keeps refusing and stays counted.
async fn revoke_gate(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let gate: GateId = fields.text("gate").parse().map_err(|_| HubError::NotFound)?;
    let revoked = site.hub.store.revoke_gate(&actor, gate).await;
    answer(&site, &visit, &actor, revoked, "gate-revoked").await
}

async fn approve(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(id): Path<ProposalId>,
) -> Result<Response, PageError> {
    let approved = site.hub.store.approve(&actor, id).await;
    answer(&site, &visit, &actor, approved, "approved").await
}

async fn withdraw(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(id): Path<ProposalId>,
) -> Result<Response, PageError> {
    let withdrawn = site.hub.store.withdraw_proposal(&actor, id).await;
    answer(&site, &visit, &actor, withdrawn, "withdrawn").await
}

async fn answer(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    outcome: Result<(), StoreError>,
    code: &'static str,
) -> Result<Response, PageError> {
    let Err(error) = outcome else {
        return Ok(done(PATH, code));
    };
    match refusal::sentence(&error) {
        Some(problem) => {
            show(
                site,
                visit,
                actor,
                Shown {
                    problem: Some(problem),
                    ..Shown::default()
                },
            )
            .await
        }
        None => Err(error.into()),
    }
}

#[derive(Serialize)]
struct On {
    id: String,
    name: String,
    regime: String,
    since: Timestamp,
}

#[derive(Serialize)]
struct Gate {
    id: String,
    prison: String,
    prison_name: String,
    key: String,
    state: &'static str,
    silent: bool,
    room: Room,
    attempts: MissingAttempts,
}

async fn show(site: &Site, visit: &Visit, actor: &Actor, shown: Shown) -> Result<Response, PageError> {
    let Shown {
        typed,
        errors,
        finished,
        problem,
        code,
    } = shown;
    let store = &site.hub.store;
    let prisons_on = store.prisons_on().await?;
    let gates = store.gates().await?;
    let open = store.open_proposals(actor).await?;
    let ours = open
        .rows
        .iter()
        .filter(|open| open.proposal.change.approval() == Verb::ApproveOperation);
    let proposals: Vec<proposals::Shown> = ours
        .map(|open| proposals::shown(site, visit.lang, actor, open))
        .collect();
    let status = if problem.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let page = frame::page(visit, PATH, "operations-title", actor)
        .with_status(status)
        .with_errors(errors)
        .with_next(["operations-next-1", "operations-next-2", "operations-next-3"]);
    let choose = site
        .pages
        .say(visit.lang, &"operations-choose-prison".into())
        .unwrap_or_default();
    let late = late_prisons(&site.hub, actor).await?;
    let mut shown_gates = Vec::new();
    for record in &gates {
        shown_gates.push(gate(site, record).await?);
    }
    let context = view! {
        late, typed, finished, problem, code, proposals, more => open.more,
        prisons => prisons_on.iter().map(on).collect::<Vec<_>>(),
        prisons_off => items(&choose, |prison| !prisons_on.iter().any(|on| on.prison == prison)),
        prisons_coded => items(&choose, |prison| prisons_on.iter().any(|on| on.prison == prison)),
        gates => shown_gates,
        second_gates => second_gates(&gates),
    };
    Ok(site.pages.render("staff/operations.html", &page, context))
}

fn on(on: &PrisonOn) -> On {
    On {
        id: on.prison.to_string(),
        name: frame::prison_name(on.prison),
        regime: words::code(on.regime),
        since: on.since,
    }
}

async fn gate(site: &Site, record: &GateRecord) -> Result<Gate, StoreError> {
    let presence = site.hub.publisher.presence(record.id);
    Ok(Gate {
        id: record.id.to_string(),
        prison: record.prison.to_string(),
        prison_name: frame::prison_name(record.prison),
        key: record.key_fingerprint.to_string(),
        state: record.state.as_str(),
        silent: presence.silent,
        room: presence.room,
        attempts: site.hub.store.missing_attempts(record.id).await?,
    })
}

/// The prisons, by name, where a gate waits to be admitted beside one that counts already.
fn second_gates(gates: &[GateRecord]) -> BTreeSet<String> {
    let awaits = |gate: &&GateRecord| gate.state == GateState::Awaiting;
    let beside = |new: &GateRecord| {
        let mut others = gates
            .iter()
            .filter(|other| other.id != new.id && other.prison == new.prison);
        others.any(|other| other.state != GateState::Retired)
    };
    let alarming = gates.iter().filter(awaits).filter(|new| beside(new));
    alarming.map(|new| frame::prison_name(new.prison)).collect()
}

/// The prisons of the register that are asked for, by name.
fn items(choose: &str, wanted: impl Fn(PrisonId) -> bool) -> Vec<Item> {
    let item = |known: &prison::Prison| Item {
        value: known.id.to_string(),
        text: known.name.clone(),
    };
    let mut items: Vec<Item> = Register::built_in()
        .active()
        .filter(|known| wanted(known.id))
        .map(item)
        .collect();
    items.sort_by(|one, other| one.text.cmp(&other.text));
    items.insert(
        0,
        Item {
            value: String::new(),
            text: choose.to_owned(),
        },
    );
    items
}
