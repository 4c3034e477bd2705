//! Rows of a page that might have no end: so many, and whether there are more.

/// At most so many rows. A page that shows them says so when there are more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounded<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether there are more than these.
    pub more: bool,
}

impl<T> Bounded<T> {
    /// Keeps `limit` rows of those that were read; one more was asked for, to tell whether there are more.
    pub(super) fn of(mut rows: Vec<T>, limit: i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        Self { rows, more }
    }
}
