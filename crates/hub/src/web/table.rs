//! The one table of all pages, and of who may see each. [`super::session::admit`] looks every request up in it; what is
//! not here cannot be reached. Assets and the exit belong to the shell and stand beside it.

use axum::http::Method;
use casework::Verb::{
    self, ApplyForNumber, ApproveCaseProposal, ApproveNumber, ApproveOperation, CheckLetter,
    FileIntelligence, OfferAddress, Operate, ReadAttestations, ReadAudit, ReadCases, ReadPrison, ReadReceipt,
    RevokeNumber, WorkCases,
};

use Audience::{Demo, Public, SignedIn};
use Methods::{Get, GetPost, Post};

/// One page, or one form that a page posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRoute {
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// Whether it is read, posted, or both.
    pub methods: Methods,
    /// Who may.
    pub audience: Audience,
}

/// How a page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Methods {
    /// `GET` alone.
    Get,
    /// `POST` alone; answers with a redirect, or with the page that holds the form and its errors.
    Post,
    /// Both.
    GetPost,
}

/// Who may see a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anybody.
    Public,
    /// A signed-in account whose role may do this.
    SignedIn(Verb),
    /// Anybody, in the demonstration alone: the role chooser.
    Demo,
}

impl Methods {
    /// Whether a request with this method is one of them.
    pub fn take(self, method: &Method) -> bool {
        match *method {
            Method::GET | Method::HEAD => self != Self::Post,
            Method::POST => self != Self::Get,
            _ => false,
        }
    }
}

/// Every page of the hub.
pub fn pages() -> Vec<PageRoute> {
    TABLE.concat()
}

/// The page at a path, its parameters in braces, for this method.
pub(super) fn page_at(path: &str, method: &Method) -> Option<&'static PageRoute> {
    let mut all = TABLE.into_iter().flatten();
    all.find(|page| page.path == path && page.methods.take(method))
}

const TABLE: [&[PageRoute]; 5] = [
    OPEN_TO_ALL,
    OF_ORGANISATIONS,
    OF_CASES,
    OF_PRISONS,
    OF_THE_SERVICE,
];

const OPEN_TO_ALL: &[PageRoute] = &[
    page("/", Get, Public),
    page("/request", GetPost, Public),
    page("/sign-in", GetPost, Demo),
    page("/sign-out", Post, Public),
];

/// Of all roles only a registered organisation may read receipts; that makes the verb of its pages.
const OF_ORGANISATIONS: &[PageRoute] = &[
    both("/refer", ReadReceipt),
    both("/referrals", ReadReceipt),
    both("/intelligence", FileIntelligence),
    both("/offer-address", OfferAddress),
    post("/offer-address/answer", OfferAddress),
];

const OF_CASES: &[PageRoute] = &[
    both("/cases", ReadCases),
    get("/cases/{reference}", ReadCases),
    post("/cases/{reference}/locate", WorkCases),
    post("/cases/{reference}/confirm-prisoner", WorkCases),
    post("/cases/{reference}/wrong-prisoner", WorkCases),
    post("/cases/{reference}/in-hand", WorkCases),
    post("/cases/{reference}/calls", WorkCases),
    post("/cases/{reference}/assess", WorkCases),
    post("/cases/{reference}/decide", WorkCases),
    post("/cases/{reference}/targets", WorkCases),
    post("/cases/{reference}/alias-numbers", WorkCases),
    post("/cases/{reference}/bar-held", WorkCases),
    post("/cases/{reference}/propose-lift", WorkCases),
    post("/cases/{reference}/revoke-entry", WorkCases),
    post("/cases/{reference}/except", WorkCases),
    post("/cases/{reference}/end-exception", WorkCases),
    post("/cases/{reference}/alert-seen", WorkCases),
    get("/alerts", ReadCases),
    get("/releases", ReadCases),
    post("/releases/{id}/told", WorkCases),
    post("/cases/{reference}/going-out", WorkCases),
    get("/offered-addresses", ReadCases),
    post("/offered-addresses/{id}/done", WorkCases),
    get("/record-alerts", ReadCases),
    post("/record-alerts/{id}", WorkCases),
    get("/proposals", ApproveCaseProposal),
    post("/proposals/{id}/approve", ApproveCaseProposal),
    post("/proposals/{id}/withdraw", WorkCases),
    get("/letters", ReadCases),
    post("/letters/{id}/decide", WorkCases),
    get("/letters/{id}/picture", ReadCases),
    get("/letters/exemptions", ReadCases),
    post("/letters/exemptions/register", WorkCases),
    post("/letters/exemptions/relative", WorkCases),
    post("/letters/exemptions/{id}/end", WorkCases),
    both("/no-contact", WorkCases),
    get("/applications", ReadCases),
    post("/applications/{id}/bar", WorkCases),
    post("/applications/{id}/clear", WorkCases),
];

const OF_PRISONS: &[PageRoute] = &[
    both("/mailroom", CheckLetter),
    both("/mailroom/files", CheckLetter),
    get("/mailroom/files/{id}", CheckLetter),
    get("/mailroom/labels/{code}", CheckLetter),
    post("/mailroom/picture", CheckLetter),
    post("/mailroom/pile", CheckLetter),
    get("/mailroom/pictures/{id}", CheckLetter),
    get("/mailroom/waits", CheckLetter),
    get("/mailroom-worker.js", CheckLetter),
    get("/prison", ReadPrison),
    both("/prison/applications", ApplyForNumber),
    post("/prison/applications/{id}/refuse", ApproveNumber),
    get("/prison/numbers", ApplyForNumber),
    post("/prison/numbers/list", RevokeNumber),
    post("/prison/numbers/revoke", RevokeNumber),
    post("/prison/numbers/{id}/approve", ApproveNumber),
    post("/prison/numbers/{id}/withdraw", ApplyForNumber),
    both("/prison/lists", ApplyForNumber),
    post("/prison/lists/{id}/propose", ApplyForNumber),
    post("/prison/lists/{id}/approve", ApproveNumber),
    post("/prison/lists/{id}/withdraw", ApplyForNumber),
];

const OF_THE_SERVICE: &[PageRoute] = &[
    get("/attestations", ReadAttestations),
    get("/attestations/{prison}/{date}", ReadAttestations),
    get("/audit", ReadAudit),
    get("/operations", Operate),
    post("/operations/enrolment-code", Operate),
    post("/operations/switch-on", Operate),
    post("/operations/propose", Operate),
    post("/operations/revoke-gate", Operate),
    post("/operations/messages/{id}", Operate),
    post("/operations/proposals/{id}/approve", ApproveOperation),
    post("/operations/proposals/{id}/withdraw", Operate),
];

const fn get(path: &'static str, verb: Verb) -> PageRoute {
    page(path, Get, SignedIn(verb))
}

const fn post(path: &'static str, verb: Verb) -> PageRoute {
    page(path, Post, SignedIn(verb))
}

const fn both(path: &'static str, verb: Verb) -> PageRoute {
    page(path, GetPost, SignedIn(verb))
}

const fn page(path: &'static str, methods: Methods, audience: Audience) -> PageRoute {
    PageRoute {
        path,
        methods,
        audience,
    }
}
