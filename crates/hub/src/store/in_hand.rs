//! Who has a case in hand: one handler at a time, so that a search through calls is the work of somebody whose case it
//! is. Any case handler may take a case over; each taking is audited. It bars and lifts nothing.

use casework::{AccountId, Actor, CaseId, CaseState, InvalidTransition, Verb};
use jiff::Timestamp;

use super::Store;
use super::error::StoreError;
use super::sql::{micros, values};
use super::tx::Tx;

/// The handler who has a case in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InHand {
    /// The account.
    pub handler: AccountId,
    /// Its name.
    pub name: String,
    /// Since when, UTC.
    pub since: Timestamp,
}

impl Store {
    /// Takes an open case in hand, also out of another handler's.
    pub async fn take_in_hand(&self, by: &Actor, case: CaseId) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::WorkCases, "take-in-hand").await?;
        let state = tx.case(case).await?.state;
        if matches!(state, CaseState::Declined { .. }) {
            let closed = InvalidTransition {
                from: state.name(),
                to: "taken in hand",
            };
            return Err(tx.refuse(closed).await);
        }
        let upsert = "INSERT INTO in_hand (case_id, handler, since) VALUES ($1, $2, $3) \
             ON CONFLICT (case_id) DO UPDATE SET handler = excluded.handler, since = excluded.since";
        let row = values![case.to_string(), tx.by.account.to_string(), micros(tx.now)];
        tx.run(upsert, row).await?;
        tx.audit(("case", &case.to_string()), Some(case), "taken").await?;
        tx.touch_case(case).await?;
        tx.commit().await
    }
}

impl Tx<'_> {
    /// Who has a case in hand, if anybody.
    pub(super) async fn in_hand(&self, case: CaseId) -> Result<Option<InHand>, StoreError> {
        let query = "SELECT h.handler, h.since, a.name FROM in_hand h JOIN accounts a ON a.id = h.handler \
             WHERE h.case_id = $1";
        let row = self.one("in_hand", query, values![case.to_string()]).await?;
        let read = row.map(|row| {
            Ok(InHand {
                handler: row.parsed("handler")?,
                name: row.text("name")?,
                since: row.time("since")?,
            })
        });
        read.transpose()
    }
}
