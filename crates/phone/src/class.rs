//! What kind of number it is, for a gate's policy by class.

use serde::{Deserialize, Serialize};

/// The class of a number under the UK's numbering plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// 071 to 075, 077 to 079, and 07624.
    Mobile,
    /// 01 and 02, Jersey, Guernsey and the Isle of Man included.
    Geographic,
    /// 080.
    Freephone,
    /// 070, and 076 but for 07624 (pagers).
    Personal,
    /// 055 and 056.
    Corporate,
    /// 03, 084 and 087.
    NonGeographic,
    /// 09.
    Premium,
    /// 116 helplines.
    Short,
    /// 999 and 112.
    Emergency,
    /// Premium-rate and shared-cost numbers outside +44.
    InternationalPremium,
    /// Everything else outside +44.
    International,
}

impl Class {
    /// The word by which files and messages name the class.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Geographic => "geographic",
            Self::Freephone => "freephone",
            Self::Personal => "personal",
            Self::Corporate => "corporate",
            Self::NonGeographic => "non-geographic",
            Self::Premium => "premium",
            Self::Short => "short",
            Self::Emergency => "emergency",
            Self::InternationalPremium => "international-premium",
            Self::International => "international",
        }
    }

    /// The class that the batch form names: it leaves prices abroad to the gate's policy.
    pub(crate) fn in_batch(self) -> Self {
        match self {
            Self::InternationalPremium => Self::International,
            class => class,
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        use Class::*;
        [
            Mobile,
            Geographic,
            Freephone,
            Personal,
            Corporate,
            NonGeographic,
            Premium,
            Short,
            Emergency,
        ]
        .into_iter()
        .find(|class| class.as_str() == word)
    }
}
