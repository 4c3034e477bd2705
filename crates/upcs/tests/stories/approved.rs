//! The hub's store, opened by a story as an operator's command opens it; and approved lists put into it.

use std::sync::Arc;

use anyhow::{Context, Result};
use casework::{Actor, Role};
use feed::ContactKind;
use hub::keys::HubKeys;
use hub::seams::Seams;
use hub::store::{Store, StoreMark};
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

/// Somebody of the demo.
pub(crate) async fn somebody(store: &Store, wanted: fn(&Role) -> bool) -> Result<Actor> {
    let accounts = store.accounts().await?;
    let found = accounts.into_iter().find(|actor| wanted(&actor.role));
    found.context("the demo has nobody in that role")
}

/// Puts numbers on lists at the enabling prison, by two people. While the hub is off: a running one would
/// not know of it.
pub(crate) fn approve(folder: &Folder, entries: &[Entry]) -> Result<()> {
    upcs::cli::runtime()?.block_on(async {
        let store = open_store(folder).await?;
        let prison = ENABLING.parse()?;
        let clerk = somebody(&store, |role| matches!(role, Role::PinphoneClerk { .. })).await?;
        let at_leeds = |role: &Role| matches!(role, Role::PrisonSecurity { prison } if prison.to_string() == ENABLING);
        let security = somebody(&store, at_leeds).await?;
        for Entry { holder, number, contact } in entries {
            let number = phone::resolve(number, None).context("a number of the story resolves")?.number;
            store.apply_for_number(&clerk, prison, holder.parse()?, number, *contact, "A friend".into()).await?;
        }
        // Shown a page at a time.
        loop {
            let open = store.open_proposals(&security).await?;
            if open.is_empty() {
                return Ok(());
            }
            for proposal in open {
                store.approve(&security, proposal.id).await?;
            }
        }
    })
}
