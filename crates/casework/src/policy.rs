//! When a bar comes at once: a commented file of rules, read at start. Without a valid one the hub does
//! not start, and each bar keeps the rule and the version that let it be imposed.

use serde::{Deserialize, Serialize};

use crate::request::{Consent, ContactRequest, ReferrerKind};

/// The rules, tried in order; the first that fits decides.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Version, as a date.
    pub version: String,
    /// The caps beyond which a person looks first.
    pub caps: Caps,
    /// The rules.
    #[serde(rename = "rule")]
    rules: Vec<Rule>,
}

/// How much may be barred at once before a person looks. Over a cap nothing is dropped: the request goes
/// to the top of the queue with an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// Bars imposed at once for one referrer or key in an hour.
    pub bars_per_referrer_and_hour: u32,
    /// Bars imposed at once against one named prisoner in an hour.
    pub bars_per_prisoner_and_hour: u32,
    /// Bars imposed at once altogether in an hour.
    pub bars_per_hour: u32,
    /// Pieces of intelligence that one account files in an hour before the rest is marked.
    pub intelligence_per_account_and_hour: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    name: String,
    referrers: Vec<ReferrerKind>,
    /// Fits only requests with (`true`) or without (`false`) consent; absent: both.
    consent: Option<bool>,
    /// Fits only requests in which a life is (`true`) or is not (`false`) at risk; absent: both.
    life_at_risk: Option<bool>,
    outcome: RuleOutcome,
}

/// What a rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleOutcome {
    /// Barred in the same second.
    AtOnce,
    /// A handler decides first, at the front of the queue.
    HandlerFirst,
}

/// Which rule decided, and what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// The rule's name.
    pub rule: String,
    /// The policy's version.
    pub version: String,
    /// What it decided.
    pub outcome: RuleOutcome,
}

/// The policy file cannot be used; the hub does not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Not TOML of the expected shape.
    #[error("the policy file cannot be read: {0}")]
    Unreadable(String),
    /// No rule fits some request.
    #[error("the policy says nothing of {referrer:?}, consent {consent}, life at risk {life_at_risk}")]
    Gap {
        /// For which referrer.
        referrer: ReferrerKind,
        /// With or without consent.
        consent: bool,
        /// With or without a life at risk.
        life_at_risk: bool,
    },
    /// A cap of nothing would stop every bar at once.
    #[error("a cap in the policy file is zero")]
    ZeroCap,
}

const EVERY_REFERRER: [ReferrerKind; 6] = [
    ReferrerKind::ProtectedPerson,
    ReferrerKind::FriendOrRelative,
    ReferrerKind::Police,
    ReferrerKind::Probation,
    ReferrerKind::Prison,
    ReferrerKind::VictimService,
];

impl Policy {
    /// Reads a policy file and checks that it decides every request.
    pub fn parse(file: &str) -> Result<Self, PolicyError> {
        let policy: Self = toml::from_str(file).map_err(|e| PolicyError::Unreadable(e.to_string()))?;
        let caps = policy.caps;
        if [
            caps.bars_per_referrer_and_hour,
            caps.bars_per_prisoner_and_hour,
            caps.bars_per_hour,
            caps.intelligence_per_account_and_hour,
        ]
        .contains(&0)
        {
            return Err(PolicyError::ZeroCap);
        }
        for referrer in EVERY_REFERRER {
            for (consent, life_at_risk) in [(false, false), (false, true), (true, false), (true, true)] {
                policy
                    .find(referrer, consent, life_at_risk)
                    .ok_or(PolicyError::Gap {
                        referrer,
                        consent,
                        life_at_risk,
                    })?;
            }
        }
        Ok(policy)
    }

    /// The policy that the service ships with.
    pub const BUILT_IN: &'static str = include_str!("../data/policy.toml");

    /// Rules on a request whose referrer kind the hub has verified (a key or an account for organisations).
    pub fn rule(&self, request: &ContactRequest) -> Ruling {
        let consent = request.consent == Consent::Given;
        let found = self.find(request.referrer.kind, consent, request.risk.life_at_risk);
        let (rule, outcome) = match found {
            Some(rule) => (rule.name.clone(), rule.outcome),
            // `parse` has shown that this cannot be; a person decides all the same.
            None => ("no-rule-fits".to_owned(), RuleOutcome::HandlerFirst),
        };
        Ruling {
            rule,
            version: self.version.clone(),
            outcome,
        }
    }

    fn find(&self, referrer: ReferrerKind, consent: bool, life_at_risk: bool) -> Option<&Rule> {
        self.rules.iter().find(|rule| {
            rule.referrers.contains(&referrer)
                && rule.consent.is_none_or(|wanted| wanted == consent)
                && rule.life_at_risk.is_none_or(|wanted| wanted == life_at_risk)
        })
    }
}
