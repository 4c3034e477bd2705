//! The pages of contact applications: two hubs that differ only in what is barred show a prison the same; a handler bars
//! or clears what agrees with a case.

use axum::http::StatusCode;
use feed::Regime;
use hub::applications::short_day::answer_all;
use proptest::prelude::*;

use crate::support::Site;

const NUMBERS: [&str; 4] = ["07700 900101", "07700 900102", "01632 960103", "not a number"];
const PRISONERS: [&str; 2] = ["A1234BC", "A5678DE"];

/// One application of a random prison day.
#[derive(Clone, Copy, Debug)]
struct Applied {
    holder: usize,
    number: usize,
    kind: &'static str,
}

fn applied() -> impl Strategy<Value = Applied> {
    let kinds = prop_oneof![3 => Just("social"), 1 => Just("legal"), 1 => Just("official")];
    (0..PRISONERS.len(), 0..NUMBERS.len(), kinds).prop_map(|(holder, number, kind)| Applied {
        holder,
        number,
        kind,
    })
}

/// What comes about between the batch and the approvals as well.
#[derive(Clone, Debug)]
struct Day {
    applied: Vec<Applied>,
    /// Which numbers are barred before anybody applies, and which only after the batch.
    barred: [bool; NUMBERS.len()],
    barred_later: [bool; NUMBERS.len()],
}

fn day() -> impl Strategy<Value = Day> {
    (
        prop::collection::vec(applied(), 1..7),
        any::<[bool; 4]>(),
        any::<[bool; 4]>(),
    )
        .prop_map(|(applied, barred, barred_later)| Day {
            applied,
            barred,
            barred_later,
        })
}

/// Everything that the prison reads, with what is random masked and rows in an order of their own.
async fn read_by_the_prison(site: &Site) -> Vec<String> {
    let mut pages = Vec::new();
    for who in ["Cai Clerk", "Sam Security"] {
        let browser = site.browser(who).await;
        pages.push(browser.get("/prison/applications").await.text);
        pages.push(browser.get("/prison/numbers").await.text);
        pages.push(browser.get("/prison").await.text);
        for holder in PRISONERS {
            let list = browser.post("/prison/numbers/list", &[("holder", holder)]).await;
            pages.push(list.text);
        }
    }
    pages.iter().map(|page| masked(page)).collect()
}

fn masked(page: &str) -> String {
    let is_id = |word: &str| word.len() >= 32 && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let apart = page.replace("</tr>", "</tr><tr");
    let mut rows: Vec<String> = apart
        .split("<tr")
        .map(|row| {
            let words = row.split_inclusive(|c: char| !(c.is_ascii_hexdigit() || c == '-'));
            let mask = |word: &str| {
                let (id, end) = word.split_at(word.len() - word.chars().last().map_or(0, char::len_utf8));
                if is_id(id) {
                    format!("#{end}")
                } else {
                    word.to_owned()
                }
            };
            words.map(mask).collect()
        })
        .collect();
    rows.sort();
    rows.join("<tr")
}

async fn file(site: &Site, day: &Day) -> Vec<(StatusCode, String)> {
    let clerk = site.browser("Cai Clerk").await;
    let mut answers = Vec::new();
    for one in &day.applied {
        let fields = [
            ("holder", PRISONERS[one.holder]),
            ("number-1", NUMBERS[one.number]),
            ("last-name", "Example"),
            ("kind", one.kind),
        ];
        let answer = clerk.post("/prison/applications", &fields).await;
        answers.push((
            answer.status,
            format!("{}{}", answer.leads_to(), masked(&answer.text)),
        ));
    }
    answers
}

async fn bar(site: &Site, which: &[bool]) {
    for (number, _) in NUMBERS
        .iter()
        .zip(which)
        .filter(|(number, barred)| **barred && !number.starts_with("not"))
    {
        site.police_request(number, "").await;
    }
}

/// The prison itself refuses, for its own reasons, what the other hub refuses because of a bar.
async fn refuse_the_same(site: &Site, day: &Day) {
    let (store, security) = (&site.hub.store, site.actor("Sam Security"));
    let all = store
        .applications_of(security, "LEI".parse().unwrap())
        .await
        .unwrap()
        .rows;
    for one in all {
        let written = one.contact.numbers[0].expose().to_owned();
        let barred = NUMBERS
            .iter()
            .zip(day.barred)
            .any(|(number, barred)| barred && *number == written);
        if barred {
            let _ = store.refuse_application(security, one.id).await;
        }
    }
}

