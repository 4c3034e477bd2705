//! What can go wrong in the store, told apart by what the caller can do. Nothing here holds a number, an
//! address or a name.

use casework::{InvalidTransition, NotTwoPeople};
use sea_orm::{DbErr, RuntimeErr, SqlxError};

/// Why a verb of the store did not do what was asked. Nothing of it was done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Not there, or not this caller's: the same answer.
    #[error("there is nothing here that is yours to see")]
    NotFound,
    /// Something else was done before; the caller looks and decides anew.
    #[error("{0}")]
    Conflict(Conflict),
    /// A rule forbids it.
    #[error("{0}")]
    Refused(Refusal),
    /// The caller mends what was sent.
    #[error("{0}")]
    Invalid(&'static str),
    /// A stored row cannot be read. The operator acts; what is built from the row is not built at all.
    #[error("a row of {table} cannot be read (row {row})")]
    Damaged {
        /// The table.
        table: &'static str,
        /// The row's key; never its content.
        row: String,
    },
    /// The database did not answer or did not commit; the caller tries again.
    #[error("the store cannot answer now: {0}")]
    Unavailable(String),
}

/// What was done before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The idempotency key was used for another body.
    #[error("this key was used before for another body")]
    OtherBody,
    /// A number cannot go on a list: the same words whatever the reason.
    #[error("this number cannot be approved")]
    CannotApprove,
    /// The proposal was approved or withdrawn before.
    #[error("this proposal has been decided")]
    AlreadyDecided,
    /// The same change waits for a second person already.
    #[error("somebody has proposed this already; a second person must decide")]
    AlreadyProposed,
    /// What the proposal begins from is gone, or the case holds what its proposer did not see; it is closed.
    #[error("this has changed since it was proposed; look at it and propose anew")]
    Overtaken,
    /// The bar, entry, gate or letter no longer stands where this step begins.
    #[error("this has changed in the meantime; look again")]
    Changed,
    /// The prison is switched on, and its regime does not change under it.
    #[error("this prison is switched on; two people must first switch it off")]
    OtherRegime,
}

/// Which rule forbids it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The account's role does not reach so far, or it belongs to another prison.
    #[error("this account may not do this")]
    NotTheirs,
    /// Two different people did not agree.
    #[error("{0}")]
    NotTwoPeople(#[from] NotTwoPeople),
    /// The case does not stand where this step begins.
    #[error("{0}")]
    InvalidTransition(#[from] InvalidTransition),
    /// Prisoners whom the request did not name keep a number until somebody decides of each.
    #[error("prisoners still keep a number of this case; decide of each of them first")]
    HoldersUndecided,
    /// The case names him, the bar is not one on a number for the estate, or he never had the number where only approved
    /// ones ring.
    #[error("nobody can be excepted here whom the case names or who never had the number")]
    CannotExcept,
    /// The number is of nobody whom this prison holds. It depends on custody alone.
    #[error("no prisoner with this number is on record in this prison")]
    NotHeldHere,
    /// The prison has checked as many letters as it may in an hour.
    #[error("this prison has checked as many letters as it may in an hour; the others wait")]
    TooManyChecks,
    /// More messages of the prison service are set aside than somebody can look at; the sender keeps this one.
    #[error("too many messages are set aside; somebody has to look at them first")]
    TooManySetAside,
    /// A letter that is marked confidential is decided on the governor's or director's authority.
    #[error("this letter is marked confidential; record the governor's or director's authority")]
    NeedsAuthority,
    /// The number is of nobody on record, in custody or not.
    #[error("no prisoner with this number is on record")]
    NotOnRecord,
    /// Calls are searched by the handler who has the case in hand, while it is open.
    #[error("only the handler who has this open case in hand may search its calls")]
    NotInHand,
    /// No number of a protected person of the case.
    #[error("this is no number of a protected person of this case")]
    NotTheirNumber,
    /// It would let something through, or touch a lawyer's number: one person cannot.
    #[error("this takes two people; propose it")]
    TakesTwoPeople,
    /// The database belongs to the other kind of hub.
    #[error(
        "this database is a {found} store and was opened as a {asked} store; name another database, or start a {found} hub"
    )]
    OtherMark {
        /// What it is.
        found: String,
        /// What was asked for.
        asked: String,
    },
    /// The database was made with other keys.
    #[error("this database was made with other keys; name the key folder that belongs to it")]
    OtherKeys,
    /// The database may lose what it has acknowledged.
    #[error("this database may forget what it has acknowledged (synchronous is off); switch it on")]
    NotDurable,
    /// The database was made by another version.
    #[error(
        "this database has schema {found}; this hub understands schema {known}; start the version that made it"
    )]
    OtherSchema {
        /// The schema found.
        found: String,
        /// The schema that this hub understands.
        known: i64,
    },
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Conflict> for StoreError {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

impl From<NotTwoPeople> for StoreError {
    fn from(error: NotTwoPeople) -> Self {
        Self::Refused(error.into())
    }
}

impl From<InvalidTransition> for StoreError {
    fn from(error: InvalidTransition) -> Self {
        Self::Refused(error.into())
    }
}

/// What the database says may name constraints, never values: every value is bound, none stands in the SQL.
pub(super) fn unavailable(error: DbErr) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// Why no connection was made, in words of our own: the driver's may repeat the address, and the password that
/// stands in it.
pub(super) fn cannot_connect(error: &DbErr) -> StoreError {
    let why = match error {
        DbErr::Conn(RuntimeErr::SqlxError(error)) => match &**error {
            SqlxError::Io(error) => format!("no connection to it ({})", error.kind()),
            SqlxError::Tls(_) => "no TLS with it".to_owned(),
            SqlxError::Database(error) => format!("it answered {}", answered(error.code().as_deref())),
            _ => ADDRESS.to_owned(),
        },
        DbErr::ConnectionAcquire(_) => "no connection to it in time".to_owned(),
        _ => ADDRESS.to_owned(),
    };
    StoreError::Unavailable(why)
}

const ADDRESS: &str = "its address is not sqlite://PATH or postgres://NAME:PASSWORD@HOST/DATABASE";

/// A database's answer by its code, in words where an operator meets it often.
fn answered(code: Option<&str>) -> String {
    match code {
        Some("28P01" | "28000") => "that the name or the password is wrong".to_owned(),
        Some("3D000") => "that there is no such database".to_owned(),
        Some("14") => "that its file cannot be opened; is its folder there?".to_owned(),
        Some(code) => format!("with code {code}"),
        None => "without a code".to_owned(),
    }
}
