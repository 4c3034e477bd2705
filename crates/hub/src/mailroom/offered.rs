//! Addresses that prisoners offer for release or leave, judged by the same barred addresses as letters.
//!
//! Whoever approves the address is told the same at once whatever was found: that the service answers within one working
//! day. Before that day is over a case handler has had his task for as long, and the alert of it. Then the answer is that
//! nothing is known, or that he speaks to the service before he approves it: of an address that agrees with a barred one,
//! of a doubtful one and of one drawn by lot alike. It names nobody.
//!
//! ```text
//! Offer -> offer_address -> reference      -> task -> settle_offered_address
//! reference -> offered_answer -> waiting | nothing-known | speak-to-the-service
//! ```

use std::sync::Arc;

use casework::{Actor, OfferedFor, Personal, Reference, Verb, WrittenAddress};
use jiff::Timestamp;
use prison::PrisonerNumber;
use serde::Serialize;
use uuid::Uuid;

use super::tend::met_by;
use super::{ADDRESS_CHARS, by_the_bars_in_force, due, invalid};
use crate::error::HubError;
use crate::service::Hub;
use crate::store::{
    BarredAddresses, IdempotencyKey, LetterVerdict, NewOffer, OfferReceipt, OfferedAddress, OfferedDone,
    Refusal, StoreError,
};

/// An address that a prisoner offers.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Who offers it.
    pub prisoner: PrisonerNumber,
    /// For what.
    pub offered_for: OfferedFor,
    /// The address.
    pub written: WrittenAddress,
}

/// What whoever asked is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfferAnswer {
    /// The service has not answered yet.
    Waiting,
    /// The service knows nothing against it.
    NothingKnown,
    /// He speaks to the service, by the reference, before he approves it.
    SpeakToTheService,
}

/// The answer, and to what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfferAnswered {
    /// What to quote.
    pub reference: Reference,
    /// What he is told now.
    pub answer: OfferAnswer,
    /// From when on there is another answer than to wait, UTC.
    pub answered_from: Timestamp,
}

impl OfferAnswered {
    fn waiting(receipt: &OfferReceipt) -> Self {
        Self {
            reference: receipt.reference.clone(),
            answer: OfferAnswer::Waiting,
            answered_from: due(receipt.asked_at),
        }
    }
}

/// Asks about an address that a prisoner offers.
///
/// # Errors
/// [`HubError::Refused`] for those who approve none, [`HubError::TooMany`] over the cap, [`HubError::Invalid`] by field
/// for an address without a word or too long and for a number that nobody on record has.
pub async fn offer_address(
    hub: &Hub,
    by: &Actor,
    key: Option<&IdempotencyKey>,
    offer: &Offer,
) -> Result<OfferAnswered, HubError> {
    if !by.role.may(Verb::OfferAddress) {
        return Err(StoreError::from(Refusal::NotTheirs).into());
    }
    let postcode = offer.written.postcode.as_ref();
    let chars = |text: &Personal| text.expose().chars().count();
    if offer.written.lines.is_blank() {
        return Err(invalid("address", "write the address that he offers"));
    }
    if chars(&offer.written.lines) + postcode.map_or(0, chars) > ADDRESS_CHARS {
        return Err(invalid("address", "an address has at most 500 characters"));
    }
    let record = |barred| record_by(hub, by, key, offer, barred);
    match by_the_bars_in_force(hub, record).await {
        Ok(receipt) => Ok(OfferAnswered::waiting(&receipt)),
        Err(StoreError::Refused(Refusal::NotOnRecord)) => Err(invalid(
            "prison_number",
            "no prisoner with this number is on record",
        )),
        Err(error) => Err(error.into()),
    }
}

async fn record_by(
    hub: &Hub,
    by: &Actor,
    key: Option<&IdempotencyKey>,
    offer: &Offer,
    barred: Arc<BarredAddresses>,
) -> Result<OfferReceipt, StoreError> {
    let finding = barred.judge_offered(offer.prisoner, &offer.written);
    let drawn = hub.mailroom.is_decoy(&hub.keys, &offer.written);
    let new = NewOffer {
        prisoner: offer.prisoner,
        offered_for: offer.offered_for,
        written: offer.written.clone(),
        finding,
        decoy: drawn && finding.verdict() == LetterVerdict::Pass,
    };
    hub.store.offer_address(by, key, &new).await
}

/// The answer to an address that this account asked about. It is judged again each time: what was barred since counts.
pub async fn offered_answer(hub: &Hub, by: &Actor, reference: &Reference) -> Result<OfferAnswered, HubError> {
    let asked = hub.store.offered_address(by, reference).await?;
    let judge = async |barred: Arc<BarredAddresses>| {
        let finding = barred.judge_offered(asked.prisoner, &asked.written);
        hub.store.answer_offered_address(by, reference, finding).await
    };
    let offered = by_the_bars_in_force(hub, judge).await?;
    let waiting = OfferAnswered::waiting(&offered.receipt);
    if hub.seams.clock.now() < waiting.answered_from {
        return Ok(waiting);
    }
    let answer = if offered.is_kept() {
        OfferAnswer::SpeakToTheService
    } else {
        OfferAnswer::NothingKnown
    };
    Ok(OfferAnswered { answer, ..waiting })
}

/// A handler says what was done about an offered address, by the bars now in force.
pub async fn settle_offered_address(
    hub: &Hub,
    by: &Actor,
    offered: Uuid,
    (done, said): (OfferedDone, &Personal),
) -> Result<(), StoreError> {
    let settle = async |barred: Arc<BarredAddresses>| {
        let deed = (done, said);
        hub.store.settle_offered_address(by, offered, deed, &barred).await
    };
    by_the_bars_in_force(hub, settle).await
}

/// Raises alerts of offered addresses; whether there were any.
pub(super) async fn raise_alerts(hub: &Hub) -> Result<bool, StoreError> {
    let waiting = hub.store.offered_to_alert().await?;
    if waiting.is_empty() {
        return Ok(false);
    }
    let barred = hub.mailroom.barred(hub).await?;
    for offered in &waiting {
        let OfferedAddress { finding, written, .. } = offered;
        let met = met_by(&barred, finding.bar(), written);
        hub.store.alert_of_offered_address(offered, &met).await?;
    }
    Ok(true)
}
