//! An address at which a prisoner offers to live when he goes out, or to stay while he is on leave.

use serde::{Deserialize, Serialize};

/// For what he offers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfferedFor {
    /// Release: on licence, or under home detention curfew.
    Release,
    /// Temporary leave.
    Leave,
}

impl OfferedFor {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Release, Self::Leave];

    /// The word for it, in the store and on pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Leave => "leave",
        }
    }
}
