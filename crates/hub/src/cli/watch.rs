//! What an operator does to find out: canary numbers are planted, attestations are taken away to be checked.

use anyhow::{Context, bail};
use casework::{BarTarget, WrittenAddress};
use feed::{AlwaysAllowed, public_key_to_hex};

use super::operate::{open, operator, say};
use super::{AttestationArgs, CanaryCommand};
use crate::always_allowed::{AlwaysAllowedNumbers, BUILT_IN, read_csv};
use crate::intake::read_number;
use crate::keys::HubKeys;
use crate::store::{Conflict, StoreError};

pub(super) async fn canary(command: CanaryCommand) -> anyhow::Result<()> {
    match command {
        CanaryCommand::Add {
            place,
            operator: by,
            label,
            number,
            address,
        } => {
            let target = target(number, address)?;
            let (store, _) = open(&place).await?;
            let by = operator(&store, &by).await?;
            match store.plant_canary(&by, &target, &label).await {
                Ok(reference) => say(&format!("planted; case {reference}")),
                Err(StoreError::Conflict(Conflict::Changed)) => {
                    bail!("this is on somebody's list, barred or planted already; plant what is nobody's")
                }
                Err(error) => Err(error.into()),
            }
        }
        CanaryCommand::List { place, operator: by } => {
            let (store, _) = open(&place).await?;
            let by = operator(&store, &by).await?;
            for planted in store.canaries(&by).await? {
                say(&format!(
                    "{} {} {}",
                    planted.reference,
                    planted.planted_at,
                    planted.label.expose()
                ))?;
            }
            Ok(())
        }
    }
}

/// What is planted: a number that can be barred, or an address.
fn target(number: Option<String>, address: Option<String>) -> anyhow::Result<BarTarget> {
    if let Some(address) = address {
        return Ok(BarTarget::Address(WrittenAddress {
            lines: address.as_str().into(),
            postcode: None,
        }));
    }
    let numbers = read_csv(BUILT_IN.as_bytes()).context("the built-in list cannot be read")?;
    let always = AlwaysAllowedNumbers::of(&AlwaysAllowed { version: 0, numbers });
    let number = read_number(&number.unwrap_or_default(), &always);
    let number = number.ok().context("this is not a number that can be barred")?;
    Ok(BarTarget::Number(number))
}

pub(super) async fn attestation(args: AttestationArgs) -> anyhow::Result<()> {
    let (Some(date), Some(prison)) = (args.date, args.prison) else {
        let keys = HubKeys::load(&args.place.keys).context("cannot read the hub's keys")?;
        return say(&public_key_to_hex(&keys.feed_signing_key().verifying_key()));
    };
    let (store, _) = open(&args.place).await?;
    let kept = store.attestations_since(date, Some(prison)).await?;
    match kept.iter().find(|kept| kept.date == date) {
        Some(kept) => say(&kept.line),
        None => {
            bail!("nothing was attested of {prison} on {date}; a day that went by without one stays missing")
        }
    }
}
