//! A demo made from nothing: keys, store, people, two gates enrolled with two people's agreement, approved
//! lists. Everything is done through the same verbs and the same HTTP as in earnest.

use std::fs;
use std::sync::Arc;

use anyhow::{Context, Result};
use casework::{Actor, Policy, ProposedChange, Role};
use data_encoding::HEXLOWER;
use feed::{AlwaysAllowed, CoSigned, EnrolmentCode, Regime, SigningKey, public_key_to_hex};
use hub::applications::short_day::apply_and_answer;
use hub::custody::take_message;
use hub::keys::HubKeys;
use hub::seams::Seams;
use hub::store::{CameBy, Store, StoreMark};
use indicatif::{ProgressBar, ProgressStyle};
use prison::PrisonId;

use super::folder::{Folder, Remembered};
use super::people::{APPROVED, BARRING, ENABLING, OPERATORS, WITHOUT_GATE, prisoners, staff};
use super::stack;

/// Makes the demo and remembers who may sign in.
pub(super) async fn make(folder: &Folder) -> Result<()> {
    let bar = progress();
    let seams = Seams::real();
    bar.set_message("keys and an empty store");
    HubKeys::create(&folder.hub_keys(), StoreMark::Demo, &*seams.random).context("no keys can be made")?;
    sign_always_allowed(folder)?;
    fs::write(folder.policy(), Policy::BUILT_IN)?;
    let keys = Arc::new(HubKeys::load(&folder.hub_keys()).context("the keys cannot be read")?);
    let store = Store::open(
        &folder.database(),
        Arc::clone(&keys),
        StoreMark::Demo,
        seams.clone(),
    )
    .await;
    let store = store.context("the store cannot be made")?;
    bar.inc(1);

    bar.set_message("fictional staff and prisoners");
    let operators = add_operators(&store).await?;
    for person in staff() {
        store
            .add_account(Some(&operators[0]), person.name, person.role)
            .await?;
    }
    let police = police_key(&store, &operators[0]).await?;
    store.import_prisoners(prisoners()).await?;
    // One that cannot be acted upon, so that the page can be seen that shows such.
    take_message(
        (&store, &seams),
        &operators[0],
        CameBy::Post,
        A_MESSAGE_TO_SET_ASIDE,
    )
    .await?;
    for (prison, regime) in regimes() {
        switch_on(&store, &operators, prison.parse()?, regime).await?;
    }
    bar.inc(1);

    bar.set_message("two gates, agreed to by two people");
    // Any free port: the gates are told the hub's address whenever they are started.
    let mut hub = stack::start_hub_at(folder, 0)?;
    for (prison, _) in regimes()
        .into_iter()
        .filter(|(prison, _)| *prison != WITHOUT_GATE)
    {
        stack::install_gate(folder, prison, &hub.address)?;
        enrol(folder, &store, &keys, &operators, prison).await?;
    }
    bar.inc(1);

    bar.set_message("approved numbers at the enabling prison");
    approve_numbers(&store).await?;
    hub.process.still_runs()?;
    drop(hub);
    let operators = OPERATORS.map(str::to_owned);
    folder.remember(&Remembered {
        police_key: police,
        operators,
    })?;
    bar.finish_and_clear();
    Ok(())
}

/// An event of the prison service whose prison number is none.
const A_MESSAGE_TO_SET_ASIDE: &[u8] = br#"{"eventType": "prisoner-offender-search.prisoner.received",
    "occurredAt": "2026-01-05T08:00:00Z",
    "additionalInformation": {"nomsNumber": "A12", "prisonId": "LEI", "reason": "NEW_ADMISSION"}}"#;

/// Under call barring every number that is not barred rings, so that two people agree to it.
async fn switch_on(store: &Store, operators: &[Actor; 2], prison: PrisonId, regime: Regime) -> Result<()> {
    if regime == Regime::CallEnabling {
        return Ok(store.switch_prison_on(&operators[0], prison, regime).await?);
    }
    let change = ProposedChange::SwitchOnCallBarring { prison };
    let proposal = store
        .propose(&operators[0], change, "New prison of the demo")
        .await?;
    Ok(store.approve(&operators[1], proposal).await?)
}

