//! Running the service: prisons on, gates and their keys, enrolment codes. No case shows here. Whatever
//! removes cover, every new gate and every prison under call barring takes a second operator.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::routing::{get, post};
use casework::{ProposedChange, Verb};
use feed::{EnrolmentCode, GateId, Regime};
use jiff::Timestamp;
use pages::FieldErrors;
use prison::{PrisonId, Register};
use serde::Serialize;

use super::desk::{Answer, Desk, Place, Told, open};
use super::fields::Fields;
use super::proposals::{decided_on, waiting};
use super::{Item, done, frame, messages, words};
use crate::custody::queue::unread_since;
use crate::error::HubError;
use crate::mailroom::late_letters;
use crate::proof::alarms::late_prisons;
use crate::publish::Room;
use crate::store::{GateRecord, GateState, LateLetters, MissingAttempts, PrisonOn, StoreError};
use crate::web::site::{PageError, Site};

/// The page of those who run the service.
struct Operations;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(Operations::PATH, get(open::<Operations>))
        .route("/operations/enrolment-code", post(enrolment_code))
        .route("/operations/switch-on", post(switch_on))
        .route("/operations/propose", post(propose))
        .route("/operations/revoke-gate", post(revoke_gate))
        .merge(decided_on::<Operations>("/operations/proposals"))
        .merge(messages::decided_on::<Operations>("/operations/messages"))
}

/// An enrolment code, on the one page that ever shows it.
#[derive(Serialize)]
struct Code {
    prison: String,
    text: String,
}

/// Answers with the page itself and not with a redirect: the code is kept nowhere to be shown again.
async fn enrolment_code(desk: Desk, Form(fields): Form<Fields>) -> Answer {
    let mut told = Told::default();
    let Ok(prison) = fields.text("prison").parse::<PrisonId>() else {
        told.errors.add("code-prison", "operations-error-prison");
        return Operations::show(&desk, told).await;
    };
    let secret = desk.store().issue_enrolment_code(&desk.actor, prison).await?;
    let hub = desk.site.hub.keys.feed_signing_key().verifying_key();
    let code = Code {
        prison: frame::prison_name(prison),
        text: EnrolmentCode { prison, secret, hub }.to_string(),
    };
    show(&desk, told, Some(code)).await
}

async fn switch_on(desk: Desk, Form(typed): Form<Fields>) -> Answer {
    let mut errors = FieldErrors::new();
    let prison: Option<PrisonId> = typed.parsed("prison", "operations-error-prison", &mut errors);
    let regime: Option<Regime> = typed.choice("regime", "operations-error-regime", &mut errors);
    let (Some(prison), Some(regime)) = (prison, regime) else {
        return Operations::show(&desk, Told::mend(typed, errors)).await;
    };
    if regime == Regime::CallEnabling {
        let switched = desk.store().switch_prison_on(&desk.actor, prison, regime).await;
        let answered = done(Operations::PATH, "switched-on");
        return desk.answer::<Operations>(switched, answered).await;
    }
    let change = ProposedChange::SwitchOnCallBarring { prison };
    desk.propose::<Operations>(change, typed, "on-reason").await
}

/// Admitting a gate, retiring one, switching a prison off.
async fn propose(desk: Desk, Form(typed): Form<Fields>) -> Answer {
    let prison: PrisonId = typed.text("prison").parse().map_err(|_| HubError::NotFound)?;
    let gate = typed.text("gate").to_owned();
    let of_gate = format!("retire-{gate}");
    let (change, field) = match typed.text("change") {
        "admit-gate" => (ProposedChange::AdmitGate { gate, prison }, of_gate),
        "retire-gate" => (ProposedChange::RetireGate { gate, prison }, of_gate),
        "switch-prison-off" => (
            ProposedChange::SwitchPrisonOff { prison },
            format!("off-{prison}"),
        ),
        _ => return Err(PageError(HubError::NotFound)),
    };
    desk.propose::<Operations>(change, typed, &field).await
}

/// One step: it keeps refusing and stays counted.
async fn revoke_gate(desk: Desk, Form(fields): Form<Fields>) -> Answer {
    let gate: GateId = fields.text("gate").parse().map_err(|_| HubError::NotFound)?;
    let revoked = desk.store().revoke_gate(&desk.actor, gate).await;
    let answered = done(Operations::PATH, "gate-revoked");
    desk.answer::<Operations>(revoked, answered).await
}

impl Place for Operations {
    const PATH: &'static str = "/operations";

    async fn show(desk: &Desk, told: Told) -> Answer {
        show(desk, told, None).await
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

async fn show(desk: &Desk, told: Told, code: Option<Code>) -> Answer {
    let store = desk.store();
    let prisons_on = store.prisons_on().await?;
    let gates = store.gates().await?;
    let (proposals, more) = waiting(desk, Verb::ApproveOperation).await?;
    let page = desk.page(Operations::PATH, "operations-title").with_next([
        "operations-next-1",
        "operations-next-2",
        "operations-next-3",
    ]);
    let is_on = |prison| prisons_on.iter().any(|on| on.prison == prison);
    let late = late_prisons(&desk.site.hub, &desk.actor).await?;
    let letters_late: Vec<LateRow> = late_letters(&desk.site.hub).await?.iter().map(late_row).collect();
    let mut shown_gates = Vec::new();
    for record in &gates {
        shown_gates.push(gate(&desk.site, record).await?);
    }
    let messages: messages::Shown = store.custody_messages(&desk.actor).await?.into();
    let queue_unread = unread_since(&desk.site.hub).await?;
    let context = view! {
        messages, late, queue_unread, letters_late, code, proposals, more, gates => shown_gates, second_gates => second_gates(&gates),
        prisons => prisons_on.iter().map(on).collect::<Vec<_>>(),
        prisons_off => items(desk, |prison| !is_on(prison)), prisons_coded => items(desk, is_on),
    };
    Ok(desk.render("staff/operations.html", page, told, context))
}

/// A prison in which letters wait too long.
#[derive(Serialize)]
struct LateRow {
    prison: String,
    undecided: u64,
    unchecked: u64,
}

fn late_row(late: &LateLetters) -> LateRow {
    LateRow {
        prison: frame::prison_name(late.prison),
        undecided: late.undecided,
        unchecked: late.unchecked,
    }
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
fn items(desk: &Desk, wanted: impl Fn(PrisonId) -> bool) -> Vec<Item> {
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
    items.insert(0, Item::none(desk.say("operations-choose-prison")));
    items
}
