//! Sentences whose keys are joined together from a code: no template names them outright, so the shell
//! cannot miss them at start. Every code that can come is said here in both languages.

use casework::{
    DeclineReason, Ground, IntelligenceKind, OrderKind, Priority, ReferrerKind, Relationship, SafeChannelKind,
};
use feed::{ContactKind, Reason, Regime};
use offender::{Fact, Field, Level, Outcome};
use pages::{Lang, Sentence};
use strum::VariantArray;

use super::case::evidence::Weighs;
use super::words::code;
use crate::custody::AlertCode;
use crate::intake::AskWhy;
use crate::proof::{BEYOND_REACH, WhyNot};
use crate::publish::Room;
use crate::store::{AlertRequestState, AskedBy, HeldWhy};

fn coded<T: serde::Serialize>(prefix: &str, values: impl IntoIterator<Item = T>) -> Vec<String> {
    values
        .into_iter()
        .map(|value| format!("{prefix}{}", code(value)))
        .collect()
}

fn of_cases() -> Vec<Vec<String>> {
    use DeclineReason::*;
    use OrderKind::*;
    use Relationship::*;
    let grounds = [
        Ground::UnwantedContact,
        Ground::CourtOrder,
        Ground::Justice,
        Ground::ProtectionOfOthers,
        Ground::PreventionOfCrime,
    ];
    let orders = [
        Restraining,
        NonMolestation,
        StalkingProtection,
        DomesticAbuseProtectionOrder,
    ];
    let more = [
        DomesticAbuseProtectionNotice,
        BailOrRemandCondition,
        ChildArrangements,
        Injunction,
    ];
    let people = [
        Partner,
        FormerPartner,
        Child,
        Relative,
        Witness,
        VictimOfOffence,
        Other,
        NotKnown,
    ];
    let referrers = [
        ReferrerKind::ProtectedPerson,
        ReferrerKind::FriendOrRelative,
        ReferrerKind::Police,
        ReferrerKind::Probation,
        ReferrerKind::Prison,
        ReferrerKind::VictimService,
    ];
    let channels = [
        SafeChannelKind::Phone,
        SafeChannelKind::Text,
        SafeChannelKind::Email,
        SafeChannelKind::Post,
        SafeChannelKind::Advocate,
    ];
    let priorities = [
        Priority::LifeAtRisk,
        Priority::OverCap,
        Priority::HandlerFirst,
        Priority::Barred,
        Priority::AskReferrer,
    ];
    let held = [HeldWhy::HandlerFirst, HeldWhy::OverCap, HeldWhy::Legal];
    vec![
        coded("ground-", grounds),
        coded("order-", orders),
        coded("order-", more),
        coded("relationship-", people),
        coded("referrer-", referrers),
        coded("channel-", channels),
        coded("case-priority-", priorities),
        coded("queue-of-", [AskedBy::Organisations, AskedBy::Public]),
        coded("queue-by-", [AskedBy::Organisations, AskedBy::Public]),
        ["suspended", "kept", "approved", "revoked"]
            .map(|s| format!("holders-state-{s}"))
            .to_vec(),
        coded(
            "decline-",
            [ContactIsWanted, NotTrue, NotTheirs, NotProportionate],
        ),
        held.iter()
            .map(|why| format!("targets-held-{}", why.as_str()))
            .collect(),
        ["interim", "confirmed", "lifted", "held", "held-legal"]
            .map(|s| format!("bar-state-{s}"))
            .to_vec(),
        ["victim-liaison", "police"]
            .iter()
            .flat_map(|office| ["office", "who", "told"].map(|what| format!("releases-{what}-{office}")))
            .collect(),
        ["stop", "hold", "lot"]
            .map(|s| format!("offered-found-{s}"))
            .to_vec(),
        ["release", "leave"]
            .map(|kind| format!("offered-for-{kind}"))
            .to_vec(),
        ["police", "probation", "prison"]
            .map(|s| format!("prisoner-given-{s}"))
            .to_vec(),
        ["both", "name", "born"]
            .map(|s| format!("prisoner-agrees-{s}"))
            .to_vec(),
        ["waiting", "located", "assessed", "confirmed", "declined"]
            .map(|s| format!("case-state-{s}"))
            .to_vec(),
        super::DONE.map(|done| format!("done-{done}")).to_vec(),
    ]
}

