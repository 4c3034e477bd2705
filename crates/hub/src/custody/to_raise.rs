//! A no-contact alert on a prisoner's own record, to be raised by whoever keeps the alerts.
//!
//! Out: [`AlertToRaise`]. Its fields are a prison number, a code out of a closed list and an identifier that is made for
//! it alone: there is nothing in it in which a protected person, a number, an address, a case or a word could stand.

use prison::PrisonerNumber;
use serde::Serialize;
use uuid::Uuid;

use super::AlertCode;

/// Whether the service asks for a no-contact alert on the record of a prisoner whom a case bars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum RaiseAlerts {
    /// Never
    Off,
    /// A handler decides of each
    #[default]
    Ask,
    /// Of everybody, at once
    Raise,
}

/// One alert to be raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AlertToRaise {
    /// Made at random for this request alone: it leads to no case.
    pub reference: Uuid,
    /// On whose record.
    pub prison_number: PrisonerNumber,
    /// Which alert.
    pub alert_code: AlertCode,
}
