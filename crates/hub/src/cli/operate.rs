//! Accounts, keys, codes and prisons, each as one verb of the store.

use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, bail};
use casework::{Actor, OrganisationKind, ProposedChange, Role};
use feed::{EnrolmentCode, Regime, public_key_from_hex};
use prison::PrisonId;

use super::{GateCodeArgs, InitArgs, MergeArgs, OrganisationName, Place, RoleName, RunArgs};
use crate::applications::{AnswerTimes, Answering, Applications};
use crate::custody::Custody;
use crate::keys::HubKeys;
use crate::run::{AlwaysAllowedFile, HubConfig, WebMode};
use crate::seams::Seams;
use crate::store::{Store, StoreMark};

/// Prints one line for the operator.
pub(super) fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").context("cannot print")
}

fn mark(place: &Place) -> StoreMark {
    if place.demo {
        StoreMark::Demo
    } else {
        StoreMark::Service
    }
}

pub(super) async fn open(place: &Place) -> anyhow::Result<(Store, Arc<HubKeys>)> {
    let keys = Arc::new(HubKeys::load(&place.keys).context("cannot read the hub's keys")?);
    let store = Store::open(&place.database, Arc::clone(&keys), mark(place), Seams::real()).await;
    Ok((store.context("cannot open the hub's store")?, keys))
}

pub(super) async fn operator(store: &Store, name: &str) -> anyhow::Result<Actor> {
    let accounts = store.accounts().await?;
    let mut found = accounts
        .into_iter()
        .filter(|actor| actor.name == name && actor.role == Role::Operator);
    match (found.next(), found.next()) {
        (Some(operator), None) => Ok(operator),
        (None, _) => bail!("there is no operator of this name; see `upcs hub init`"),
        (Some(_), Some(_)) => bail!("there are several operators of this name"),
    }
}

pub(super) async fn run_hub(RunArgs { place, how }: RunArgs) -> anyhow::Result<()> {
    let answer_times = how.answer_times();
    let roots = how
        .root
        .iter()
        .map(|hex| public_key_from_hex(hex))
        .collect::<Option<Vec<_>>>();
    let roots = roots.context("--root takes a public key of 64 hexadecimal digits")?;
    let policy = how.policy.context(
        "say when a bar comes at once: --policy FILE; `upcs hub policy > policy.toml` writes one to begin with",
    )?;
    let file = how.always_allowed.context(
        "give the always-allowed list that the gates have: --always-allowed FILE --root KEY --root KEY; \
         `upcs hub always-allowed sign` makes one",
    )?;
    let config = HubConfig {
        mark: mark(&place),
        web: if place.demo {
            WebMode::Demo
        } else {
            WebMode::Public
        },
        database: place.database,
        keys: place.keys,
        listen: how.listen,
        policy,
        always_allowed: AlwaysAllowedFile { file, roots },
        one_pass_in: how.one_pass_in,
        connections: how.connections,
        answer_times,
        raise_alerts: how.raise_alerts,
    };
    crate::run::run(config, Seams::real(), |_| {}, told_to_stop()).await
}

/// Resolves when the process is told to stop.
pub(super) async fn told_to_stop() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be waited for; an interrupt still stops the hub");
            let _ = tokio::signal::ctrl_c().await;
            return;
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

pub(super) async fn init(args: InitArgs) -> anyhow::Result<()> {
    HubKeys::create(&args.place.keys, mark(&args.place), &*Seams::real().random)
        .context("cannot make the hub's keys")?;
    let (store, _) = open(&args.place).await?;
    let operator = store.add_account(None, &args.operator, Role::Operator).await?;
    say(&format!("operator {} ({})", operator.name, operator.account))
}

pub(super) fn role(name: RoleName, prison: Option<PrisonId>) -> anyhow::Result<Role> {
    let confined = || prison.context("this role is confined to a prison: give --prison");
    Ok(match name {
        RoleName::CaseHandler => Role::CaseHandler,
        RoleName::Mailroom => Role::Mailroom { prison: confined()? },
        RoleName::PinphoneClerk => Role::PinphoneClerk { prison: confined()? },
        RoleName::PrisonSecurity => Role::PrisonSecurity { prison: confined()? },
        RoleName::Governor => Role::Governor { prison: confined()? },
        RoleName::Auditor => Role::Auditor,
        RoleName::Operator => Role::Operator,
        RoleName::PrisonService => Role::PrisonService,
    })
}

