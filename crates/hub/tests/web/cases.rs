//! A case handler's work, page by page: locate, assess, decide; and what takes a second person.

use axum::http::StatusCode;
use feed::Regime;
use offender::{BirthDate, PrisonerRecord, Status};

use crate::support::{Browser, Site};

const ASSESSMENT: [(&str, &str); 8] = [
    ("ground", "unwanted-contact"),
    ("necessity", "She is rung every night."),
    ("proportionality", "He may ring everybody else."),
    ("consent", "given"),
    ("relationship", "former-partner"),
    ("review-day", "27"),
    ("review-month", "3"),
    ("review-year", "2099"),
];

async fn with_a_prisoner(site: &Site) {
    let mut record = PrisonerRecord::new("A1234BC".parse().unwrap(), "David", "Smith");
    record.date_of_birth = Some(BirthDate::new(1985, 3, 27).unwrap());
    record.status = Status::new("ACTIVE IN");
    record.prison_id = Some("LEI".parse().unwrap());
    site.hub.store.import_prisoners(vec![record]).await.unwrap();
    site.hub.custody.refresh(&site.hub.store).await.unwrap();
}

async fn assessed(handler: &Browser<'_>, case: &str) {
    let answer = handler.post(&format!("{case}/assess"), &ASSESSMENT).await;
    assert_eq!(
        answer.leads_to(),
        format!("{case}?done=assessed#decision"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn an_empty_queue_says_what_will_come() {
    let site = Site::start().await;
    let answer = site.browser("Hazel Handler").await.get("/cases").await;
    assert!(answer.text.contains("There are no cases."), "{}", answer.text);
}

#[tokio::test]
async fn the_queue_shows_what_is_barred_and_leads_to_the_case() {
    let site = Site::start().await;
    let barred = site.police_request("07700 900123", "").await.reference;
    let held = site.friends_request("07700 900456").await;
    let answer = site.browser("Hazel Handler").await.get("/cases").await;
    assert!(answer.text.contains("2 cases"));
    let place = |reference: &casework::Reference| answer.text.find(&format!("/cases/{reference}")).unwrap();
    assert!(
        place(&held) < place(&barred),
        "what nobody has barred yet comes first"
    );
    assert!(answer.text.contains("1 barred") && answer.text.contains("Not yet"));
}

#[tokio::test]
async fn a_long_queue_has_pages_and_parts_of_its_own_and_says_how_many_cases_there_are() {
    let site = Site::start().await;
    for _ in 0..51 {
        site.friends_request("07700 900456").await;
    }
    let police = site.police_request("07700 900123", "").await.reference;
    let handler = site.browser("Hazel Handler").await;
    let first = handler.get("/cases").await.text;
    assert!(first.contains("52 cases") && first.contains("1 to 50"), "{first}");
    assert!(first.contains("href=\"/cases?page=2\"") && !first.contains(police.as_str()));
    let second = handler.get("/cases?page=2").await.text;
    assert!(second.contains("51 to 52") && second.contains(police.as_str()));
    let apart = handler.get("/cases?of=organisations").await.text;
    assert!(apart.contains("1 case") && apart.contains(police.as_str()));
    let publics = handler.get("/cases?of=public&page=2").await.text;
    assert!(publics.contains("51 to 51") && publics.contains("href=\"/cases?of=public\""));
    let nonsense = handler.get("/cases?of=nobody&page=x").await;
    assert!(nonsense.text.contains("52 cases"), "{}", nonsense.status);
}

#[tokio::test]
async fn the_case_page_shows_the_request_the_bar_and_how_far_it_is_in_force() {
    let site = Site::start().await;
    site.switch_on("LEI", Regime::CallBarring).await;
    let receipt = site
        .police_request("07700 900123", "14 Invented Street\nZZ9 9ZZ")
        .await;
    let answer = site
        .browser("Hazel Handler")
        .await
        .get(&format!("/cases/{}", receipt.reference))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    for shown in [
        "07700 900123",
        "14 Invented Street",
        "PC Ada Example",
        "Rhian Invented",
        "Stalking",
        "In force at 0 of 1 prisons",
        "No gate answers this prison",
        "In force at 1 of 1 prisons, no later than",
        "Mobile phones smuggled into a prison",
        "Nobody has tried to ring a number of this case",
        "What happens next",
    ] {
        assert!(answer.text.contains(shown), "{shown}");
    }
    assert!(answer.text.contains("Opened the case") || answer.text.contains("Made a request"));
}

#[tokio::test]
async fn a_number_that_no_prisoner_has_cannot_be_confirmed() {
    let site = Site::start().await;
    let handler = site.browser("Hazel Handler").await;
    let case = format!(
        "/cases/{}",
        site.police_request("07700 900123", "").await.reference
    );
    let forged = [("prisoner", "Z9999ZZ")];
    let answer = handler.post(&format!("{case}/confirm-prisoner"), &forged).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.text.contains("No prisoner with this number is on record"),
        "{}",
        answer.text
    );
    assert!(!handler.get(&case).await.text.contains("Z9999ZZ"));
}

#[tokio::test]
async fn a_handler_confirms_the_prisoner_from_the_evidence() {
    let site = Site::start().await;
    with_a_prisoner(&site).await;
    let handler = site.browser("Hazel Handler").await;
    let case = format!(
        "/cases/{}",
        site.police_request("07700 900123", "").await.reference
    );
    let found = handler.get(&case).await;
    assert!(
        found.text.contains("David Smith, A1234BC"),
        "whom the request names is searched for"
    );
    assert!(
        found.text.contains("Smiht"),
        "what was written stands beside what is on record"
    );
    let fields = [
        ("last-name", "Smyth"),
        ("born-day", "27"),
        ("born-month", "3"),
        ("born-year", "1985"),
    ];
    let again = handler.post(&format!("{case}/locate"), &fields).await;
    assert!(again.text.contains("Confirm A1234BC"), "{}", again.text);
    assert!(
        again.text.contains("27 March 1985") && again.text.contains("Speaks for"),
        "the evidence is in words"
    );
    let confirmed = handler
        .post(&format!("{case}/confirm-prisoner"), &[("prisoner", "A1234BC")])
        .await;
    assert_eq!(confirmed.leads_to(), format!("{case}?done=located#prisoner"));
    assert!(
        handler
            .get(&case)
            .await
            .text
            .contains("A1234BC is confirmed as the prisoner of this case")
    );
}

#[tokio::test]
async fn an_assessment_without_its_parts_is_told_beside_each_field() {
    let site = Site::start().await;
    let handler = site.browser("Hazel Handler").await;
    let case = format!(
        "/cases/{}",
        site.police_request("07700 900123", "").await.reference
    );
    let fields = [("necessity", "She is rung."), ("review-year", "2001")];
    let answer = handler.post(&format!("{case}/assess"), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for error in [
        "ground-error",
        "proportionality-error",
        "consent-error",
        "relationship-error",
        "review-error",
    ] {
        assert!(answer.text.contains(error), "{error}");
    }
    assert!(answer.text.contains("She is rung."), "what was typed is kept");
}

#[tokio::test]
async fn one_handler_confirms_and_the_bar_stays_for_every_prison() {
    let site = Site::start().await;
    let handler = site.browser("Hazel Handler").await;
    let case = format!(
        "/cases/{}",
        site.police_request("07700 900123", "").await.reference
    );
    let early = handler
        .post(&format!("{case}/decide"), &[("decision", "confirm")])
        .await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assessed(&handler, &case).await;
    let decided = handler
        .post(&format!("{case}/decide"), &[("decision", "confirm")])
        .await;
    assert_eq!(decided.leads_to(), format!("{case}?done=confirmed#decision"));
    let answer = handler.get(&case).await;
    assert!(
        answer
            .text
            .contains("stays barred at every prison until two people agree")
    );
}

#[tokio::test]
async fn declining_is_a_proposal_that_its_proposer_cannot_approve() {
    let site = Site::start().await;
    let receipt = site.police_request("07700 900123", "").await;
    let case = format!("/cases/{}", receipt.reference);
    let (first, second) = (
        site.browser("Hazel Handler").await,
        site.browser("Hugh Handler").await,
    );
    let version = first
        .get(&case)
        .await
        .after("name=\"version\" value=\"")
        .to_owned();
    let fields = [
        ("version", version.as_str()),
        ("decision", "decline"),
        ("decline", "not-theirs"),
        ("reason", "It is the bakery's."),
    ];
    let proposed = first.post(&format!("{case}/decide"), &fields).await;
    assert_eq!(
        proposed.leads_to(),
        format!("{case}?done=proposed#decision"),
        "{}",
        proposed.text
    );
    let own = first.get(&case).await;
    assert!(own.text.contains("You proposed it") && !own.text.contains("/approve\""));
    let id = own
        .after("action=\"/proposals/")
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    let refused = first.post(&format!("/proposals/{id}/approve"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("A different person must approve this"));
    assert!(second.get("/proposals").await.text.contains("It is the bakery"));
    let reference = [("case", receipt.reference.as_str())];
    let approved = second.post(&format!("/proposals/{id}/approve"), &reference).await;
    assert_eq!(approved.leads_to(), format!("{case}?done=approved#decision"));
    assert!(second.get(&case).await.text.contains("Declined by two people"));
}

#[tokio::test]
async fn a_decline_proposed_before_a_number_was_added_says_so_and_must_be_made_anew() {
    let site = Site::start().await;
    let case = format!(
        "/cases/{}",
        site.police_request("07700 900123", "").await.reference
    );
    let (first, second) = (
        site.browser("Hazel Handler").await,
        site.browser("Hugh Handler").await,
    );
    let version = first
        .get(&case)
        .await
        .after("name=\"version\" value=\"")
        .to_owned();
    let decline = [
        ("version", version.as_str()),
        ("decision", "decline"),
        ("decline", "not-theirs"),
        ("reason", "It is the bakery's."),
    ];
    first.post(&format!("{case}/decide"), &decline).await;
    let id = second.get(&case).await.after("action=\"/proposals/").to_owned();
    second
        .post(&format!("{case}/targets"), &[("number", "020 7946 0123")])
        .await;
    let shown = second.get(&case).await.text;
    assert!(shown.contains("The case has changed since this was proposed"));
    assert!(!shown.contains("/approve\""), "nobody can approve it");
    let refused = second.post(&format!("/proposals/{id}"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("propose anew"), "{}", refused.text);
    assert!(second.get(&case).await.text.contains("Interim"), "the bars stand");
    let unseen = first.post(&format!("{case}/decide"), &decline).await;
    assert_eq!(unseen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unseen.text.contains("This has changed since you opened the page"));
}

#[tokio::test]
async fn lifting_one_bar_waits_for_a_second_person_and_the_bar_stands_meanwhile() {
    let site = Site::start().await;
    let case = format!(
        "/cases/{}",
        site.police_request("07700 900123", "").await.reference
    );
    let handler = site.browser("Hazel Handler").await;
    let page = handler.get(&case).await;
    let bar = page.after("name=\"bar\" value=\"").to_owned();
    let silent = handler
        .post(&format!("{case}/propose-lift"), &[("bar", &bar), ("reason", "")])
        .await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains(&format!("lift-{bar}-error")));
    let proposed = handler
        .post(
            &format!("{case}/propose-lift"),
            &[("bar", &bar), ("reason", "Wrong.")],
        )
        .await;
    assert_eq!(proposed.leads_to(), format!("{case}?done=proposed#decision"));
    let page = handler.get(&case).await;
    assert!(page.text.contains("A second person is asked about this."));
    assert!(page.text.contains("Interim"), "the bar stands");
}

#[tokio::test]
async fn what_waited_is_barred_in_one_step_and_more_may_be_added() {
    let site = Site::start().await;
    let case = format!("/cases/{}", site.friends_request("07700 900456").await);
    let handler = site.browser("Hazel Handler").await;
    let page = handler.get(&case).await;
    assert!(page.text.contains("The request came without consent"));
    let held = page.after("name=\"held\" value=\"").to_owned();
    let barred = handler
        .post(&format!("{case}/bar-held"), &[("held", &held)])
        .await;
    assert_eq!(
        barred.leads_to(),
        format!("{case}?done=barred#proof"),
        "{}",
        barred.text
    );
    let added = handler
        .post(&format!("{case}/targets"), &[("number", "020 7946 0123")])
        .await;
    assert_eq!(added.leads_to(), format!("{case}?done=added#proof"));
    assert!(handler.get(&case).await.text.contains("020 7946 0123"));
}

#[tokio::test]
async fn a_target_that_cannot_be_barred_is_told_beside_the_field() {
    let site = Site::start().await;
    let case = format!(
        "/cases/{}/targets",
        site.police_request("07700 900123", "").await.reference
    );
    let handler = site.browser("Hazel Handler").await;
    for (fields, sentence) in [
        (vec![], "Enter a phone number or an address"),
        (vec![("number", "12")], "Enter a phone number that can be rung"),
        (vec![("number", "116 123")], "cannot be barred"),
        (vec![("number", "999")], "This is an emergency number"),
        (
            vec![("address", "?!")],
            "Enter an address with a street and a house",
        ),
    ] {
        let answer = handler.post(&case, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
        assert!(answer.text.contains(sentence), "{sentence}");
    }
}

/// A prisoner in Leeds has the number, and the person herself asks without naming anybody.
async fn with_a_holder(site: &Site) -> String {
    let (clerk, security) = (site.actor("Cai Clerk"), site.actor("Sam Security"));
    let (store, leeds) = (&site.hub.store, "LEI".parse().unwrap());
    let number = phone::resolve("07700 900123", None).unwrap().number;
    let (holder, kind) = ("A5678DE".parse().unwrap(), feed::ContactKind::Social);
    let at = (&**store, site.hub.seams.clock.now());
    let applied =
        hub::applications::short_day::apply_and_answer(at, clerk, leeds, holder, number, kind, "Mother")
            .await;
    store.approve(security, applied.unwrap().unwrap()).await.unwrap();
    let request = serde_json::json!({
        "referrer": { "kind": "protected-person", "name": "Rhian Invented" },
        "people": [{ "name": "Rhian Invented", "numbers": ["07700 900123"] }],
        "consent": { "consent": "given" },
        "why": "He rings me.",
    });
    let (by, request) = (
        hub::callers::public_caller(),
        serde_json::from_value(request).unwrap(),
    );
    let receipt = hub::intake::take_request(&site.hub, &by, None, request, None).await;
    format!("/cases/{}", receipt.unwrap().reference)
}

#[tokio::test]
async fn a_prisoner_nobody_named_is_decided_before_the_case_is_confirmed() {
    let site = Site::start().await;
    site.switch_on("LEI", Regime::CallEnabling).await;
    let case = with_a_holder(&site).await;
    let (first, second) = (
        site.browser("Hazel Handler").await,
        site.browser("Hugh Handler").await,
    );
    assessed(&first, &case).await;
    let page = first.get(&case).await;
    assert!(page.text.contains("Decide of him before you confirm"));
    assert!(page.text.contains("1 other prisoner affected") && page.text.contains("Decide today"));
    assert!(!page.text.contains("value=\"confirm\""), "it is not offered");
    let confirm = [("decision", "confirm")];
    let early = first.post(&format!("{case}/decide"), &confirm).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text.contains("Decide of each of them first"));
    let (entry, bar) = (
        page.after("name=\"entry\" value=\""),
        page.after("name=\"bar\" value=\""),
    );
    let of = |reason| {
        let him = [("prisoner", "A5678DE"), ("prison", "LEI"), ("entry", entry)];
        [him[0], him[1], him[2], ("bar", bar), ("reason", reason)]
    };
    let silent = first.post(&format!("{case}/except"), &of("")).await;
    assert!(silent.text.contains("Say why"), "{}", silent.text);
    let kept = first.post(&format!("{case}/except"), &of("He is her son.")).await;
    assert_eq!(kept.leads_to(), format!("{case}?done=proposed#decision"));
    let page = second.get(&case).await;
    assert!(page.text.contains("A second person is asked to let him keep it"));
    let card = second.get("/proposals").await.text;
    assert!(
        card.contains("Let A5678DE ring 07700 900123 from Leeds"),
        "{card}"
    );
    let id = page.after("action=\"/proposals/").to_owned();
    second.post(&format!("/proposals/{id}"), &[]).await;
    let page = second.get(&case).await;
    assert!(
        page.text
            .contains("It holds for everyone but 1 prisoner, whom two people excepted.")
    );
    let confirmed = first.post(&format!("{case}/decide"), &confirm).await;
    assert_eq!(confirmed.leads_to(), format!("{case}?done=confirmed#decision"));
}

#[tokio::test]
async fn under_call_barring_two_handlers_except_a_prisoner_by_his_number_and_one_ends_it() {
    let site = Site::start().await;
    site.switch_on("LEI", Regime::CallBarring).await;
    let case = with_a_holder(&site).await;
    let (first, second) = (
        site.browser("Hazel Handler").await,
        site.browser("Hugh Handler").await,
    );
    let page = first.get(&case).await;
    assert!(page.text.contains("Suspended") && page.text.contains("Decide today"));
    let except = format!("{case}/except");
    let bar = page.after("name=\"bar\" value=\"");
    let of = |prisoner, reason| [("prisoner", prisoner), ("bar", bar), ("reason", reason)];
    for (prisoner, reason, says) in [
        ("", "He is her son.", "No prisoner with this number is on record"),
        (
            "A9999ZZ",
            "He is her son.",
            "No prisoner with this number is on record",
        ),
        ("A5678DE", " ", "Say why"),
    ] {
        let refused = first.post(&except, &of(prisoner, reason)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(says), "{prisoner}: {}", refused.text);
    }
    let proposed = first.post(&except, &of("A5678DE", "He is her son.")).await;
    assert_eq!(proposed.leads_to(), format!("{case}?done=proposed#decision"));
    let id = second.get(&case).await.after("action=\"/proposals/").to_owned();
    second.post(&format!("/proposals/{id}"), &[]).await;
    let page = second.get(&case).await;
    assert!(
        page.text
            .contains("It holds for everyone but 1 prisoner, whom two people excepted.")
    );
    let ended = [("exception", page.after("name=\"exception\" value=\""))];
    let ended = second.post(&format!("{case}/end-exception"), &ended).await;
    assert_eq!(
        ended.leads_to(),
        format!("{case}?done=exception-ended#exceptions")
    );
    let page = second.get(&case).await.text;
    assert!(!page.contains("It holds for everyone but") && !page.contains("/end-exception"));
    assert!(page.contains("Decide today"), "a handler is asked anew");
}

#[tokio::test]
async fn an_unknown_case_is_not_found() {
    let site = Site::start().await;
    let handler = site.browser("Hazel Handler").await;
    for path in [
        "/cases/K7QM-2VXD-94TR",
        "/cases/nonsense",
        "/cases/00000000-0000-4000-8000-000000000000",
    ] {
        assert_eq!(handler.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let assess = handler.post("/cases/K7QM-2VXD-94TR/assess", &ASSESSMENT).await;
    assert_eq!(assess.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_number_stands_in_any_address_that_a_page_leads_to() {
    let site = Site::start().await;
    let case = format!(
        "/cases/{}",
        site.police_request("07700 900123", "").await.reference
    );
    let page = site.browser("Hazel Handler").await.get(&case).await;
    for link in page
        .text
        .split("href=\"")
        .chain(page.text.split("action=\""))
        .skip(1)
    {
        let link = link.split('"').next().unwrap();
        assert!(!link.contains("900123") && !link.contains("7700"), "{link}");
    }
}
