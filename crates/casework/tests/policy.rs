//! The policy: what the built-in file decides, and which files are refused.

use casework::{
    Consent, ContactRequest, KnownOfPrisoner, Policy, PolicyError, Referrer, ReferrerKind, Risk, RuleOutcome,
};

fn request(kind: ReferrerKind, consent: bool, life_at_risk: bool) -> ContactRequest {
    let consent = if consent {
        Consent::Given
    } else {
        Consent::Absent {
            reason: "not asked".into(),
        }
    };
    ContactRequest {
        referrer: Referrer {
            kind,
            name: "Ada Example".into(),
            relationship: None,
            channel: None,
        },
        people: Vec::new(),
        prisoner: KnownOfPrisoner::default(),
        consent,
        why: "He rings her.".into(),
        risk: Risk {
            life_at_risk,
            ..Risk::default()
        },
        orders: Vec::new(),
        good_reason: None,
    }
}

#[test]
fn the_built_in_policy_decides_as_the_service_says() {
    use ReferrerKind::{FriendOrRelative, Police, Prison, Probation, ProtectedPerson, VictimService};
    use RuleOutcome::{AtOnce, HandlerFirst};
    let policy = Policy::parse(Policy::BUILT_IN).unwrap();
    // Who asks, with agreement, life at risk: what happens.
    let table = [
        (Police, true, false, AtOnce),
        (Police, false, false, AtOnce),
        (Probation, false, false, AtOnce),
        (Prison, false, false, AtOnce),
        (VictimService, true, true, AtOnce),
        (ProtectedPerson, true, false, AtOnce),
        (ProtectedPerson, true, true, AtOnce),
        (FriendOrRelative, true, false, AtOnce),
        (FriendOrRelative, false, true, AtOnce),
        (FriendOrRelative, false, false, HandlerFirst),
    ];
    for (kind, consent, life_at_risk, outcome) in table {
        let ruling = policy.rule(&request(kind, consent, life_at_risk));
        assert_eq!(
            ruling.outcome, outcome,
            "{kind:?}, agreement {consent}, life at risk {life_at_risk}"
        );
        assert_eq!(ruling.version, policy.version);
        assert_ne!(ruling.rule, "no-rule-fits");
    }
}

const CAPS: &str = "version = \"1\"\n[caps]\nbars_per_referrer_and_hour = 1\n\
    bars_per_prisoner_and_hour = 1\nbars_per_hour = 1\nintelligence_per_account_and_hour = 1\n";
const EVERYBODY: &str =
    "\"protected-person\", \"friend-or-relative\", \"police\", \"probation\", \"prison\", \"victim-service\"";

fn file(rules: &str) -> String {
    format!("{CAPS}{rules}")
}

fn rule(referrers: &str, more: &str) -> String {
    format!("[[rule]]\nname = \"r\"\nreferrers = [{referrers}]\noutcome = \"at-once\"\n{more}")
}

#[test]
fn a_file_that_decides_every_request_is_taken() {
    assert!(Policy::parse(&file(&rule(EVERYBODY, ""))).is_ok());
}

#[test]
fn a_file_that_leaves_any_request_undecided_is_refused_and_says_which() {
    let no_police = EVERYBODY.replace("\"police\", ", "");
    let gap = Policy::parse(&file(&rule(&no_police, ""))).unwrap_err();
    assert!(
        matches!(
            gap,
            PolicyError::Gap {
                referrer: ReferrerKind::Police,
                ..
            }
        ),
        "{gap}"
    );
    let with_consent_only = Policy::parse(&file(&rule(EVERYBODY, "consent = true"))).unwrap_err();
    assert!(matches!(
        with_consent_only,
        PolicyError::Gap { consent: false, .. }
    ));
    let without_risk_only = Policy::parse(&file(&rule(EVERYBODY, "life_at_risk = false"))).unwrap_err();
    assert!(matches!(
        without_risk_only,
        PolicyError::Gap {
            life_at_risk: true,
            ..
        }
    ));
    let both_halves = rule(EVERYBODY, "consent = true\n") + &rule(EVERYBODY, "consent = false\n");
    assert!(Policy::parse(&file(&both_halves)).is_ok());
}

#[test]
fn the_first_rule_that_fits_decides() {
    let rules = rule("\"police\"", "").replace("at-once", "handler-first") + &rule(EVERYBODY, "");
    let policy = Policy::parse(&file(&rules)).unwrap();
    let outcome = |kind| policy.rule(&request(kind, true, false)).outcome;
    assert_eq!(outcome(ReferrerKind::Police), RuleOutcome::HandlerFirst);
    assert_eq!(outcome(ReferrerKind::Prison), RuleOutcome::AtOnce);
}

#[test]
fn a_cap_of_nothing_a_word_not_known_and_no_file_at_all_are_refused() {
    for cap in [
        "bars_per_referrer_and_hour",
        "bars_per_prisoner_and_hour",
        "bars_per_hour",
        "intelligence_per_account_and_hour",
    ] {
        let zero = file(&rule(EVERYBODY, "")).replace(&format!("{cap} = 1"), &format!("{cap} = 0"));
        assert_eq!(Policy::parse(&zero), Err(PolicyError::ZeroCap), "{cap}");
    }
    let misspelt = file(&rule(EVERYBODY, "life_at_rsik = true"));
    for unreadable in [misspelt.as_str(), "", "version = 1"] {
        assert!(matches!(
            Policy::parse(unreadable),
            Err(PolicyError::Unreadable(_))
        ));
    }
}