pub(super) async fn add_account(
    place: &Place,
    by: &str,
    name: &str,
    role: Role,
    with_key: bool,
) -> anyhow::Result<()> {
    let (store, _) = open(place).await?;
    let by = operator(&store, by).await?;
    let actor = store.add_account(Some(&by), name, role).await?;
    say(&actor.account.to_string())?;
    if with_key {
        say(store.add_key(&by, actor.account).await?.expose())?;
    }
    Ok(())
}

pub(super) async fn add_key(
    place: &Place,
    by: &str,
    organisation: &str,
    kind: OrganisationKind,
) -> anyhow::Result<()> {
    let (store, _) = open(place).await?;
    let by = operator(&store, by).await?;
    let account = store
        .add_account(Some(&by), organisation, Role::Referrer { organisation: kind })
        .await?;
    let key = store.add_key(&by, account.account).await?;
    say(key.expose())
}

pub(super) async fn gate_code(args: GateCodeArgs) -> anyhow::Result<()> {
    let (store, keys) = open(&args.place).await?;
    let by = operator(&store, &args.operator).await?;
    let secret = store.issue_enrolment_code(&by, args.prison).await?;
    let hub = keys.feed_signing_key().verifying_key();
    say(&EnrolmentCode {
        prison: args.prison,
        secret,
        hub,
    }
    .to_string())
}

pub(super) async fn merge(args: MergeArgs) -> anyhow::Result<()> {
    let (store, _) = open(&args.place).await?;
    let by = operator(&store, &args.operator).await?;
    let imposed = store.record_merge(&by, args.gone, args.into).await?;
    say(&format!(
        "{} and {} are one person's: bars={imposed}",
        args.gone, args.into
    ))
}

pub(super) async fn switch_on(place: &Place, by: &str, prison: PrisonId) -> anyhow::Result<()> {
    let (store, _) = open(place).await?;
    let by = operator(&store, by).await?;
    store.switch_prison_on(&by, prison, Regime::CallEnabling).await?;
    say(&format!("{prison} is switched on"))
}

/// One step: it removes nothing, and the gate keeps what it holds under its earlier keys.
pub(super) async fn renew_gate_key(place: &Place, by: &str, gate: &str) -> anyhow::Result<()> {
    let (store, _) = open(place).await?;
    let by = operator(&store, by).await?;
    let gate = gate.parse().context("a gate is 32 hexadecimal digits")?;
    let generation = store.renew_fingerprint_key(&by, gate).await?;
    say(&format!(
        "gate {gate} has a new fingerprint key, its number {generation}"
    ))
}

/// Under call barring every number that is not barred rings: a second operator approves it on the pages.
pub(super) async fn propose_barring(
    place: &Place,
    by: &str,
    prison: PrisonId,
    reason: &str,
) -> anyhow::Result<()> {
    let (store, _) = open(place).await?;
    let by = operator(&store, by).await?;
    let change = ProposedChange::SwitchOnCallBarring { prison };
    let proposal = store.propose(&by, change, reason).await?;
    say(&format!(
        "{prison} is not switched on yet: a second operator must approve proposal {proposal}"
    ))
}

/// Answers the contact applications of the last batch that is due; what was answered before is not answered twice.
pub(super) async fn answer_applications(place: &Place, at: AnswerTimes) -> anyhow::Result<()> {
    let (store, _) = open(place).await?;
    let custody = Custody::read(&store).await?;
    let answering = Answering {
        store: &store,
        custody: &custody,
        applications: &Applications::new(at),
        now: Seams::real().clock.now(),
    };
    let answered = answering.run().await?;
    say(&format!(
        "{} applications answered in {} prisons; {} prisons wait",
        answered.applications, answered.prisons, answered.waiting
    ))
}

impl From<OrganisationName> for OrganisationKind {
    fn from(name: OrganisationName) -> Self {
        match name {
            OrganisationName::Police => Self::Police,
            OrganisationName::Probation => Self::Probation,
            OrganisationName::Prison => Self::Prison,
            OrganisationName::VictimService => Self::VictimService,
        }
    }
}