/// In an order that both hubs have: what was applied for at one moment stands in the order of its identifiers, and of two
/// applications for one number the first that is approved stands on the list.
async fn approve_all(site: &Site) -> Vec<String> {
    let (store, security) = (&site.hub.store, site.actor("Sam Security"));
    let mut open = Vec::new();
    for shown in store.open_proposals(security).await.unwrap().rows {
        let change = shown.proposal.change;
        let casework::ProposedChange::ApproveNumber { application, .. } = change else {
            continue;
        };
        let entry = store.application(security, application).await.unwrap();
        let what = format!("{} {} {:?}", entry.holder, entry.number.expose(), entry.contact);
        open.push((what, shown.proposal.id));
    }
    open.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut outcomes = Vec::new();
    for (what, proposal) in open {
        let outcome = store.approve(security, proposal).await;
        outcomes.push(format!("{what} {outcome:?}"));
    }
    outcomes
}

async fn answer_now(site: &Site) {
    answer_all(&site.hub.store, site.hub.seams.clock.now())
        .await
        .unwrap();
}

/// Two hubs, the same day in the prison; only one of them bars anything.
async fn compare(day: Day) {
    let (barring, other) = (Site::start_seeded(1).await, Site::start_seeded(1).await);
    bar(&barring, &day.barred).await;
    assert_eq!(file(&barring, &day).await, file(&other, &day).await, "at filing");
    assert_eq!(
        read_by_the_prison(&barring).await,
        read_by_the_prison(&other).await,
        "before the batch"
    );
    refuse_the_same(&other, &day).await;
    assert_eq!(
        read_by_the_prison(&barring).await,
        read_by_the_prison(&other).await,
        "refused by the prison"
    );
    answer_now(&barring).await;
    answer_now(&other).await;
    assert_eq!(
        read_by_the_prison(&barring).await,
        read_by_the_prison(&other).await,
        "in the batch"
    );
    bar(&barring, &day.barred_later).await;
    assert_eq!(
        approve_all(&barring).await,
        approve_all(&other).await,
        "at the approvals"
    );
    assert_eq!(
        read_by_the_prison(&barring).await,
        read_by_the_prison(&other).await,
        "after the approvals"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn two_hubs_that_differ_in_their_bars_show_a_prison_the_same_bytes(day in day()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(compare(day));
    }
}

#[tokio::test]
async fn a_day_with_every_kind_of_refusal_shows_the_same_bytes() {
    let kinds = ["social", "legal", "official", "social", "legal", "social"];
    let applied = kinds.iter().enumerate().map(|(n, kind)| Applied {
        holder: n % 2,
        number: n % 3,
        kind,
    });
    compare(Day {
        applied: applied.collect(),
        barred: [true, false, true, false],
        barred_later: [false, true, false, false],
    })
    .await;
}

/// A clerk applies for somebody of a request's name, for the prisoner whom the police named.
async fn with_a_match(site: &Site) -> String {
    let request = serde_json::json!({
        "referrer": { "kind": "police", "name": "PC Ada Example" },
        "people": [{ "name": "Rhian Invented", "numbers": ["07700 900777"] }],
        "prisoner": { "prison_number": "A1234BC" },
        "consent": { "consent": "given" },
        "why": "He rings her from prison although a court forbade it.",
    });
    let by = site.actor("Mercia Police").clone();
    let request = serde_json::from_value(request).unwrap();
    let receipt = hub::intake::take_request(&site.hub, &by, None, request, None)
        .await
        .unwrap();
    let fields = [
        ("holder", "A1234BC"),
        ("kind", "social"),
        ("first-name", "Rhian"),
        ("last-name", "Invented"),
        ("relationship", "friend"),
        ("number-1", "07700 900123"),
    ];
    let applied = site
        .browser("Cai Clerk")
        .await
        .post("/prison/applications", &fields)
        .await;
    assert_eq!(
        applied.leads_to(),
        "/prison/applications?done=application-received"
    );
    answer_now(site).await;
    format!("/cases/{}", receipt.reference)
}

#[tokio::test]
async fn a_handler_sees_what_agrees_with_a_case_and_bars_it_in_one_step() {
    let site = Site::start().await;
    site.switch_on("LEI", Regime::CallEnabling).await;
    let case = with_a_match(&site).await;
    let handler = site.browser("Hazel Handler").await;
    let queue = handler.get("/cases").await;
    assert!(
        queue.text.contains("1 application to ring agrees with a case"),
        "{}",
        queue.text
    );
    let page = handler.get("/applications").await;
    for shown in [
        "Rhian Invented",
        "07700 900123",
        "A1234BC",
        "The case is about the same prisoner",
    ] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    let action = page.after("action=\"/applications/").to_owned();
    assert!(action.ends_with("/bar"), "{action}");
    let barred = handler.post(&format!("/applications/{action}"), &[]).await;
    assert_eq!(barred.leads_to(), "/applications?done=barred");
    let again = handler.post(&format!("/applications/{action}"), &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let page = handler.get(&case).await;
    assert!(
        page.text.contains("07700 900123") && page.text.contains("asked by A1234BC"),
        "{}",
        page.text
    );
    let told = site.browser("Cai Clerk").await.get("/prison/applications").await;
    assert!(
        told.text.contains("Not approved") && !told.text.contains("barred"),
        "{}",
        told.text
    );
}

#[tokio::test]
async fn a_handler_says_that_it_is_somebody_else_and_the_next_batch_answers_again() {
    let site = Site::start().await;
    with_a_match(&site).await;
    let handler = site.browser("Hazel Handler").await;
    let action = handler
        .get("/applications")
        .await
        .after("action=\"/applications/")
        .replace("/bar", "/clear");
    let cleared = handler.post(&format!("/applications/{action}"), &[]).await;
    assert_eq!(cleared.leads_to(), "/applications?done=match-cleared");
    assert!(
        handler
            .get("/applications")
            .await
            .text
            .contains("No application waits for you")
    );
    answer_now(&site).await;
    let told = site.browser("Cai Clerk").await.get("/prison/applications").await;
    assert!(told.text.contains("May be rung to verify it"), "{}", told.text);
}

#[tokio::test]
async fn a_form_is_told_what_to_mend_and_never_what_is_barred() {
    let site = Site::start().await;
    let clerk = site.browser("Cai Clerk").await;
    let empty = clerk.post("/prison/applications", &[]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["holder", "last-name", "kind"] {
        assert!(empty.text.contains(&format!("id=\"{field}-error\"")), "{field}");
    }
    let wrong = [
        ("holder", "A1234BC"),
        ("kind", "legal"),
        ("last-name", "Lawyer"),
        ("number-1", "not a number"),
        ("born-day", "31"),
        ("born-month", "2"),
        ("born-year", "1990"),
        ("age", "old"),
    ];
    let wrong = clerk.post("/prison/applications", &wrong).await;
    assert!(
        wrong.text.contains("id=\"age-error\"") && wrong.text.contains("Enter a real date"),
        "{}",
        wrong.text
    );
    let lawyer = [
        ("holder", "A1234BC"),
        ("kind", "legal"),
        ("last-name", "Lawyer"),
        ("number-1", "not a number"),
    ];
    let unread = clerk.post("/prison/applications", &lawyer).await;
    assert!(
        unread.text.contains("id=\"number-1-error\""),
        "what does not wait is told at once: {}",
        unread.text
    );
}

#[tokio::test]
async fn a_number_that_rings_her_is_recorded_on_the_case_with_who_said_so() {
    let site = Site::start().await;
    let receipt = site.police_request("07700 900777", "").await;
    let (case, handler) = (
        format!("/cases/{}", receipt.reference),
        site.browser("Hazel Handler").await,
    );
    let alias = format!("{case}/alias-numbers");
    let unsaid = handler.post(&alias, &[("alias-number", "999")]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["alias-number", "alias-rings", "alias-said-by"] {
        assert!(unsaid.text.contains(&format!("id=\"{field}-error\"")), "{field}");
    }
    let said = [
        ("alias-number", "01632 960555"),
        ("alias-rings", "Rhian Invented"),
        ("alias-said-by", "She told the refuge."),
    ];
    assert!(handler.post(&alias, &said).await.leads_to().starts_with(&case));
    let page = handler.get(&case).await;
    for shown in ["01632 960555", "rings Rhian Invented", "She told the refuge."] {
        assert!(page.text.contains(shown), "{shown}");
    }
}
