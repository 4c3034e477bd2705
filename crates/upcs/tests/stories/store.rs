//! The hub's store, opened by a story as an operator's command opens it; and approved lists put into it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use casework::{Actor, Role};
use feed::ContactKind;
use hub::applications::short_day::apply_and_answer_all;
use hub::keys::HubKeys;
use hub::seams::Seams;
use hub::store::{ShownAttempt, Store, StoreMark};
use phone::PhoneNumber;
use prison::PrisonerNumber;
use upcs::demo::{ENABLING, Folder};

/// Prisoners of the demo's enabling prison.
pub(crate) const HOLDERS: [&str; 3] = ["A2345CD", "A3456DE", "A6789GH"];

/// One number for one prisoner's list.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) holder: &'static str,
    pub(crate) number: String,
    pub(crate) contact: ContactKind,
}

impl Entry {
    fn asked(&self) -> Result<(PrisonerNumber, PhoneNumber, ContactKind)> {
        let resolved = phone::resolve(&self.number, None).context("a number of the story resolves")?;
        Ok((self.holder.parse()?, resolved.number, self.contact))
    }
}

/// Applications answered together: fewer than one prisoner may have waiting.
const APPLIED_AT_ONCE: usize = 15;

/// Social numbers, dealt out to the three holders in turn.
pub(crate) fn social(numbers: &[String]) -> Vec<Entry> {
    let deal = |(at, number): (usize, &String)| Entry {
        holder: HOLDERS[at % HOLDERS.len()],
        number: number.clone(),
        contact: ContactKind::Social,
    };
    numbers.iter().enumerate().map(deal).collect()
}

/// The store of a demo.
pub(crate) async fn open_store(folder: &Folder) -> Result<Store> {
    let keys = Arc::new(HubKeys::load(&folder.hub_keys())?);
    let store = Store::open(&folder.database(), keys, StoreMark::Demo, Seams::real()).await;
    store.context("the store cannot be opened")
}

/// The serial at which the store stands.
pub(crate) fn head(folder: &Folder) -> Result<u64> {
    upcs::cli::runtime()?.block_on(async { Ok(open_store(folder).await?.head().await?.0) })
}

/// Somebody of the demo.
pub(crate) async fn somebody(store: &Store, wanted: fn(&Role) -> bool) -> Result<Actor> {
    let accounts = store.accounts().await?;
    let found = accounts.into_iter().find(|actor| wanted(&actor.role));
    found.context("the demo has nobody in that role")
}

/// Puts numbers on lists at the enabling prison, by two people. While the hub is off: a running one would
/// not know of it.
pub(crate) fn approve(folder: &Folder, entries: &[Entry]) -> Result<()> {
    approve_as(folder, entries, "A friend")
}

/// The same, with the name of whose numbers they are.
pub(crate) fn approve_as(folder: &Folder, entries: &[Entry], name: &str) -> Result<()> {
    upcs::cli::runtime()?.block_on(async {
        let store = open_store(folder).await?;
        let prison = ENABLING.parse()?;
        let clerk = somebody(&store, |role| matches!(role, Role::PinphoneClerk { .. })).await?;
        let at_leeds =
            |role: &Role| matches!(role, Role::PrisonSecurity { prison } if prison.to_string() == ENABLING);
        let security = somebody(&store, at_leeds).await?;
        for entries in entries.chunks(APPLIED_AT_ONCE) {
            let asked = entries.iter().map(Entry::asked).collect::<Result<Vec<_>>>()?;
            let at = (&store, Seams::real().clock.now());
            let applied = apply_and_answer_all(at, &clerk, prison, &asked, name).await?;
            ensure!(applied.len() == asked.len(), "each number of a story may be rung");
            for proposal in applied {
                store.approve(&security, proposal).await?;
            }
        }
        Ok(())
    })
}

/// How long attempts may take from a gate to the case.
const ATTEMPTS_WITHIN: Duration = Duration::from_secs(20);
/// How often the case is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Waits until so many attempts stand on the case that a request opened.
pub(crate) fn wait_for_attempts(folder: &Folder, reference: &str, least: usize) -> Result<usize> {
    Ok(attempts_on(folder, reference, least)?.len())
}

/// The attempts on the case that a request opened, once there are so many.
pub(crate) fn attempts_on(folder: &Folder, reference: &str, least: usize) -> Result<Vec<ShownAttempt>> {
    upcs::cli::runtime()?.block_on(async {
        let store = open_store(folder).await?;
        let handler = somebody(&store, |role| *role == Role::CaseHandler).await?;
        let queue = store
            .queue(&handler, hub::store::QueueAsked::default())
            .await?
            .cases;
        let case = queue
            .iter()
            .find(|case| case.reference.as_str() == reference)
            .context("the case is in no queue")?;
        let began = Instant::now();
        loop {
            let seen = store.attempts_of_case(&handler, case.case, 1000).await?;
            if seen.len() >= least {
                return Ok(seen);
            }
            ensure!(
                began.elapsed() < ATTEMPTS_WITHIN,
                "{} attempts stand on the case and not {least}",
                seen.len()
            );
            tokio::time::sleep(LOOK_EVERY).await;
        }
    })
}
