//! What stands round every staff page: who is signed in, the navigation of the role, where home is.

use casework::{Actor, OrganisationKind, Role, Verb};
use pages::{NavigationItem, Page, Sentence, SignedIn, Visit};
use prison::{PrisonId, Register};

/// The pages of the navigation: key of the words, address, and the verb that a role must have.
const PLACES: [(&str, &str, Verb); 21] = [
    ("staff-nav-cases", "/cases", Verb::ReadCases),
    ("staff-nav-alerts", "/alerts", Verb::ReadCases),
    ("staff-nav-releases", "/releases", Verb::ReadCases),
    ("staff-nav-offered", "/offered-addresses", Verb::ReadCases),
    ("staff-nav-record-alerts", "/record-alerts", Verb::ReadCases),
    ("staff-nav-proposals", "/proposals", Verb::ApproveCaseProposal),
    ("staff-nav-letters", "/letters", Verb::ReadCases),
    ("staff-nav-matches", "/applications", Verb::ReadCases),
    ("staff-nav-no-contact", "/no-contact", Verb::WorkCases),
    ("staff-nav-referrals", "/referrals", Verb::ReadReceipt),
    ("staff-nav-refer", "/refer", Verb::ReadReceipt),
    ("staff-nav-offer", "/offer-address", Verb::OfferAddress),
    ("staff-nav-mailroom", "/mailroom", Verb::CheckLetter),
    ("staff-nav-prison", "/prison", Verb::ReadPrison),
    (
        "staff-nav-applications",
        "/prison/applications",
        Verb::ApplyForNumber,
    ),
    ("staff-nav-numbers", "/prison/numbers", Verb::ApplyForNumber),
    ("staff-nav-lists", "/prison/lists", Verb::ApplyForNumber),
    ("staff-nav-intelligence", "/intelligence", Verb::FileIntelligence),
    ("staff-nav-audit", "/audit", Verb::ReadAudit),
    ("staff-nav-operations", "/operations", Verb::Operate),
    ("staff-nav-attestations", "/attestations", Verb::ReadAttestations),
];

/// A page behind sign-in that belongs to a place of the navigation: `/cases`.
pub(crate) fn page(visit: &Visit, place: &str, title: impl Into<Sentence>, actor: &Actor) -> Page {
    let signed_in = SignedIn {
        name: actor.name.clone(),
        role: role_sentence(&actor.role),
        home: home(&actor.role).unwrap_or("/"),
        sign_out: "/sign-out",
    };
    Page::staff(visit, title, signed_in).with_navigation(navigation(place, &actor.role))
}

/// The first page of a role; none for those that do not sign in.
pub(crate) fn home(role: &Role) -> Option<&'static str> {
    PLACES
        .iter()
        .find(|(_, _, verb)| role.may(*verb))
        .map(|(_, href, _)| *href)
}

/// What a role is called.
pub(crate) fn role_sentence(role: &Role) -> Sentence {
    let key = match role {
        Role::Public => "staff-role-public",
        Role::Referrer { organisation } => match organisation {
            OrganisationKind::Police => "staff-role-police",
            OrganisationKind::Probation => "staff-role-probation",
            OrganisationKind::Prison => "staff-role-prison",
            OrganisationKind::VictimService => "staff-role-victim-service",
        },
        Role::CaseHandler => "staff-role-case-handler",
        Role::Mailroom { .. } => "staff-role-mailroom",
        Role::PinphoneClerk { .. } => "staff-role-pinphone-clerk",
        Role::PrisonSecurity { .. } => "staff-role-security",
        Role::Governor { .. } => "staff-role-governor",
        Role::Auditor => "staff-role-auditor",
        Role::Operator => "staff-role-operator",
        Role::PrisonService => "staff-role-prison-service",
        Role::Service => "staff-role-service",
    };
    match role.prison() {
        Some(prison) => Sentence::new(key).with("prison", prison_name(prison)),
        None => key.into(),
    }
}

/// A prison's name in the register.
pub(crate) fn prison_name(prison: PrisonId) -> String {
    Register::built_in()
        .get(prison)
        .map_or_else(|| prison.to_string(), |known| known.name.clone())
}

fn navigation(place: &str, role: &Role) -> Vec<NavigationItem> {
    let open = PLACES.iter().filter(|(_, _, verb)| role.may(*verb));
    let item = |(text, href, _): &(&'static str, &'static str, Verb)| NavigationItem {
        text: (*text).into(),
        href: (*href).to_owned(),
        current: place == *href,
    };
    open.map(item).collect()
}
