//! At the prison under call barring two people except one prisoner from a bar: he rings, and nobody else does, also
//! while the hub is down and after the gate has started again, until one person ends it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use casework::{Actor, BarId, ProposedChange, Role};
use hub::store::Store;
use upcs::demo::{BARRING, ENABLING, Folder};
use upcs::say;

use crate::clients::{Bar, Said, dial};
use crate::house::{Gate, House};
use crate::numbers::{drama, forms};
use crate::store::open_store;
use crate::tools::until;

/// Held at the prison under call barring, and a prisoner there with him.
const SON: &str = "A4567EF";
const OTHERS: [&str; 4] = ["A1234BC", "generic", "official-chapel", "A4567EF,A1234BC"];
const WITHIN: Duration = Duration::from_secs(20);

pub(crate) fn rings_alone() -> Result<()> {
    let mut house = House::start()?;
    let number = drama(7);
    let police = house.police()?;
    let bar = police.bar("excepted", std::slice::from_ref(&number))?.remove(0);
    police.wait_in_force(&bar, &[BARRING, ENABLING], WITHIN)?;
    nobody_rings(&house, &number)?;
    upcs::cli::runtime()?.block_on(except(&house.folder, &bar))?;
    comes_to(&house, &number, &Said::Allowed)?;
    he_alone_rings(&house, &number)?;
    house.kill_hub();
    house.kill_gate(Gate::Barring);
    house.start_gate(Gate::Barring)?;
    comes_to(&house, &number, &Said::Allowed)?;
    he_alone_rings(&house, &number)?;
    house.start_hub()?;
    upcs::cli::runtime()?.block_on(end(&house.folder, &bar))?;
    comes_to(&house, &number, &Said::Refused)?;
    nobody_rings(&house, &number)?;
    say::line("  one prisoner rang what was barred for everyone else, until one person ended it");
    Ok(())
}

fn comes_to(house: &House, number: &str, wanted: &Said) -> Result<()> {
    let rings = || dial(house.sip(Gate::Barring), SON, number);
    until("the gate to hear of it", WITHIN, || {
        Ok((rings() == *wanted).then_some(()))
    })
}

fn he_alone_rings(house: &House, number: &str) -> Result<()> {
    for dialled in forms(number) {
        for other in OTHERS {
            let said = dial(house.sip(Gate::Barring), other, &dialled);
            ensure!(said == Said::Refused, "{other} dialled {dialled}: {said:?}");
        }
    }
    let elsewhere = dial(house.sip(Gate::Enabling), SON, number);
    ensure!(elsewhere == Said::Refused, "at another prison: {elsewhere:?}");
    Ok(())
}

fn nobody_rings(house: &House, number: &str) -> Result<()> {
    let his = dial(house.sip(Gate::Barring), SON, number);
    ensure!(his == Said::Refused, "{his:?}");
    he_alone_rings(house, number)
}

/// The two case handlers of the demo.
async fn handlers(store: &Store) -> Result<[Actor; 2]> {
    let accounts = store.accounts().await?.into_iter();
    let handlers: Vec<Actor> = accounts.filter(|actor| actor.role == Role::CaseHandler).collect();
    handlers.try_into().ok().context("the demo has two case handlers")
}

async fn except(folder: &Folder, bar: &Bar) -> Result<()> {
    let store = open_store(folder).await?;
    let [first, second] = handlers(&store).await?;
    let change = ProposedChange::ExceptPrisoner {
        bar: bar.0.parse()?,
        prison: BARRING.parse()?,
        prisoner: SON.parse()?,
    };
    let proposal = store.propose(&first, change, "he is her son").await?;
    ensure!(
        store.approve(&first, proposal).await.is_err(),
        "one person is not two"
    );
    store.approve(&second, proposal).await?;
    Ok(())
}

async fn end(folder: &Folder, bar: &Bar) -> Result<()> {
    let store = open_store(folder).await?;
    let [first, _] = handlers(&store).await?;
    let bar: BarId = bar.0.parse()?;
    let case = store.bar(bar).await?.bar.case;
    let exceptions = store.open_case(&first, case).await?.exceptions.rows;
    let exception = exceptions.first().context("it stands")?.exception;
    store.end_exception(&first, case, exception).await?;
    Ok(())
}