fn progress() -> ProgressBar {
    let bar = ProgressBar::new(4);
    if let Ok(style) = ProgressStyle::with_template("making the demo [{bar:20}] {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    bar
}

fn regimes() -> [(&'static str, Regime); 3] {
    [
        (BARRING, Regime::CallBarring),
        (ENABLING, Regime::CallEnabling),
        (WITHOUT_GATE, Regime::CallEnabling),
    ]
}

/// Two root keys sign the always-allowed list; hub and gates are given the public halves. The secret halves stay in
/// the demo's folder, so that a new session can be certified there as two people would off the hub.
fn sign_always_allowed(folder: &Folder) -> Result<()> {
    let random = Seams::real().random;
    let keys = [(); 2].map(|()| {
        let mut secret = [0; 32];
        random.fill(&mut secret);
        SigningKey::from_bytes(&secret)
    });
    for (file, key) in folder.root_keys().iter().zip(&keys) {
        fs::write(file, HEXLOWER.encode(key.as_bytes())).context("a root key cannot be written")?;
    }
    let numbers = hub::always_allowed::read_csv(hub::always_allowed::BUILT_IN.as_bytes())?;
    let list = AlwaysAllowed { version: 1, numbers };
    let signed = CoSigned::sign(&list, [&keys[0], &keys[1]]).context("the list cannot be signed")?;
    fs::write(folder.always_allowed(), signed.to_file())?;
    let roots = keys.map(|key| public_key_to_hex(&key.verifying_key()));
    fs::write(folder.roots_file(), roots.join("\n")).context("the root keys cannot be written")
}

async fn add_operators(store: &Store) -> Result<[Actor; 2]> {
    let first = store.add_account(None, OPERATORS[0], Role::Operator).await?;
    // Not made by the first: two accounts of which one made the other count as one person.
    let second = store.add_account(None, OPERATORS[1], Role::Operator).await?;
    Ok([first, second])
}

async fn police_key(store: &Store, operator: &Actor) -> Result<String> {
    let role = Role::Referrer {
        organisation: casework::OrganisationKind::Police,
    };
    let account = store
        .add_account(Some(operator), "Northmoor Police (JSON)", role)
        .await?;
    Ok(store
        .add_key(operator, account.account)
        .await?
        .expose()
        .to_owned())
}

/// One operator asks for the code, the gate makes its keys and comes with it, the other operator compares
/// fingerprints.
async fn enrol(
    folder: &Folder,
    store: &Store,
    keys: &HubKeys,
    operators: &[Actor; 2],
    prison: &str,
) -> Result<()> {
    let id: PrisonId = prison.parse()?;
    let secret = store.issue_enrolment_code(&operators[0], id).await?;
    let code = EnrolmentCode {
        prison: id,
        secret,
        hub: keys.feed_signing_key().verifying_key(),
    };
    let shown_at_gate = stack::enrol_gate(folder, prison, &code)?;
    let gates = store.gates().await?;
    let gate = gates
        .iter()
        .find(|gate| gate.prison == id)
        .context("the gate did not reach the hub")?;
    anyhow::ensure!(
        gate.key_fingerprint.matches(&shown_at_gate),
        "the key fingerprints differ"
    );
    let change = ProposedChange::AdmitGate {
        gate: gate.id.to_string(),
        prison: id,
    };
    let proposal = store
        .propose(&operators[0], change, "New gate of the demo")
        .await?;
    Ok(store.approve(&operators[1], proposal).await?)
}

/// The clerk applies, security approves: a number on a list takes two people.
async fn approve_numbers(store: &Store) -> Result<()> {
    let accounts = store.accounts().await?;
    let find = |wanted: fn(&Role) -> bool| {
        let prison = ENABLING.parse().ok();
        accounts
            .iter()
            .find(|actor| wanted(&actor.role) && actor.role.prison() == prison)
    };
    let clerk = find(|role| matches!(role, Role::PinphoneClerk { .. })).context("the demo has a clerk")?;
    let security = find(|role| matches!(role, Role::PrisonSecurity { .. })).context("and security")?;
    for (holder, written, contact, name) in APPROVED {
        let number = phone::resolve(written, None)
            .context("a demo number resolves")?
            .number;
        let (prison, holder) = (ENABLING.parse()?, holder.parse()?);
        let at = (store, Seams::real().clock.now());
        let applied = apply_and_answer(at, clerk, prison, holder, number, contact, name).await?;
        let applied = applied.context("a number of the demo may be rung")?;
        store.approve(security, applied).await?;
    }
    Ok(())
}