fn of_gates() -> Vec<Vec<String>> {
    use WhyNot::*;
    let reasons = [
        Reason::NoList,
        Reason::Unresolvable,
        Reason::Barred,
        Reason::NotApproved,
        Reason::ClassRefused,
    ];
    let asked = [
        AskWhy::NumberNotResolved,
        AskWhy::AddressNotRead,
        AskWhy::AlwaysAllowed,
        AskWhy::EmailNotBarred,
    ];
    let intelligence = [
        IntelligenceKind::NumberThatRang,
        IntelligenceKind::Proxy,
        IntelligenceKind::IllicitPhone,
        IntelligenceKind::GotThrough,
    ];
    let kinds = [ContactKind::Social, ContactKind::Official, ContactKind::Legal];
    vec![
        coded(
            "proof-why-",
            [
                NoGate,
                GateRevoked,
                GateFull,
                OtherAlwaysAllowed,
                NotAcknowledged,
                GateSilent,
            ],
        ),
        coded("operations-room-", [Room::Short, Room::Full]),
        BEYOND_REACH
            .map(|beyond| format!("proof-beyond-{beyond}"))
            .to_vec(),
        coded("attempts-because-", reasons),
        coded("alerts-sign-", crate::alerts::Sign::ALL),
        ["covered", "not-covered", "missing", "not-yet"]
            .map(|stand| format!("attestations-{stand}"))
            .to_vec(),
        coded("contact-", kinds),
        coded("prison-regime-", [Regime::CallBarring, Regime::CallEnabling]),
        coded("intelligence-", intelligence),
        postal::Reason::VARIANTS
            .iter()
            .map(|reason| super::letters::key(*reason))
            .collect(),
        asked
            .iter()
            .map(|why| why.code())
            .chain(["incomplete"])
            .map(|why| format!("referrals-because-{why}"))
            .collect(),
        crate::lists::RowProblem::ALL
            .map(|problem| format!("lists-why-{}", problem.code()))
            .to_vec(),
        crate::lists::Gap::VARIANTS
            .iter()
            .map(|gap| format!("no-contact-gap-{}", gap.code()))
            .collect(),
        ["staging", "taking-over", "done"]
            .map(|state| format!("no-contact-state-{state}"))
            .to_vec(),
        ["staging", "staged", "approved", "done"]
            .map(|state| format!("lists-state-{state}"))
            .to_vec(),
        ["received", "may-be-rung", "with-two-people", "not-approved"]
            .map(|answer| format!("applications-answer-{answer}"))
            .to_vec(),
        ["number", "person", "address"]
            .map(|kind| format!("matches-kind-{kind}"))
            .to_vec(),
        ["open", "noted", "cleared", "barred"]
            .map(|state| format!("matches-state-{state}"))
            .to_vec(),
        ["live", "ended", "applied"]
            .map(|state| format!("numbers-state-{state}"))
            .to_vec(),
    ]
}

/// All that evidence can say: the lists are the crate's own, so that a new level without its words fails here.
fn of_locating() -> Vec<Vec<String>> {
    vec![
        coded("prisoner-level-", Level::VARIANTS.iter().copied()),
        coded("prisoner-field-", Field::VARIANTS.iter().copied()),
        coded("prisoner-fact-", Fact::VARIANTS.iter().copied()),
        coded("record-alert-", AlertCode::ALL),
        super::words::LEGAL_STATUSES
            .map(|status| format!("legal-status-{}", super::words::legal_status(status)))
            .to_vec(),
        AlertRequestState::OPEN
            .map(|state| format!("record-alerts-state-{}", state.as_str()))
            .to_vec(),
        ["birth", "address"]
            .map(|same| format!("elsewhere-same-{same}"))
            .to_vec(),
        coded("prisoner-evidence-", Weighs::VARIANTS.iter().copied()),
        coded("prisoner-altogether-", Weighs::VARIANTS.iter().copied()),
        coded(
            "prisoner-outcome-",
            [Outcome::Sure, Outcome::Choose, Outcome::None],
        ),
        ["alerted", "alerted-none"]
            .map(|outcome| format!("prisoner-outcome-{outcome}"))
            .to_vec(),
    ]
}

#[test]
fn every_code_has_its_sentence_in_both_languages() -> Result<(), pages::PagesError> {
    let pages = crate::web::site::compiled()?;
    let all = [of_cases(), of_gates(), of_locating()].concat().concat();
    let verbs = super::audit::VERBS
        .iter()
        .map(|verb| format!("audit-verb-{verb}"));
    for key in all.into_iter().chain(verbs) {
        for lang in Lang::ALL {
            let said = pages.say(lang, &Sentence::new(key.clone()));
            assert!(said.is_ok_and(|words| !words.is_empty()), "{key} in {lang:?}");
        }
    }
    Ok(())
}
